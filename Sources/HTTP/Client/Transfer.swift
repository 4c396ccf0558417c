import Basics
import Synchronization

/// One call: who waits for it, and what has arrived. Knows nothing of libcurl.
///
/// Starting, finishing and cancelling come from different threads; the waiter is resumed exactly once.
final class Transfer: Sendable {
    typealias Outcome = Result<ClientResponse, HTTPClientError>

    private enum Phase {
        case idle
        case waiting(CheckedContinuation<Outcome, Never>)
        case done
    }

    private struct Waiter {
        var phase = Phase.idle
        var isCancelled = false
    }

    private struct Arrival {
        var headers = HTTPHeaders()
        var headerBytes = 0
        var body: [UInt8] = []
        var headIsComplete = false
        var overflowed = false
    }

    /// All header lines of an answer together; libcurl bounds each line at 100 KiB.
    private static let headerLimit = 1 << 18

    let checked: CheckedRequest
    private let waiter = Mutex(Waiter())
    private let arrival = Mutex(Arrival())

    init(_ checked: CheckedRequest) {
        self.checked = checked
    }

    /// `false` when it was cancelled before it began; the waiter is resumed already.
    func arm(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        let isCancelled = waiter.withLock { waiter in
            waiter.phase = waiter.isCancelled ? .done : .waiting(continuation)
            return waiter.isCancelled
        }
        if isCancelled { continuation.resume(returning: .failure(.cancelled)) }
        return !isCancelled
    }

    /// `true` when there is something to stop.
    func markCancelled() -> Bool {
        waiter.withLock { waiter in
            waiter.isCancelled = true
            return if case .waiting = waiter.phase { true } else { false }
        }
    }

    func finish(_ outcome: Outcome) {
        let continuation = waiter.withLock { waiter -> CheckedContinuation<Outcome, Never>? in
            guard case .waiting(let continuation) = waiter.phase else { return nil }
            waiter.phase = .done
            return continuation
        }
        continuation?.resume(returning: outcome)
    }

    /// A header line as libcurl hands it over; `false` ends the transfer.
    func take(line: UnsafeRawBufferPointer) -> Bool {
        arrival.withLock { arrival in
            arrival.headerBytes += line.count
            guard arrival.headerBytes <= Self.headerLimit else {
                arrival.overflowed = true
                return false
            }
            if line.starts(with: "HTTP/".utf8) {
                arrival.headers = HTTPHeaders()  // an interim answer came before
                arrival.headIsComplete = false
            } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
                arrival.headIsComplete = true
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
                let end = value.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? value.startIndex
                arrival.headers.add(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value[..<end], as: UTF8.self))
            }
            return true
        }
    }

    /// More of the body, decompressed; `false` ends the transfer.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        arrival.withLock { arrival in
            guard arrival.body.count + bytes.count <= checked.request.responseLimit.bytes else {
                arrival.overflowed = true
                return false
            }
            arrival.body.append(contentsOf: bytes)
            return true
        }
    }

    var hasOverflowed: Bool { arrival.withLock { $0.overflowed } }

    /// `nil` when the connection ended inside the head: libcurl takes the headers it has for all.
    func response(status: Int) -> ClientResponse? {
        arrival.withLock { arrival in
            arrival.headIsComplete ? ClientResponse(status: status, headers: arrival.headers, body: arrival.body) : nil
        }
    }
}
