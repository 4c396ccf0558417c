import Basics
import HTTP
import LLM

/// Source: platform.openai.com/docs/api-reference/chat
struct OpenAIProtocol: ModelProtocol {
    let url: String
    let key: Secret?
    let model: String

    func request(_ request: ModelRequest, dialect: OpenAIDialect) -> WireRequest {
        var body: [String: JSONValue] = ["model": .string(model), "messages": .array(messages(request, format: dialect.format))]
        body[dialect.usesCompletionTokens ? "max_completion_tokens" : "max_tokens"] = .integer(Int64(request.longestAnswer.count))
        if let answer = request.answer, let format = Self.format(answer, dialect.format) { body["response_format"] = format }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(Self.tool)) }
        return WireRequest(url: address, headers: headers, body: .object(body))
    }

    func adapt(_ dialect: OpenAIDialect, status: Int, message: String) -> OpenAIDialect? { dialect.adapted(to: message) }

    func read(_ body: JSONValue, for request: ModelRequest) -> ReadReply { OpenAIReply.read(body) }

    private var address: String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var base = parts[0]
        while base.hasSuffix("/") { base = base.dropLast() }
        return "\(base)/chat/completions" + (parts.count == 2 ? "?\(parts[1])" : "")
    }

    private var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Accept": "application/json"]
        if let key {
            headers.add("Authorization", "Bearer \(key.reveal())")
            // Azure takes its keys under this name only. Source: learn.microsoft.com/azure/ai-services/openai/reference
            if url.contains(".openai.azure.com") { headers.add("api-key", key.reveal()) }
        }
        return headers
    }

    private func messages(_ request: ModelRequest, format: OpenAIDialect.AnswerFormat) -> [JSONValue] {
        let system = AnswerInstructions.system(request, inFull: format != .schema)
        return [["role": "system", "content": .string(system)]] + request.messages.map(Self.message)
    }

    private static func message(_ message: ModelMessage) -> JSONValue {
        switch message {
        case .user(let prompt): return ["role": "user", "content": .string(prompt.text)]
        case .toolResult(let id, let prompt): return ["role": "tool", "tool_call_id": .string(id), "content": .string(prompt.text)]
        case .assistant(let text, let calls):
            var value: [String: JSONValue] = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
            let written = calls.map { call -> JSONValue in
                let function: JSONValue = ["name": .string(call.name), "arguments": .string(call.arguments.raw)]
                return ["id": .string(call.id), "type": "function", "function": function]
            }
            if !written.isEmpty { value["tool_calls"] = .array(written) }
            return .object(value)
        }
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        let function: JSONValue = ["name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters]
        return ["type": "function", "function": function]
    }

    private static func format(_ answer: AnswerSchema, _ format: OpenAIDialect.AnswerFormat) -> JSONValue? {
        switch format {
        case .schema:
            let schema: JSONValue = [
                "name": .string(answer.name), "strict": .bool(StrictSchema.isStrict(answer.schema)), "schema": answer.schema,
            ]
            return ["type": "json_schema", "json_schema": schema]
        case .object: return ["type": "json_object"]
        case .text: return nil
        }
    }
}

/// Whether a schema fits the strict mode, which refuses a request with any other: every object closed, every property required.
///
/// Source: platform.openai.com/docs/guides/structured-outputs (supported schemas)
enum StrictSchema {
    static func isStrict(_ schema: JSONValue) -> Bool {
        switch schema {
        case .object(let members):
            if let properties = members["properties"]?.object {
                let required = Set((members["required"]?.array ?? []).compactMap(\.string))
                guard members["additionalProperties"] == .bool(false), required == Set(properties.keys) else { return false }
            }
            return members.values.allSatisfy(isStrict)
        case .array(let elements): return elements.allSatisfy(isStrict)
        default: return true
        }
    }
}
