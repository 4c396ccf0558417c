import Basics
import HTTP
import LLM
import LLMClients
import TestSupport
import Testing

@Suite struct OpenAIDialectTests {
    private typealias Field = @Sendable (JSONValue) -> Bool

    private static let plainTokens: Field = { $0["max_tokens"] != nil }

    /// A server that takes only some of the fields, and says so as real ones do.
    private func modelServer(refusing: [(field: Field, message: String)]) -> ScriptedModelServer {
        ScriptedModelServer { question in
            if let first = refusing.first(where: { $0.field(question.body) }) { return .status(400, message: first.message) }
            return .json(["summary": "fine"])
        }
    }

    private static let schema: Field = { $0["response_format"]?["type"] == "json_schema" }
    private static let object: Field = { $0["response_format"]?["type"] == "json_object" }

    @Test(arguments: [
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "This response_format type is unavailable now", "Either \"json_schema\" or \"grammar\" can be specified, but not both", "",
    ])
    func `a server without schemas is asked for a JSON object, and at once the next time`(message: String) async throws {
        let server = modelServer(refusing: [(Self.schema, message)])
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        #expect(try await model.complete(.sample()).attempts == 2)
        #expect(try await model.complete(.sample()).attempts == 1)
        let question = try #require(server.questions.last)
        #expect(question.body["response_format"] == ["type": "json_object"])
        #expect(question.system.contains("fettle_review") && question.system.contains("\"summary\"") && question.system.contains("JSON"))
    }

    @Test func `a server without any format is asked in words, within three requests`() async throws {
        let server = modelServer(refusing: [(Self.schema, "response_format not supported"), (Self.object, "response_format not supported")])
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        #expect(try await model.complete(.sample()).attempts == 3)
        #expect(try #require(server.questions.last).body["response_format"] == nil)
    }

    @Test func `a model that insists on max_completion_tokens gets it`() async throws {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        let server = modelServer(refusing: [(Self.plainTokens, message), (Self.schema, "json_schema unsupported")])
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        #expect(try await model.complete(.sample()).attempts == 3)
        let body = try #require(server.questions.last).body
        #expect(body["max_completion_tokens"] == 777 && body["max_tokens"] == nil)
    }

    @Test func `what was learned before the third refusal is kept for the next question`() async throws {
        let tokens = "'max_tokens' is not supported; use 'max_completion_tokens'"
        let server = modelServer(refusing: [
            (Self.plainTokens, tokens), (Self.schema, "json_schema no"), (Self.object, "json_object no"),
        ])
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        await #expect(throws: ModelError.self) { try await model.complete(.sample()) }
        #expect(server.questions.count == 3)
        #expect(try await model.complete(.sample()).attempts == 1)
    }

    @Test func `only a schema that fits the strict mode is sent as strict`() async throws {
        let server = ScriptedModelServer(.json(["summary": "fine"]))
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        _ = try await model.complete(.sample())
        let open = AnswerSchema(name: "fettle_review", schema: ["type": "object", "properties": ["summary": ["type": "string"]]])
        _ = try await model.complete(.sample(answer: open))
        #expect(server.questions.map { $0.body["response_format"]?["json_schema"]?["strict"] } == [true, false])
    }

    @Test func `reasoning before the answer is not part of it`() async throws {
        let server = ScriptedModelServer(
            .text("<think>\n{\"summary\": \"no\"}</think>\n\n{\"summary\": \"yes\"}"), .text("<think>never ends"))
        let model = Provider.openAI.model(InProcessHTTPClient(server))
        #expect(try await model.complete(.sample()).text.raw == "{\"summary\": \"yes\"}")
        await #expect(throws: ModelError.empty(server: "models.example:4000")) { try await model.complete(.sample()) }
    }

    @Test func `status 200 around an error is that error`() async throws {
        let body = #"{"error": {"message": "upstream busy", "code": 503}}"#
        let server = ScriptedModelServer(.raw(200, contentType: "application/json", body: body), .json(["summary": "fine"]))
        #expect(try await Provider.openAI.model(InProcessHTTPClient(server)).complete(.sample()).attempts == 2)
    }

    @Test func `no money left is no reason to wait`() async {
        let server = ScriptedModelServer(
            .status(429, message: "You exceeded your current quota, please check your plan and billing details."))
        await #expect(throws: ModelError.self) { try await Provider.openAI.model(InProcessHTTPClient(server)).complete(.sample()) }
        #expect(server.questions.count == 1)
    }

    @Test(arguments: [
        ("https://h/v1", "https://h/v1/chat/completions"), ("https://h/v1/", "https://h/v1/chat/completions"),
        ("https://h/d/x?api-version=1", "https://h/d/x/chat/completions?api-version=1"),
    ])
    func `the address is the base and the path, the query kept`(base: String, address: String) async throws {
        let client = ScriptedHTTPClient([.failure(.cancelled)])
        let model = OpenAIModel(url: base, key: nil, profile: ModelProfile(name: "m"), http: client)
        _ = try? await model.complete(.sample())
        #expect(client.requests.map(\.url) == [address])
    }
}

@Suite struct AnthropicDialectTests {
    @Test func `a model whose tools cannot be forced is offered the answer's tool, then asked in words`() async throws {
        let server = ScriptedModelServer { question in
            switch question.body["tool_choice"]?["type"]?.string {
            case "tool": .status(400, message: "Thinking may not be enabled when tool_choice forces tool use.")
            case "auto": .status(400, message: "tools are not supported by this model")
            default: .text("{\"summary\": \"fine\"}")
            }
        }
        let model = Provider.anthropic.model(InProcessHTTPClient(server))
        let reply = try await model.complete(.sample())
        #expect(reply.attempts == 3 && reply.text.raw == "{\"summary\": \"fine\"}")
        #expect(try #require(server.questions.last).system.contains("\"summary\""))
    }

    @Test func `results of several tools are one turn`() async throws {
        let server = ScriptedModelServer(.text("done"))
        let calls = ["a", "b"].map { ToolCall(id: $0, name: "read", arguments: "{}") }
        var request = ModelRequest.sample(answer: nil)
        request.messages += [.assistant(text: "let me see", toolCalls: calls)]
        request.messages += calls.map { .toolResult(callID: $0.id, PromptText(redacted: "x")) }
        _ = try await Provider.anthropic.model(InProcessHTTPClient(server)).complete(request)
        let turns = try #require(server.questions.first?.body["messages"]?.array)
        #expect(turns.map { $0["role"] } == ["user", "assistant", "user"])
        #expect(turns[2]["content"]?.array?.count == 2)
    }

    @Test func `tokens of the cache count as input`() async throws {
        let usage = #""usage": {"input_tokens": 5, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 20, "output_tokens": 3}"#
        let body = #"{"type": "message", "content": [{"type": "text", "text": "x"}], "stop_reason": "end_turn", "# + usage + "}"
        let server = ScriptedModelServer(.raw(200, contentType: "application/json", body: body))
        let reply = try await Provider.anthropic.model(InProcessHTTPClient(server)).complete(.sample(answer: nil))
        #expect(reply.usage == TokenUsage(input: 125, output: 3))
    }

    @Test(arguments: ["http://h", "http://h/", "http://h/v1"])
    func `the version in the address may be there or not`(base: String) async {
        let client = ScriptedHTTPClient([.failure(.cancelled)])
        let model = AnthropicModel(url: base, key: nil, profile: ModelProfile(name: "m"), http: client)
        _ = try? await model.complete(.sample())
        #expect(client.requests.map(\.url) == ["http://h/v1/messages"])
    }
}
