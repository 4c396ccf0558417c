import Basics
import LLM

/// Reads `{"choices": [{"message": …, "finish_reason": …}], "usage": …}` as the many servers write it.
enum OpenAIReply {
    static func read(_ body: JSONValue) -> ReadReply {
        // OpenRouter and others answer 200 around an error; its code is the status they mean.
        if let error = body["error"], !error.isNull, body["choices"]?.array?.isEmpty ?? true {
            return .failed(message: error["message"]?.string ?? error.text, status: error["code"]?.int ?? 502)
        }
        guard let choices = body["choices"]?.array else { return .malformed("no \"choices\"") }
        guard let choice = choices.first else { return .empty }
        guard let message = choice["message"], message.object != nil else { return .malformed("no \"message\" in the first choice") }
        let usage = usage(body["usage"])
        let text = withoutThinking(text(message["content"]))
        if let refusal = message["refusal"]?.string, !refusal.isEmpty { return .withheld(refusal) }
        switch choice["finish_reason"]?.string {
        case "length": return .cutOff(partial: UntrustedText(text), usage: usage)
        case "content_filter": return .withheld("content filter")
        default: break
        }
        let calls: [ToolCall]
        do throws(BadCall) {
            calls = try toolCalls(message["tool_calls"])
        } catch {
            return .malformed(error.reason)
        }
        if calls.isEmpty, text.allSatisfy(\.isWhitespace) { return .empty }
        let model = body["model"]?.string ?? ""
        return .reply(ModelReply(text: UntrustedText(text), toolCalls: calls, usage: usage, model: model))
    }

    private struct BadCall: Error {
        let reason: String
    }

    private static func toolCalls(_ value: JSONValue?) throws(BadCall) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (index, call) in (value?.array ?? []).enumerated() {
            guard let name = call["function"]?["name"]?.string, !name.isEmpty else { throw BadCall(reason: "a tool call without a name") }
            let written = call["function"]?["arguments"]
            // Ollama writes the arguments as an object, all others as text; some give no id.
            let arguments = written?.string ?? written?.text ?? "{}"
            calls.append(ToolCall(id: call["id"]?.string ?? "call_\(index)", name: name, arguments: UntrustedText(arguments)))
        }
        return calls
    }

    /// Text, or a list of parts of which those of type `text` count.
    private static func text(_ content: JSONValue?) -> String {
        if let text = content?.string { return text }
        return (content?.array ?? []).compactMap { $0["text"]?.string }.joined()
    }

    /// Some servers leave the model's reasoning in the text, between tags at its beginning.
    private static func withoutThinking(_ text: String) -> String {
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.hasPrefix("<think>") else { return text }
        guard let end = trimmed.firstRange(of: "</think>") else { return "" }
        return String(trimmed[end.upperBound...].drop(while: \.isWhitespace))
    }

    private static func usage(_ value: JSONValue?) -> TokenUsage {
        TokenUsage(
            input: TokenCount(max(0, value?["prompt_tokens"]?.int ?? 0)), output: TokenCount(max(0, value?["completion_tokens"]?.int ?? 0)))
    }
}
