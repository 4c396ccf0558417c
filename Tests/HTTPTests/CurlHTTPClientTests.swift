import Basics
import FoundationEssentials
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite struct CurlHTTPClientTests {
    /// A server that reads one request a connection and answers with exactly these bytes.
    private func scripted(_ answers: [String], _ body: (String) async throws -> Void) async throws -> [String] {
        let (listener, address) = try await RawSocket.listen()
        let received = Mutex<[String]>([])
        let server = Task {
            for answer in answers {
                let socket = try await listener.accept()
                let request = try await socket.receive(until: "\r\n\r\n")
                received.withLock { $0.append(request) }
                try await socket.send(answer)
                socket.close()
            }
        }
        try await body("http://\(address)")
        server.cancel()
        listener.close()
        return received.withLock { $0 }
    }

    @Test func `methods, headers and bodies arrive as they were given`() async throws {
        var router = Router()
        let echo: Router.Answer = { request in
            let names = ["Content-Type", "Expect", "X-Empty", "Content-Length", "User-Agent"]
            let lines = names.map { "\($0)=\(request.headers[$0] ?? "-")" }
            return .text(200, ([request.method.name] + lines + [String(request.body.count)]).joined(separator: " "))
        }
        for method in [HTTPMethod.get, .post, .put, .patch, .delete] { router.on(method, "/", answer: echo) }
        try await withServer(router) { server in
            let client = CurlHTTPClient.loopback()
            let bodies: [(HTTPMethod, [UInt8]?)] = [
                (.get, nil), (.post, nil), (.put, [0, 13, 10]), (.patch, Array(repeating: 0, count: 3 << 20)), (.delete, nil),
            ]
            var answers: [String] = []
            for (method, body) in bodies {
                let request = ClientRequest(method, "http://\(server.address)/", headers: ["X-Empty": ""], body: body)
                answers.append(String(decoding: try await client.send(request).body, as: UTF8.self))
            }
            let common = "Content-Type=- Expect=- X-Empty= Content-Length="
            let lengths = [
                ("GET", "- User-Agent=fettle 0"), ("POST", "0 User-Agent=fettle 0"), ("PUT", "3 User-Agent=fettle 3"),
                ("PATCH", "3145728 User-Agent=fettle 3145728"), ("DELETE", "- User-Agent=fettle 0"),
            ]
            #expect(answers == lengths.map { "\($0.0) \(common)\($0.1)\n" })
        }
    }

    static let unsendable: [(String, HTTPHeaders)] = [
        ("file:///etc/passwd", HTTPHeaders()), ("ftp://a/", [:]), ("http://user:secret@a/", [:]), ("http://", [:]), ("http:///a", [:]),
        ("http://a/b c", [:]), ("http://a/\r\nX: 1", [:]), ("http://a\\@b/", [:]), ("http://ä/", [:]), ("a", [:]),
        ("http://127.0.0.1:1/", ["X": "1\r\nY: 2"]), ("http://127.0.0.1:1/", ["X": "1\n"]), ("http://127.0.0.1:1/", ["X": "1\0"]),
        ("http://127.0.0.1:1/", ["X\r\nY": "1"]), ("http://127.0.0.1:1/", ["X:": "1"]), ("http://127.0.0.1:1/", ["": "1"]),
    ]

    @Test(arguments: unsendable)
    func `what could be read as another request is not sent`(url: String, headers: HTTPHeaders) async throws {
        let error = await failure(ClientRequest(.get, url, headers: headers))
        guard case .invalidRequest(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.contains("secret"))
    }

    @Test func `a method with a line end is not sent`() async throws {
        let request = ClientRequest(HTTPMethod("GET / HTTP/1.1\r\nX:"), "http://127.0.0.1:1/")
        #expect(await failure(request) == .invalidRequest(reason: "malformed method"))
    }

    private func failure(_ request: ClientRequest, client: CurlHTTPClient = .loopback()) async -> HTTPClientError? {
        do throws(HTTPClientError) {
            _ = try await client.send(request)
            return nil
        } catch { return error }
    }

    @Test func `a refused connection and an unknown name are safe to try again`() async throws {
        // Port 1 was never in use by anybody: a port just freed may be another test's by now.
        for url in ["http://127.0.0.1:1/", "http://nowhere.invalid/"] {
            let error = await failure(ClientRequest(.post, url, body: [1]))
            guard case .notConnected = error else {
                Issue.record("\(url): \(String(describing: error))")
                continue
            }
            #expect(error?.mayHaveActed == false)
        }
    }

    static let broken: [(String, String)] = [
        ("nothing", ""), ("half a head", "HTTP/1.1 200 OK\r\nContent-"),
        ("half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        ("half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhello"),
        ("another protocol", "220 mail.example ESMTP\r\n"),
        ("bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
        ("bad gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
    ]

    @Test(arguments: broken) func `an answer that breaks off leaves it open whether the server acted`(_ answer: (String, String))
        async throws
    {
        let seen = try await scripted([answer.1, answer.1]) { url in
            let error = await failure(ClientRequest(.post, url + "/", body: [1], deadline: .seconds(5)))
            guard case .interrupted = error else {
                Issue.record("\(answer.0): \(String(describing: error))")
                return
            }
            #expect(error?.mayHaveActed == true)
        }
        #expect(seen.count <= 1, "sent once only")
    }

    @Test func `a post on a kept connection that dies is not repeated`() async throws {
        let (listener, address) = try await RawSocket.listen()
        let posts = Count()
        let server = Task {
            while !Task.isCancelled {
                let socket = try await listener.accept()
                Task {
                    while true {
                        let request = try await socket.receive(until: "\r\n\r\n")
                        if request.hasPrefix("POST") { posts.add() }
                        guard request.hasPrefix("GET") else { break }
                        try await socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    }
                    socket.reset()
                }
            }
        }
        let client = CurlHTTPClient.loopback()
        #expect(try await client.send(ClientRequest(.get, "http://\(address)/")).status == 200)
        let error = await failure(ClientRequest(.post, "http://\(address)/", body: [1], deadline: .seconds(5)), client: client)
        #expect(error?.mayHaveActed == true)
        #expect(posts.value == 1)
        server.cancel()
        listener.close()
    }

    @Test func `a server that hangs costs the deadline and no more`() async throws {
        let (listener, address) = try await RawSocket.listen()
        let error = await failure(ClientRequest(.get, "http://\(address)/", deadline: .milliseconds(50)))
        // The kernel completed the connection, so the request went out.
        #expect(error == .timedOut(host: "127.0.0.1", after: .milliseconds(50)))
        listener.close()
    }

    @Test func `a server that drips is held to the same deadline`() async throws {
        let (listener, address) = try await RawSocket.listen()
        let server = Task {
            let socket = try await listener.accept()
            _ = try await socket.receive(until: "\r\n\r\n")
            try await socket.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while try await socket.send("a") { try await Task.sleep(for: .milliseconds(5)) }
        }
        let error = await failure(ClientRequest(.get, "http://\(address)/", deadline: .milliseconds(100)))
        #expect(error == .timedOut(host: "127.0.0.1", after: .milliseconds(100)))
        server.cancel()
        listener.close()
    }

    @Test func `an answer over the limit is an error, announced, chunked or unpacked`() async throws {
        let length = "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + String(repeating: "a", count: 1001) + "\r\n0\r\n\r\n"
        let headers = "HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: " + String(repeating: "a", count: 1000) + "\r\n", count: 280) + "\r\n"
        for answer in [length, chunked, headers] {
            _ = try await scripted([answer]) { url in
                var request = ClientRequest(.get, url + "/", deadline: .seconds(5))
                request.responseLimit = 1000
                #expect(await failure(request) == .responseTooLarge(host: "127.0.0.1", limit: 1000))
            }
        }
    }

    @Test func `statuses, repeated headers and redirects come back as they are`() async throws {
        let answer =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: http://b/\r\nLink: 1\r\nlink:  2 \r\nContent-Length: 2\r\n\r\nhi"
        let seen = try await scripted([answer]) { url in
            let response = try await CurlHTTPClient.loopback().send(ClientRequest(.get, url + "/a?b=c"))
            #expect(response.status == 302)
            #expect(response.headers["location"] == "http://b/")
            #expect(response.headers.values("Link") == ["1", "2"])
            #expect(response.body == Array("hi".utf8))
        }
        #expect(seen.first?.hasPrefix("GET /a?b=c HTTP/1.1\r\n") == true)
    }

    @Test func `cancelling returns at once, before and during a call`() async throws {
        let (listener, address) = try await RawSocket.listen()
        let client = CurlHTTPClient.loopback()
        let call = Task { await failure(ClientRequest(.get, "http://\(address)/", deadline: .seconds(30)), client: client) }
        let accepted = try await listener.accept()
        _ = try await accepted.receive(until: "\r\n\r\n")
        call.cancel()
        #expect(await call.value == .cancelled)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(ClientRequest(.get, "http://\(address)/", deadline: .seconds(30)), client: client)
        }
        #expect(await late.value == .cancelled)
        listener.close()
    }

    @Test func `many calls at once share a few connections`() async throws {
        var router = Router()
        router.get("/{n}") { .text(200, $0.parameters["n"] ?? "") }
        try await withServer(router) { server in
            let client = CurlHTTPClient.loopback()
            let right = try await withThrowingTaskGroup { group in
                for n in 0..<300 {
                    group.addTask {
                        try await client.send(ClientRequest(.get, "http://\(server.address)/\(n)")).body == Array("\(n)\n".utf8)
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 300)
            // Kept open after use, so all that were ever opened are still there.
            #expect((1...16).contains(server.connectionCount))
        }
    }

    @Test func `a proxy is asked for what is not reachable directly`() async throws {
        let seen = try await scripted(["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"]) { proxy in
            var options = CurlHTTPClient.Options()
            options.proxy = .url(proxy)
            let client = CurlHTTPClient(options: options)
            let response = try await client.send(ClientRequest(.get, "http://nowhere.invalid/a"))
            #expect(response.body == Array("hi".utf8))
        }
        #expect(seen.first?.hasPrefix("GET http://nowhere.invalid/a HTTP/1.1\r\n") == true)
    }

    @Test func `a proxy that refuses its tunnel means nothing was sent`() async throws {
        _ = try await scripted(["HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"]) { proxy in
            var options = CurlHTTPClient.Options()
            options.proxy = .url(proxy)
            let error = await failure(ClientRequest(.post, "https://nowhere.invalid/", body: [1]), client: CurlHTTPClient(options: options))
            guard case .notConnected = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `plain text where TLS is expected means nothing was sent`() async throws {
        _ = try await scripted([]) { _ in }
        try await withServer(Router()) { server in
            let error = await failure(ClientRequest(.post, "https://\(server.address)/", body: [1], deadline: .seconds(5)))
            guard case .notConnected = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}

private final class Count: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
