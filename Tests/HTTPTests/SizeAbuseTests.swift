import Basics
import HTTP
import TestSupport
import Testing

/// Bodies and numbers of connections at and beyond their bounds.
@Suite struct SizeAbuseTests {
    static let large: [UInt8] = {
        var bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        while bytes.count < 24 << 20 { bytes += bytes }
        return Array(bytes.prefix(24 << 20))
    }()

    @Test(arguments: [false, true]) func `a body of 24 MB arrives whole`(isChunked: Bool) async throws {
        let body = Self.large
        try await withServer(Target().router()) { server in
            let socket = try await RawSocket.connect(to: server.address)
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(body.count)"
            try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(framing)\r\n\r\n")
            if isChunked { try await socket.send(String(body.count, radix: 16) + "\r\n") }
            try await socket.send(body)
            if isChunked { try await socket.send("\r\n0\r\n\r\n") }
            #expect(try await socket.receiveAll().hasSuffix("\(body.count) \(checksum(body))\n"))
        }
    }

    @Test func `a length beyond the limit is refused before the body`() async throws {
        let target = Target()
        try await withServer(target.router()) { server in
            let answer = try await server.say("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(26 << 20)\r\n\r\n")
            #expect(status(answer) == 413)
            let nowhere = try await server.say("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: \(2 << 20)\r\n\r\n")
            #expect(status(nowhere) == 413, "what no route takes is read up to 1 MiB")
            #expect(target.requests.isEmpty)
        }
    }

    @Test func `chunks beyond the limit are answered in the middle and the connection ends`() async throws {
        let target = Target()
        try await withServer(target.router(bodyLimit: .kibibytes(64))) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
            for _ in 0..<4 { try await socket.send(chunk) }
            #expect(status(try await socket.receive(until: "\r\n\r\n")) == 413)
            var sent = 4
            while try await socket.send(chunk), sent < 1000 { sent += 1 }
            #expect(sent < 1000, "an endless body is not read for ever")
            #expect(target.requests.isEmpty)
            #expect(try await server.isHealthy())
        }
    }

    @Test func `bodies together are bounded, and what was held is given back`() async throws {
        var limits = ServerLimits()
        limits.bodyBytesInFlight = .kibibytes(100)
        try await withServer(Target().router(), limits: limits) { server in
            let held = try await RawSocket.connect(to: server.address)
            try await held.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n" + String(repeating: "a", count: 80_000))
            let request =
                "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n"
                + String(repeating: "b", count: 60_000)
            let isFull = try await eventually {
                let answer = try await server.say(request)
                return status(answer) == 503 && answer.contains("Retry-After: 10")
            }
            #expect(isFull)
            held.reset()
            #expect(try await eventually { status(try await server.say(request)) == 200 })
        }
    }

    @Test func `five hundred connections at once are all served`() async throws {
        let target = Target()
        try await withServer(target.router()) { server in
            var sockets: [RawSocket] = []
            for _ in 0..<500 { sockets.append(try await RawSocket.connect(to: server.address)) }
            for socket in sockets { try await socket.send("GET / HTTP/1.1\r\nHost: a\r\n") }
            #expect(await eventually { server.connectionCount == 500 })
            for socket in sockets { try await socket.send("Connection: close\r\n\r\n") }
            var served = 0
            for socket in sockets where try await socket.receiveAll().hasSuffix("hello\n") { served += 1 }
            #expect(served == 500)
            #expect(target.requests.count == 500)
            #expect(await eventually { server.connectionCount == 0 })
        }
    }

    @Test func `one address gets so many connections and no more`() async throws {
        var limits = ServerLimits()
        limits.connectionsPerAddress = 3
        try await withServer(Target().router(), limits: limits) { server in
            var sockets: [RawSocket] = []
            for _ in 0..<3 { sockets.append(try await RawSocket.connect(to: server.address)) }
            #expect(await eventually { server.connectionCount == 3 })
            #expect(try await server.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == "")
            for socket in sockets { socket.close() }
            #expect(try await eventually { try await server.isHealthy() })
        }
    }
}
