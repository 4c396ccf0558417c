import Basics
import HTTP
import Testing
import TestSupport

private func sampleRouter() -> Router {
    var router = Router()
    router.get("/jobs/{id}") { .text(200, "job \($0.parameters["id"] ?? "?")") }
    router.get("/jobs/new") { _ in .text(200, "new") }
    router.get("/files/{path...}") { .text(200, "file \($0.parameters["path"] ?? "?")") }
    router.post("/echo", bodyLimit: 10) { HTTPResponse(status: 200, body: .bytes($0.body)) }
    router.get("/query") { request in .text(200, request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")) }
    router.get("/header") { request in .text(200, request.headers.values("X-Twice").joined(separator: "|")) }
    return router
}

private func text(_ response: HTTPResponse) -> String { String(decoding: response.bytes, as: UTF8.self) }

@Suite struct RouterTests {
    @Test(
        arguments: Door.allCases,
        [
            ("/jobs/7", 200, "job 7\n"), ("/jobs/new", 200, "new\n"), ("/jobs/", 404, "Nothing is here.\n"),
            ("/jobs", 404, "Nothing is here.\n"),
            ("/files/a/b", 200, "file a/b\n"), ("/files", 404, "Nothing is here.\n"), ("/jobs/7/", 404, "Nothing is here.\n"),
            ("//jobs/7", 404, "Nothing is here.\n"),
        ])
    func `a path finds the closest pattern or nothing`(door: Door, path: (String, Int, String)) async throws {
        try await door.open(to: sampleRouter()) { send in
            let answer = try await send(HTTPRequest(method: .get, path: path.0))
            #expect(answer.status == path.1)
            #expect(text(answer) == path.2)
        }
    }

    @Test(arguments: Door.allCases) func `an encoded slash stays inside its segment`(door: Door) async throws {
        try await door.open(to: sampleRouter()) { send in
            let answer = try await send(HTTPRequest(method: .get, path: "/jobs/a/b", segments: ["jobs", "a/b"]))
            #expect(text(answer) == "job a/b\n")
        }
    }

    @Test(arguments: Door.allCases) func `another method than the routed ones is 405 and says which`(door: Door) async throws {
        try await door.open(to: sampleRouter()) { send in
            let answer = try await send(HTTPRequest(method: .delete, path: "/jobs/7"))
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "GET, HEAD")
        }
    }

    @Test(arguments: Door.allCases) func `HEAD is GET without the body`(door: Door) async throws {
        try await door.open(to: sampleRouter()) { send in
            let answer = try await send(HTTPRequest(method: .head, path: "/jobs/7"))
            #expect(answer.status == 200)
            #expect(answer.bytes.isEmpty)
        }
    }

    @Test(arguments: Door.allCases) func `a body at the route's limit passes and one byte more is 413`(door: Door) async throws {
        try await door.open(to: sampleRouter()) { send in
            let fits = try await send(HTTPRequest(method: .post, path: "/echo", body: Array("0123456789".utf8)))
            #expect(text(fits) == "0123456789")
            let over = try await send(HTTPRequest(method: .post, path: "/echo", body: Array("0123456789+".utf8)))
            #expect(over.status == 413)
        }
    }

    @Test(arguments: Door.allCases) func `query pairs keep their order and every header value is seen`(door: Door) async throws {
        try await door.open(to: sampleRouter()) { send in
            let query: [HTTPHeaders.Field] = [.init(name: "b", value: "ä &="), .init(name: "a", value: "1"), .init(name: "b", value: "+2")]
            let answer = try await send(HTTPRequest(method: .get, path: "/query", query: query))
            #expect(text(answer) == "b=ä &=,a=1,b=+2\n")
            let twice = HTTPHeaders([.init(name: "X-Twice", value: "1"), .init(name: "x-twice", value: "2")])
            #expect(text(try await send(HTTPRequest(method: .get, path: "/header", headers: twice))) == "1|2\n")
        }
    }
}
