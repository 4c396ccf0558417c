import Basics
import CMicroHTTPD
import Glibc
import Synchronization

/// A client's socket and the time it has left in its present phase.
///
/// The library knows no overall deadlines, only silence: a byte now and then would keep a connection for ever. So the sweeper shuts the
/// socket down, which the library then sees as the client leaving. The lock keeps the descriptor ours while we do: the library
/// announces the end of a connection before it closes the descriptor.
final class Connection: Sendable {
    enum Phase {
        /// Between requests; `first` before any.
        case waiting(first: Bool)
        case head
        case body
        case handling
        case sending
        case streaming
        /// Shut down; the library is about to notice.
        case cut
    }

    /// What the sweeper found due.
    enum Due {
        case nothing
        case shutDown
        case handlerDeadline(Exchange)
        case readerLeft(StreamBody)
    }

    private struct State {
        var phase = Phase.waiting(first: true)
        var deadline: Duration?
        var socket: Int32
        var exchange: Exchange?
    }

    let handle: ConnectionHandle
    let peer: String?
    private let state: Mutex<State>

    init(handle: ConnectionHandle, socket: Int32, peer: String?, deadline: Duration) {
        self.handle = handle
        self.peer = peer
        state = Mutex(State(deadline: deadline, socket: socket))
    }

    func enter(_ phase: Phase, until deadline: Duration?) {
        state.withLock { state in
            if case .cut = state.phase { return }
            state.phase = phase
            state.deadline = deadline
        }
    }

    func begin(_ exchange: Exchange, until deadline: Duration) {
        state.withLock { $0.exchange = exchange }
        enter(.head, until: deadline)
    }

    func end(until deadline: Duration) {
        state.withLock { $0.exchange = nil }
        enter(.waiting(first: false), until: deadline)
    }

    /// The library is about to close the descriptor.
    func close() {
        state.withLock { state in
            state.socket = -1
            state.phase = .cut
            state.exchange = nil
        }
    }

    var exchange: Exchange? { state.withLock { $0.exchange } }

    /// Writes past the library, for the moments when it cannot answer. Whatever the socket does not take at once is lost.
    func send(_ refusal: Refusal) {
        state.withLock { Self.send(refusal, to: $0.socket) }
    }

    /// Ends what no request is using, at once.
    func shutDownIfWaiting() {
        state.withLock { state in
            if case .waiting = state.phase { Self.shutDown(&state) }
        }
    }

    func shutDown() { state.withLock { Self.shutDown(&$0) } }

    func sweep(at now: Duration, limits: ServerLimits) -> Due {
        state.withLock { state in
            if case .streaming = state.phase, let stream = state.exchange?.stream {
                let stalled = stream.stalled(at: now).map { $0 >= limits.sendTime } ?? false
                guard stalled || Self.readerLeft(state.socket) else { return .nothing }
                Self.shutDown(&state)
                return .readerLeft(stream)
            }
            guard let deadline = state.deadline else { return .nothing }
            if deadline > now {
                guard Self.leftUnseen(state, at: now, limits) else { return .nothing }
                Self.shutDown(&state)
                return .shutDown
            }
            switch state.phase {
            case .handling: return state.exchange.map { .handlerDeadline($0) } ?? .nothing
            case .head, .body, .waiting(first: true):
                let refusal = Refusal(status: 408, reason: "The request took too long to arrive.")
                state.exchange?.note(status: refusal.status)
                Self.send(refusal, to: state.socket)
                Self.shutDown(&state)
                return .shutDown
            case .waiting, .sending:
                Self.shutDown(&state)
                return .shutDown
            case .streaming, .cut: return .nothing
            }
        }
    }

    private static func shutDown(_ state: inout State) {
        guard state.socket >= 0 else { return }
        Glibc.shutdown(state.socket, Int32(SHUT_RDWR))
        state.phase = .cut
        state.deadline = nil
    }

    private static func send(_ refusal: Refusal, to socket: Int32) {
        guard socket >= 0 else { return }
        _ = refusal.wireFormat.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, dontWait | noSignal) }
    }

    /// The other end closed its side before its request was whole, and the library, which waits for changes, missed it.
    private static func leftUnseen(_ state: State, at now: Duration, _ limits: ServerLimits) -> Bool {
        let total: Duration
        switch state.phase {
        case .waiting(first: true), .head: total = limits.headTime
        case .waiting(first: false): total = limits.idleTime
        case .body, .handling, .sending, .streaming, .cut: return false
        }
        let remaining = (state.deadline ?? now) - now
        // A moment's grace: the request may be read and not yet begun.
        return total - remaining >= limits.sweepInterval && readerLeft(state.socket)
    }

    /// The other end closed its side: whoever reads a stream has nothing more to say, so it is gone.
    private static func readerLeft(_ socket: Int32) -> Bool {
        guard socket >= 0 else { return false }
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, peek | dontWait)
        return count == 0 || count < 0 && errno != EAGAIN && errno != EINTR
    }
}

// Swift imports these as integers of another width.
private let dontWait = Int32(truncatingIfNeeded: Int(MSG_DONTWAIT))
private let noSignal = Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL))
private let peek = Int32(truncatingIfNeeded: Int(MSG_PEEK))

extension Refusal {
    /// The whole answer as bytes.
    var wireFormat: [UInt8] {
        let phrase = MHD_get_reason_phrase_for(UInt32(clamping: status)).map { String(cString: $0) } ?? ""
        let body = reason + "\n"
        var text = "HTTP/1.1 \(status) \(phrase)\r\n"
        for field in response.headers.fields + [.init(name: "X-Content-Type-Options", value: "nosniff")] {
            text += "\(field.name): \(field.value)\r\n"
        }
        return Array((text + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
    }
}
