import Basics
import HTTP
import LLM
import LLMClients
import Synchronization
import TestSupport
import Testing

/// What every `LanguageModel` keeps.
@Suite struct LanguageModelConformanceTests {
    private static let answer: JSONValue = ["summary": "fine"]

    @Test(arguments: Provider.allCases)
    func `a structured answer comes back as its JSON, with usage, model and one attempt`(provider: Provider) async throws {
        let server = ScriptedModelServer(.json(Self.answer))
        let reply = try await provider.model(InProcessHTTPClient(server)).complete(.sample())
        #expect(try JSONValue(parsing: reply.text.raw.utf8) == Self.answer)
        #expect(reply.usage == TokenUsage(input: 11, output: 7))
        #expect(reply.model == "scripted" && reply.attempts == 1 && reply.toolCalls.isEmpty)
        let question = try #require(server.questions.first)
        #expect(question.schemaName == "fettle_review" && question.system.contains("fettle_review"))
        #expect(question.prompt == "the diff" && question.answerLimit == 777 && question.body["model"] == "the-model")
        #expect(question.headers.fields.contains { $0.value.contains("sk-key-1") })
    }

    @Test(arguments: Provider.allCases)
    func `plain text comes back as it is, and no key means no credential`(provider: Provider) async throws {
        let server = ScriptedModelServer(.text("a\n**b** é"))
        let reply = try await provider.model(InProcessHTTPClient(server), key: nil).complete(.sample(answer: nil))
        #expect(reply.text.raw == "a\n**b** é")
        let headers = try #require(server.questions.first).headers
        #expect(headers["Authorization"] == nil && headers["x-api-key"] == nil)
    }

    @Test(arguments: Provider.allCases)
    func `a tool call comes back with its arguments, and its result goes in again`(provider: Provider) async throws {
        let server = ScriptedModelServer(.toolCall(name: "read", arguments: ["path": "a"]), .text("done"))
        let tool = ToolDefinition(name: "read", description: "reads", parameters: ["type": "object"])
        let model = provider.model(InProcessHTTPClient(server))
        var request = ModelRequest.sample(answer: nil, tools: [tool])
        let first = try await model.complete(request)
        let call = try #require(first.toolCalls.first)
        #expect(call.name == "read")
        #expect(try JSONValue(parsing: call.arguments.raw.utf8) == ["path": "a"])
        request.messages += [
            .assistant(text: "", toolCalls: first.toolCalls), .toolResult(callID: call.id, PromptText(redacted: "content of a")),
        ]
        #expect(try await model.complete(request).text.raw == "done")
        #expect(try #require(server.questions.last).body.text.contains("content of a"))
    }

