import Basics
import HTTP
import Synchronization
import TestSupport
import Testing

/// What the abused server serves, and what reached it.
final class Target: Sendable {
    private let seen = Mutex<[String]>([])

    /// Method and path of every request a route answered.
    var requests: [String] { seen.withLock { $0 } }

    func router(bodyLimit: ByteCount = .mebibytes(25)) -> Router {
        var router = Router()
        router.get("/") { request in self.answer(request, "hello") }
        router.get("/{name}") { request in self.answer(request, request.path) }
        router.post("/count", bodyLimit: bodyLimit) { request in self.answer(request, "\(request.body.count) \(checksum(request.body))") }
        return router
    }

    private func answer(_ request: HTTPRequest, _ text: String) -> HTTPResponse {
        seen.withLock { $0.append("\(request.method) \(request.path)") }
        return .text(200, text)
    }
}

/// Adler-32, to see that bodies arrive whole; of large ones only every 509th byte. Source: RFC 1950 §9
func checksum(_ bytes: [UInt8]) -> UInt32 {
    var (a, b) = (UInt32(1), UInt32(0))
    for index in stride(from: 0, to: bytes.count, by: bytes.count > 1 << 16 ? 509 : 1) {
        a = (a + UInt32(bytes[index])) % 65521
        b = (b + a) % 65521
    }
    return b << 16 | a
}

extension HTTPServer {
    /// Sends `bytes` on a connection of their own; everything that comes back until the server closes, or the client after `answers` answers.
    func say(_ bytes: [UInt8]) async throws -> String {
        let socket = try await RawSocket.connect(to: address)
        try await socket.send(bytes)
        return try await socket.receiveAll()
    }

    func say(_ text: String) async throws -> String { try await say(Array(text.utf8)) }

    /// A well-formed request is still answered.
    func isHealthy() async throws -> Bool {
        try await say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").hasSuffix("hello\n")
    }
}

/// Status of the first answer in what a server sent; 0 for none.
func status(_ answer: String) -> Int {
    let line = answer.prefix { $0 != "\r\n" && $0 != "\r" }
    guard line.hasPrefix("HTTP/1.") else { return 0 }
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
}

/// Waits until `condition` holds, giving other tasks their turn; `false` after ten seconds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let clock = SystemClock()
    let end = clock.uptime + .seconds(10)
    while clock.uptime < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}

extension ManualClock {
    /// Moves on once the server's sweeper waits for it.
    func pass(_ duration: Duration) async {
        _ = await eventually { self.sleeperCount >= 1 }
        advance(by: duration)
    }
}
