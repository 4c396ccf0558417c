import Basics
import HTTP
import LLM

/// How the structured answer is asked for: as a tool the model must call, as one it may call, or in words.
enum AnthropicDialect: Sendable, Hashable {
    case forcedTool
    /// With extended thinking a tool cannot be forced.
    case offeredTool
    case words

    init() { self = .forcedTool }
}

/// Source: platform.claude.com/docs/en/api/messages
struct AnthropicProtocol: ModelProtocol {
    let url: String
    let key: Secret?
    let model: String

    func request(_ request: ModelRequest, dialect: AnthropicDialect) -> WireRequest {
        var body: [String: JSONValue] = [
            "model": .string(model), "max_tokens": .integer(Int64(request.longestAnswer.count)),
            "messages": .array(AnthropicMessages.turns(request.messages)),
            "system": .string(AnswerInstructions.system(request, inFull: dialect == .words)),
        ]
        var tools = request.tools.map { tool -> JSONValue in
            ["name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.parameters]
        }
        if let answer = request.answer, dialect != .words {
            tools.append(["name": .string(answer.name), "description": "Gives the answer.", "input_schema": answer.schema])
            let isForced = dialect == .forcedTool && request.tools.isEmpty
            body["tool_choice"] = isForced ? ["type": "tool", "name": .string(answer.name)] : ["type": "auto"]
        }
        if !tools.isEmpty { body["tools"] = .array(tools) }
        return WireRequest(url: address, headers: headers, body: .object(body))
    }

    func adapt(_ dialect: AnthropicDialect, status: Int, message: String) -> AnthropicDialect? {
        let text = message.lowercased()
        guard text.contains("tool") || text.contains("input_schema") else { return nil }
        return switch dialect {
        case .forcedTool: text.contains("tool_choice") ? .offeredTool : .words
        case .offeredTool: .words
        case .words: nil
        }
    }

    func read(_ body: JSONValue, for request: ModelRequest) -> ReadReply {
        AnthropicReply.read(body, answer: request.answer?.name)
    }

    private var address: String {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        // Many have the version in the address they were given.
        return base.hasSuffix("/v1") ? "\(base)/messages" : "\(base)/v1/messages"
    }

    private var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "anthropic-version": "2023-06-01"]
        if let key { headers.add("x-api-key", key.reveal()) }
        return headers
    }
}

/// Our messages as turns: the API wants them to alternate, and results of tools inside a user's turn.
enum AnthropicMessages {
    static func turns(_ messages: [ModelMessage]) -> [JSONValue] {
        var turns: [(role: String, blocks: [JSONValue])] = []
        for message in messages {
            let (role, blocks) = blocks(message)
            if blocks.isEmpty { continue }
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        return turns.map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    private static func blocks(_ message: ModelMessage) -> (role: String, blocks: [JSONValue]) {
        switch message {
        case .user(let prompt): return ("user", [["type": "text", "text": .string(prompt.text)]])
        case .toolResult(let id, let prompt):
            return ("user", [["type": "tool_result", "tool_use_id": .string(id), "content": .string(prompt.text)]])
        case .assistant(let text, let calls):
            let words: [JSONValue] = text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
            let uses = calls.map { call -> JSONValue in
                let input = (try? JSONValue(parsing: call.arguments.raw.utf8)) ?? [:]
                return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input.object == nil ? [:] : input]
            }
            return ("assistant", words + uses)
        }
    }
}