    @Test(arguments: Provider.allCases)
    func `a cut-off answer is an error that keeps what came`(provider: Provider) async {
        let server = ScriptedModelServer(.cutOff("{\"summary\": \"fi"))
        await #expect(throws: ModelError.cutOff(partial: "{\"summary\": \"fi", usage: TokenUsage(input: 11, output: 7))) {
            try await provider.model(InProcessHTTPClient(server)).complete(.sample())
        }
        #expect(server.questions.count == 1)
    }

    @Test(arguments: Provider.allCases)
    func `an empty answer and a withheld one are errors of their own`(provider: Provider) async {
        for (answer, isRight) in [
            (ScriptedModelServer.Answer.empty, { (error: ModelError?) in error == .empty(server: "models.example:4000") }),
            (.text("  \n"), { (error: ModelError?) in error == .empty(server: "models.example:4000") }),
            (.withheld, { (error: ModelError?) in if case .withheld = error { true } else { false } }),
        ] {
            let error = await failure(of: provider, answering: answer).error
            #expect(isRight(error), "\(String(describing: error))")
        }
    }

    @Test(arguments: Provider.allCases, [429, 500, 502, 503, 529, 408])
    func `a failure that may pass is tried again, three requests in all`(provider: Provider, status: Int) async throws {
        let (error, asked, clock) = await failure(of: provider, answering: .status(status, message: "busy"))
        #expect(asked == 3 && error?.mayPass == true)
        #expect(clock.sleeps.count == 2 && clock.sleeps.allSatisfy { $0 >= .milliseconds(250) && $0 <= .seconds(8) })
        let recovers = ScriptedModelServer(.status(status, message: "busy"), .json(Self.answer))
        let reply = try await provider.model(InProcessHTTPClient(recovers)).complete(.sample())
        #expect(reply.attempts == 2)
    }

    @Test(arguments: Provider.allCases)
    func `a refusal that stays is asked once and named`(provider: Provider) async {
        let unauthorized = await failure(of: provider, answering: .status(401, message: "bad key sk-key-1"))
        #expect(unauthorized.error == .unauthorized(server: "models.example:4000", reason: "bad key [redacted]") && unauthorized.asked == 1)
        for status in [400, 404, 413, 422] {
            let refused = await failure(of: provider, answering: .status(status, message: "prompt is too long"))
            #expect(refused.error == .refused(server: "models.example:4000", status: status, reason: "prompt is too long"))
            #expect(refused.asked == 1, "\(status)")
        }
    }

    @Test(arguments: Provider.allCases)
    func `a wait the server asks for is kept, and one beyond the deadline is the error at once`(provider: Provider) async throws {
        let server = ScriptedModelServer(.status(429, message: "slow down", headers: ["Retry-After": "7"]), .json(Self.answer))
        let clock = JumpingClock()
        _ = try await provider.model(InProcessHTTPClient(server), clock: clock).complete(.sample())
        #expect(clock.sleeps == [.seconds(7)])
        let late = ScriptedModelServer(.status(429, message: "slow down", headers: ["Retry-After": "3600"]))
        let other = JumpingClock()
        await #expect(throws: ModelError.rateLimited(server: "models.example:4000", retryAfter: .seconds(3600))) {
            try await provider.model(InProcessHTTPClient(late), clock: other).complete(.sample())
        }
        #expect(late.questions.count == 1 && other.sleeps.isEmpty)
    }

    @Test(arguments: Provider.allCases)
    func `the deadline covers all attempts together`(provider: Provider) async {
        let clock = JumpingClock()
        let server = ScriptedModelServer { _ in
            clock.advance(by: .seconds(20))
            return .status(503, message: "busy")
        }
        let client = InProcessHTTPClient(server)
        await #expect(throws: ModelError.self) { try await provider.model(client, clock: clock).complete(.sample(deadline: .seconds(30))) }
        #expect(client.requests.count == 2)
        #expect(client.requests.allSatisfy { $0.deadline <= .seconds(30) && $0.connectTimeout <= $0.deadline })
        #expect(client.requests.last.map { $0.deadline < .seconds(10) } == true)
    }

    @Test(arguments: Provider.allCases)
    func `a server that is down or hangs up is tried again; one that is silent is not`(provider: Provider) async throws {
        let server = ScriptedModelServer(.json(Self.answer))
        let back = InProcessHTTPClient(server) { _, earlier in
            earlier == 0
                ? .notConnected(host: "models.example", reason: "refused") : earlier == 1 ? .interrupted(host: "", reason: "reset") : nil
        }
        #expect(try await provider.model(back).complete(.sample()).attempts == 3)
        let down = InProcessHTTPClient(server) { _, _ in .notConnected(host: "models.example", reason: "refused") }
        await #expect(throws: ModelError.unreachable(server: "models.example:4000", reason: "refused")) {
            try await provider.model(down).complete(.sample())
        }
        #expect(down.requests.count == 3)
        let silent = InProcessHTTPClient(server) { request, _ in .timedOut(host: "models.example", after: request.deadline) }
        await #expect(throws: ModelError.timedOut(server: "models.example:4000", after: .seconds(60))) {
            try await provider.model(silent).complete(.sample())
        }
        #expect(silent.requests.count == 1)
    }

    @Test(
        arguments: Provider.allCases,
        [
            "", "<!DOCTYPE html><html>", "{", "null", "[]", "{}", "7", #"{"choices": 7, "content": 7}"#,
            #"{"choices": [7], "content": [7]}"#,
            #"{"choices": [{"message": {"content": 7, "tool_calls": [7]}}], "content": [{"type": "tool_use"}]}"#,
        ])
    func `an answer that is not the API's shape is an error, never a crash or a success`(provider: Provider, body: String) async {
        let (error, asked, _) = await failure(of: provider, answering: .raw(200, contentType: "text/html", body: body))
        #expect(error != nil && asked == 1)
    }

    @Test(arguments: Provider.allCases)
    func `every part of an answer may be of any kind without a crash`(provider: Provider) async throws {
        let good = try #require(await goodAnswer(of: provider))
        for broken in good.broken() {
            let server = ScriptedModelServer(.raw(200, contentType: "application/json", body: broken.text))
            _ = try? await provider.model(InProcessHTTPClient(server)).complete(.sample())
        }
    }

    @Test(arguments: Provider.allCases)
    func `a cancelled question ends as cancelled`(provider: Provider) async {
        let server = ScriptedModelServer(.status(503, message: "busy"))
        let clock = ManualClock()
        let task = Task { try await provider.model(InProcessHTTPClient(server), clock: clock).complete(.sample()) }
        while clock.sleeperCount == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: ModelError.cancelled) { try await task.value }
    }

    @Test(arguments: Provider.allCases)
    func `what a server says of an error is one short printable line`(provider: Provider) async {
        let evil = "no\u{1b}[31m \u{202e}" + String(repeating: "x", count: 9000)
        let error = await failure(of: provider, answering: .status(404, message: evil)).error
        guard case .refused(_, _, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            reason.count <= 200 && reason.hasPrefix("no [31m") && !reason.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
        #expect(error.map { "\($0)".contains("FETTLE_LLM_MODEL") } == true)
    }

    private func failure(
        of provider: Provider, answering answer: ScriptedModelServer.Answer
    ) async -> (error: ModelError?, asked: Int, clock: JumpingClock) {
        let server = ScriptedModelServer(answer)
        let clock = JumpingClock()
        do throws(ModelError) {
            _ = try await provider.model(InProcessHTTPClient(server), clock: clock).complete(.sample())
            return (nil, server.questions.count, clock)
        } catch {
            return (error, server.questions.count, clock)
        }
    }

    private func goodAnswer(of provider: Provider) async -> JSONValue? {
        let server = ScriptedModelServer(.toolCall(name: "read", arguments: ["path": "a"]))
        let client = InProcessHTTPClient(server)
        _ = try? await provider.model(client).complete(.sample())
        guard let request = client.requests.first, let sent = try? await client.send(request) else { return nil }
        return try? JSONValue(parsing: sent.body)
    }
}

extension JSONValue {
    /// The document with every value in it replaced in turn by each kind of value, and with every member left out in turn.
    fileprivate func broken() -> [JSONValue] {
        let others: [JSONValue] = [nil, true, 7, -1.5, "x", [], [:], .integer(.max), [["x"]], ["a": ["b": 1]]]
        switch self {
        case .object(let members):
            let inside = members.flatMap { key, value in
                value.broken().map { JSONValue.object(members.merging([key: $0]) { $1 }) } + [.object(members.filter { $0.key != key })]
            }
            return others + inside
        case .array(let elements):
            let inside = elements.indices.flatMap { index in
                elements[index].broken().map { broken in
                    var copy = elements
                    copy[index] = broken
                    return JSONValue.array(copy)
                }
            }
            return others + inside
        default: return others
        }
    }
}
