import Basics
import LLM

/// Reads `{"content": [blocks], "stop_reason": …, "usage": …}`. Source: platform.claude.com/docs/en/api/handling-stop-reasons
enum AnthropicReply {
    /// `answer` is the name of the tool that stands for the structured answer: its input is the text.
    static func read(_ body: JSONValue, answer: String?) -> ReadReply {
        if body["type"]?.string == "error" || body["error"]?.object != nil {
            return .failed(message: body["error"]?["message"]?.string ?? "no reason given", status: status(body["error"]))
        }
        guard let blocks = body["content"]?.array else { return .malformed("no \"content\"") }
        var texts: [String] = []
        var structured: String?
        var calls: [ToolCall] = []
        for block in blocks {
            switch block["type"]?.string {
            case "text": texts.append(block["text"]?.string ?? "")
            case "tool_use":
                guard let name = block["name"]?.string, let id = block["id"]?.string else {
                    return .malformed("a tool use without name or id")
                }
                let input = block["input"] ?? [:]
                if name == answer {
                    structured = structured ?? input.text
                } else {
                    calls.append(ToolCall(id: id, name: name, arguments: UntrustedText(input.text)))
                }
            // Thinking, and kinds yet to come.
            default: continue
            }
        }
        let text = structured ?? texts.joined()
        return judge(body, text: text, calls: calls)
    }

    private static func judge(_ body: JSONValue, text: String, calls: [ToolCall]) -> ReadReply {
        let usage = usage(body["usage"])
        switch body["stop_reason"]?.string {
        case "max_tokens", "model_context_window_exceeded": return .cutOff(partial: UntrustedText(text), usage: usage)
        case "refusal": return .withheld("the model refused")
        default: break
        }
        if calls.isEmpty, text.allSatisfy(\.isWhitespace) { return .empty }
        return .reply(ModelReply(text: UntrustedText(text), toolCalls: calls, usage: usage, model: body["model"]?.string ?? ""))
    }

    /// Tokens read from and written to the cache are input as well.
    private static func usage(_ value: JSONValue?) -> TokenUsage {
        let input = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"].map { max(0, value?[$0]?.int ?? 0) }
        return TokenUsage(
            input: input.reduce(0) { $0 + TokenCount($1) }, output: TokenCount(max(0, value?["output_tokens"]?.int ?? 0)))
    }

    /// The status that goes with an error of this type. Source: platform.claude.com/docs/en/api/errors
    private static func status(_ error: JSONValue?) -> Int {
        switch error?["type"]?.string {
        case "invalid_request_error": 400
        case "authentication_error": 401
        case "permission_error": 403
        case "not_found_error": 404
        case "rate_limit_error": 429
        case "overloaded_error": 529
        default: 500
        }
    }
}
