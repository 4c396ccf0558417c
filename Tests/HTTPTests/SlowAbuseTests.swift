import Basics
import HTTP
import TestSupport
import Testing

/// Clients that take their time. The clock is ours.
@Suite struct SlowAbuseTests {
    @Test func `a head that drips in is cut off at the deadline, however lively`() async throws {
        let clock = ManualClock()
        try await withServer(Target().router(), clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            // Its time begins when it is seen.
            #expect(await eventually { server.connectionCount == 1 })
            for byte in "GET / HT" {
                try await socket.send(String(byte))
                await clock.pass(.seconds(2))
            }
            #expect(status(try await socket.receiveAll()) == 408)
            #expect(await eventually { server.connectionCount == 0 })
            #expect(try await server.isHealthy())
        }
    }

    @Test func `a silent connection is cut off`() async throws {
        let clock = ManualClock()
        try await withServer(Target().router(), clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            #expect(await eventually { server.connectionCount == 1 })
            await clock.pass(.seconds(14))
            #expect(server.connectionCount == 1)
            await clock.pass(.seconds(2))
            #expect(status(try await socket.receiveAll()) == 408)
        }
    }

    @Test(arguments: [("Content-Length: 100", "a"), ("Transfer-Encoding: chunked", "1\r\na\r\n")])
    func `a body that drips in is cut off at the deadline`(framing: String, piece: String) async throws {
        let clock = ManualClock()
        let target = Target()
        try await withServer(target.router(), clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n\(piece)")
            #expect(await eventually { server.requestCount == 1 })
            for _ in 0..<10 {
                await clock.pass(.seconds(10))
                try await socket.send(piece)
            }
            #expect(status(try await socket.receiveAll()) == 408)
            #expect(await eventually { server.requestCount == 0 })
            #expect(target.requests.isEmpty)
        }
    }

    @Test func `an idle connection is closed without a word`() async throws {
        let clock = ManualClock()
        try await withServer(Target().router(), clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await socket.receive(until: "hello\n").hasPrefix("HTTP/1.1 200"))
            #expect(await eventually { server.requestCount == 0 })
            await clock.pass(.seconds(61))
            #expect(try await socket.receiveAll() == "")
        }
    }

    @Test func `a handler that takes too long is cancelled and answered for`() async throws {
        let clock = ManualClock()
        let (cancelled, signal) = AsyncStream<Void>.makeStream()
        var router = Router()
        router.get("/slow") { _ in
            try? await clock.sleep(for: .seconds(3600))
            if Task.isCancelled { signal.finish() }
            return .text(200, "late")
        }
        try await withServer(router, clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { clock.sleeperCount == 2 })
            clock.advance(by: .seconds(31))
            let answer = try await socket.receiveAll()
            #expect(status(answer) == 503 && answer.contains("Retry-After"))
            for await _ in cancelled {}
        }
    }

    @Test func `a reader that takes nothing is cut off`() async throws {
        let clock = ManualClock()
        var router = Router()
        router.get("/large") { _ in HTTPResponse(status: 200, body: .bytes(Array(repeating: 65, count: 30 << 20))) }
        try await withServer(router, clock: clock) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await socket.receive()
            await clock.pass(.seconds(61))
            #expect(await eventually { server.connectionCount == 0 })
        }
    }
}
