import Basics
import HTTP
import Synchronization

/// Server-sent events that say “something changed”; the page then fetches itself anew.
///
/// One event a second at most; a comment line every 15 s keeps proxies and dead readers apart. Source: WHATWG HTML §9.2
final class LiveStream: Sendable {
    private static let mostReaders = 32

    private let clock: any Clock
    private let version: @Sendable () async throws -> String
    private let readers = Mutex(0)

    init(clock: any Clock, version: @escaping @Sendable () async throws -> String) {
        self.clock = clock
        self.version = version
    }

    func open() -> HTTPResponse {
        let isFull = readers.withLock { count in
            if count >= Self.mostReaders { return true }
            count += 1
            return false
        }
        if isFull { return .text(503, "too many live pages are open; this one can be reloaded by hand") }
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let task = Task { await self.follow { continuation.yield($0) } }
        continuation.onTermination = { _ in
            task.cancel()
            self.readers.withLock { $0 -= 1 }
        }
        return HTTPResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
    }

    /// Ends when the reader leaves (the task is then cancelled) or the database is closed.
    private func follow(_ send: ([UInt8]) -> Void) async {
        var last = (try? await version()) ?? ""
        send(Array("retry: 3000\n\n".utf8))
        var quiet = 0
        while !Task.isCancelled {
            do {
                try await clock.sleep(for: .seconds(1))
                let now = try await version()
                quiet = now == last ? quiet + 1 : 0
                if now != last {
                    last = now
                    send(Array("event: changed\ndata: \(now)\n\n".utf8))
                } else if quiet.isMultiple(of: 15) {
                    send(Array(": still here\n\n".utf8))
                }
            } catch {
                return
            }
        }
    }
}
