import Basics
import HTTP
import TestSupport
import Testing

/// Requests that two servers in a row could read differently, or that are no requests at all.
@Suite struct FramingAbuseTests {
    /// Name, request, statuses that are right; 0 is a closed connection without an answer.
    static let refused: [(String, String, Set<Int>)] = [
        ("length and coding", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("coding and length", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", [400]),
        ("two lengths", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", [400]),
        ("one length twice", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", [400]),
        ("space before colon", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello", [400]),
        ("tab before colon", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("plus", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", [400]),
        ("minus", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello", [400]),
        ("hexadecimal", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", [400]),
        ("list of lengths", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", [400]),
        ("empty length", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello", [400]),
        ("length beyond 64 bits", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello", [413]),
        ("length beyond 63 bits", "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775813\r\n\r\nhello", [413]),
        ("unknown coding", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nhello", [501]),
        ("almost chunked", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", [501]),
        ("chunked twice", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", [501]),
        (
            "two codings", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            [501]
        ),
        ("chunked in 1.0", "POST /count HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("no host", "GET / HTTP/1.1\r\n\r\n", [400]),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [400]),
        ("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", [400]),
        ("host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", [400]),
        ("folded line", "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\n 2\r\n\r\n", [400]),
        ("folded coding", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", [400]),
        ("folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", [400]),
        ("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\0, 2\r\nX-Two: 2\r\n\r\n", [400]),
        ("NUL in the last value", "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\0, 2\r\n\r\n", [400]),
        ("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0One: 1\r\n\r\n", [400]),
        ("NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("NUL in the method", "GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n", [400, 0]),
        ("NUL in the version", "GET / HTTP/1.1\0\r\nHost: a\r\n\r\n", [400, 505, 0]),
        ("bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\rX-Two: 2\r\n\r\n", [400]),
        ("control character", "GET / HTTP/1.1\r\nHost: a\r\nX-One: \u{1}\r\n\r\n", [400]),
        ("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX-One\r\n\r\n", [400]),
        ("no name", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", [400]),
        ("name with a bracket", "GET / HTTP/1.1\r\nHost: a\r\nX(One): 1\r\n\r\n", [400]),
        ("method with a bracket", "G[T / HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("endless method", String(repeating: "G", count: 40) + " / HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", [400, 0]),
        ("raw control in the target", "GET /a\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("not UTF-8 in the target", "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("encoded NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("half an escape", "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("parent directory", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("encoded parent directory", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
        ("no version", "GET /\r\n\r\n", [400, 505, 0]),
        ("HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", [400, 505, 0]),
        ("HTTP/1.9", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", [400, 505]),
        ("HTTP/2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", [400, 505]),
        ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505, 0]),
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", [400, 505, 0]),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n", [400, 505, 0]),
        ("long header", "GET / HTTP/1.1\r\nHost: a\r\nX-One: " + String(repeating: "1", count: 100_000) + "\r\n\r\n", [431]),
        ("over the header cap", "GET / HTTP/1.1\r\nHost: a\r\nX-One: " + String(repeating: "1", count: 33_000) + "\r\n\r\n", [431]),
        ("many headers", "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: 1\r\n", count: 200) + "\r\n", [431]),
        ("header flood", "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: 1\r\n", count: 50_000) + "\r\n", [431]),
        ("long target", "GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", [414]),
        ("bad chunk size", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", [400]),
        ("negative chunk", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", [400]),
        ("prefixed chunk", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", [400]),
        ("endless chunk", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello", [400, 413]),
        ("chunk without end", "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n", [400]),
    ]

    @Test(arguments: refused) func `a malformed request is refused and its connection closed`(_ request: (String, String, Set<Int>))
        async throws
    {
        let target = Target()
        try await withServer(target.router()) { server in
            // What follows on the same connection must not be taken for a request.
            let answer = try await server.say(request.1 + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(request.2.contains(status(answer)), "\(request.0): \(answer.prefix(100))")
            // Two heads can come: the library writes the head of its own error pages twice before it closes.
            #expect(answer.components(of: "HTTP/1.1 2") == 0, "\(request.0): nothing after it is served, not \(answer)")
            #expect(target.requests.isEmpty, "\(request.0)")
        }
    }

    static let accepted: [(String, String, String)] = [
        ("HTTP/1.0 without host", "GET / HTTP/1.0\r\n\r\n", "hello\n"),
        ("bare line feeds", "GET / HTTP/1.1\nHost: a\nConnection: close\n\n", "hello\n"),
        ("empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "hello\n"),
        ("absolute target", "GET http://a/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "/x\n"),
        ("empty header", "GET / HTTP/1.1\r\nX-Empty:\r\nHost: a\r\nX-Blank:   \r\nConnection: close\r\n\r\n", "hello\n"),
        ("no space after colon", "GET / HTTP/1.1\r\nHost:a\r\nConnection:close\r\n\r\n", "hello\n"),
        ("spaces around a value", "GET / HTTP/1.1\r\nHost:  a  \r\nX-One: \t 1 \t\r\nConnection: close \r\n\r\n", "hello\n"),
        ("cookies", "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nCookie: e=f\r\nConnection: close\r\n\r\n", "hello\n"),
        ("dots in names", "GET /..a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "/..a\n"),
        ("query", "GET /x?a=1&a=2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "/x\n"),
        (
            "chunks with extensions and trailers",
            "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2;x=y\r\nhe\r\n03\r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n", "5 103547413\n"
        ),
        (
            "upper-case coding", "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
            "0 1\n"
        ),
    ]

    @Test(arguments: accepted) func `an unusual but proper request is served`(_ request: (String, String, String)) async throws {
        try await withServer(Target().router()) { server in
            let answer = try await server.say(request.1)
            #expect(status(answer) == 200 && answer.hasSuffix("\r\n\r\n" + request.2), "\(request.0): \(answer)")
        }
    }

    @Test func `pipelined requests are answered in order, bodies and all`() async throws {
        let target = Target()
        try await withServer(target.router()) { server in
            let answer = try await server.say(
                "GET /one HTTP/1.1\r\nHost: a\r\n\r\nPOST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                    + "GET /two HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.components(of: "HTTP/1.1 200") == 3)
            #expect(target.requests == ["GET /one", "POST /count", "GET /two"])
        }
    }

    @Test func `a client that asks first is told to go on, or at once that it is too much`() async throws {
        try await withServer(Target().router(bodyLimit: 10)) { server in
            let socket = try await RawSocket.connect(to: server.address)
            try await socket.send("POST /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            #expect(try await socket.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
            try await socket.send("hello")
            #expect(try await socket.receive(until: "103547413\n").hasPrefix("HTTP/1.1 200"))
            let refused = try await server.say("POST /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
            #expect(status(refused) == 413)
        }
    }

    @Test func `mutated requests never stop the server`() async throws {
        let random = SeededRandom(seed: 20)
        let seeds = Self.refused.map(\.1).filter { $0.utf8.count < 1000 } + Self.accepted.map(\.1)
        var limits = ServerLimits()
        limits.headTime = .seconds(1)
        try await withServer(Target().router(), limits: limits) { server in
            for round in 0..<250 {
                var bytes = Array(seeds[round % seeds.count].utf8)
                for _ in 0...random.below(4) {
                    let place = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.insert(contentsOf: [13, 10, 0, 58].shuffled().prefix(2), at: place)
                    default: bytes.removeSubrange(place..<min(place + 3, bytes.count - 1))
                    }
                }
                let socket = try await RawSocket.connect(to: server.address)
                try await socket.send(bytes)
                socket.finishSending()
                _ = try await socket.receiveAll()
            }
            #expect(try await server.isHealthy())
        }
    }
}

extension String {
    /// How often `text` occurs.
    func components(of text: String) -> Int {
        var count = 0
        var rest = utf8[...]
        let wanted = Array(text.utf8)
        while rest.count >= wanted.count {
            if rest.starts(with: wanted) { count += 1 }
            rest = rest.dropFirst()
        }
        return count
    }
}
