import Basics
import HTTP
import Synchronization
import TestSupport
import Testing

/// Clients that leave, and a server that does.
@Suite struct LeavingTests {
    @Test func `a client that leaves in the middle of its body never reaches a handler`() async throws {
        let target = Target()
        try await withServer(target.router()) { server in
            for leave in [{ (s: RawSocket) in s.close() }, { s in s.reset() }, { s in s.finishSending() }] {
                let socket = try await RawSocket.connect(to: server.address)
                try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello")
                #expect(await eventually { server.requestCount == 1 })
                leave(socket)
                #expect(await eventually { server.requestCount == 0 })
            }
            #expect(target.requests.isEmpty)
            #expect(try await server.isHealthy())
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: a\r\n", "GET /", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello"])
    func `a client that closed its own side too early is let go soon`(_ text: String) async throws {
        try await withServer(Target().router()) { server in
            for _ in 0..<5 {
                let socket = try await RawSocket.connect(to: server.address)
                try await socket.send(text)
                socket.finishSending()
                let before = SystemClock().uptime
                _ = try await socket.receiveAll()
                #expect(SystemClock().uptime - before < .seconds(5))
            }
        }
    }

    @Test func `a client that closed its own side still gets the answer`() async throws {
        try await withServer(Target().router()) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
            socket.finishSending()
            #expect(try await socket.receiveAll().hasSuffix("5 103547413\n"))
        }
    }

    @Test func `a client that resets while its handler works harms nobody`() async throws {
        let gate = Gate()
        var router = Target().router()
        router.get("/wait/here") { _ in
            await gate.wait()
            return .text(200, "done")
        }
        try await withServer(router) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /wait/here HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { gate.waiting == 1 })
            socket.reset()
            gate.open()
            #expect(await eventually { server.connectionCount == 0 })
            #expect(try await server.isHealthy())
        }
    }

    @Test func `a stream arrives piece by piece, and its source ends when the reader leaves`() async throws {
        let clock = ManualClock()
        let source = EventSource()
        try await withServer(source.router, clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await socket.receive(until: "\r\n\r\n")
            for index in 0..<5 {
                source.send("data: \(index)\n\n")
                #expect(try await socket.receive(until: "data: \(index)\n\n").contains("data: \(index)\n\n"))
            }
            socket.close()
            #expect(await eventually { server.requestCount == 1 })
            let isOver = await eventually {
                await clock.pass(.seconds(1))
                return source.hasEnded && server.connectionCount == 0
            }
            #expect(isOver)
        }
    }

    @Test func `a stream ends where its source does`() async throws {
        let source = EventSource()
        try await withServer(source.router) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /events HTTP/1.0\r\n\r\n")
            #expect(await eventually { source.isOpen })
            source.send("last")
            source.finish()
            #expect(try await socket.receiveAll().hasSuffix("last"))
        }
    }

    @Test func `a stream nobody takes from is cut off`() async throws {
        let clock = ManualClock()
        let source = EventSource()
        try await withServer(source.router, clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await socket.receive(until: "\r\n\r\n")
            for _ in 0..<400 { source.send(String(repeating: "x", count: 1 << 16)) }
            let isCut = await eventually {
                await clock.pass(.seconds(61))
                return source.hasEnded && server.connectionCount == 0
            }
            #expect(isCut)
        }
    }

    @Test func `stopping lets a request finish and closes what idles`() async throws {
        let gate = Gate()
        var router = Target().router()
        router.get("/wait/here") { _ in
            await gate.wait()
            return .text(200, "done")
        }
        let server = try HTTPServer.start(on: .anyLoopback, handler: router)
        let idle = try await RawSocket.connect(to: server.address)
        let busy = try await RawSocket.connect(to: server.address)
        try await busy.send("GET /wait/here HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await eventually { gate.waiting == 1 && server.connectionCount == 2 })
        async let stopped: Void = server.stop(within: .seconds(20))
        #expect(try await idle.receiveAll() == "")
        gate.open()
        let answer = try await busy.receiveAll()
        #expect(answer.hasSuffix("done\n") && answer.contains("Connection: close"))
        await stopped
        await #expect(throws: RawSocket.Failure.self) { _ = try await RawSocket.connect(to: server.address) }
        await server.stop(within: .seconds(20))
    }

    @Test func `stopping answers 503 for what does not finish`() async throws {
        let gate = Gate()
        let source = EventSource()
        var router = source.router
        router.get("/wait/here") { _ in
            await gate.wait()
            return .text(200, "done")
        }
        let server = try HTTPServer.start(on: .anyLoopback, handler: router)
        let busy = try await RawSocket.connect(to: server.address)
        try await busy.send("GET /wait/here HTTP/1.1\r\nHost: a\r\n\r\n")
        let reader = try await RawSocket.connect(to: server.address)
        try await reader.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        let sender = try await RawSocket.connect(to: server.address)
        try await sender.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        #expect(await eventually { gate.waiting == 1 && source.isOpen && server.requestCount == 3 })
        await server.stop(within: .zero)
        #expect(status(try await busy.receiveAll()) == 503)
        #expect(status(try await reader.receiveAll()) == 200)
        #expect(source.hasEnded)
        gate.open()
    }

    @Test func `every request is observed once, without its query`() async throws {
        let records = Mutex<[AccessRecord]>([])
        let metrics = Metrics()
        let counts = ServerMetrics(metrics)
        let observe: @Sendable (AccessRecord) -> Void = { record in
            records.withLock { $0.append(record) }
            counts.count(record)
        }
        try await withServer(Target().router(), observe: observe) { server in
            _ = try await server.say("GET /abc?token=secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            _ = try await server.say("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            _ = try await server.say("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { records.withLock { $0.count } == 3 })
        }
        let seen = records.withLock { $0 }
        #expect(seen.map(\.route) == ["/{name}", "/count", "refused"])
        #expect(seen.map(\.status) == [200, 200, 400])
        #expect(seen.map(\.received.bytes) == [0, 5, 0])
        #expect(seen.map(\.peer) == ["127.0.0.1", "127.0.0.1", "127.0.0.1"])
        #expect(!seen.contains { JSONValue.object($0.metadata).text.contains("secret") })
        #expect(metrics.text.contains("fettle_http_requests_total{route=\"/count\",method=\"POST\",status=\"200\"} 1\n"))
    }

    @Test func `a taken address is a named error`() async throws {
        try await withServer(Target().router()) { server in
            _ = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer.start(on: server.address, handler: Target().router())
            }
        }
    }

    @Test func `IPv6 is listened on where there is any`() async throws {
        let address = try #require(ListenAddress("[::1]:0"))
        guard let server = try? HTTPServer.start(on: address, handler: Target().router()) else { return }
        let client = CurlHTTPClient.loopback()
        #expect(try await client.send(ClientRequest(.get, "http://\(server.address)/")).status == 200)
        await server.stop(within: .zero)
    }

    @Test(arguments: ["", "80", "a:80", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "::1:80", "[1.2.3.4]:80", "1.2.3.4:-1", "[::1]"])
    func `what is no address is not listened on`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}

/// Holds tasks until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(open: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    var waiting: Int { state.withLock { $0.waiters.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.open { state.waiters.append(continuation) }
                return state.open
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.open = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// `GET /events` streams what a test sends.
final class EventSource: Sendable {
    private struct State {
        var continuation: AsyncStream<[UInt8]>.Continuation?
        var hasEnded = false
    }

    private let state = Mutex(State())

    var isOpen: Bool { state.withLock { $0.continuation != nil } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    var router: Router {
        var router = Router()
        router.get("/events") { _ in
            let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
            continuation.onTermination = { _ in self.state.withLock { $0.hasEnded = true } }
            self.state.withLock { $0.continuation = continuation }
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
        }
        router.post("/count") { .text(200, "\($0.body.count)") }
        return router
    }

    func send(_ text: String) { _ = state.withLock { $0.continuation }?.yield(Array(text.utf8)) }
    func finish() { state.withLock { $0.continuation }?.finish() }
}
