package import Basics
package import HTTP
import Synchronization

/// A model server that answers as told, in both languages: `/v1/chat/completions` and `/v1/messages`. Runs with or without a socket.
package final class ScriptedModelServer: HTTPHandler {
    /// What was asked, whatever the language.
    package struct Question: Sendable {
        package let body: JSONValue
        package let headers: HTTPHeaders
        package let path: String
        /// Questions before this one.
        package let earlier: Int

        package var isAnthropic: Bool { path.hasSuffix("/messages") }

        package var system: String {
            if isAnthropic { return body["system"]?.string ?? "" }
            return body["messages"]?[0]?["content"]?.string ?? ""
        }

        /// The last thing a user said.
        package var prompt: String {
            let content = body["messages"]?.array?.last { $0["role"]?.string == "user" }?["content"]
            return content?.string ?? (content?.array ?? []).compactMap { $0["text"]?.string }.joined()
        }

        /// The name of the answer's schema where it was given as a schema or tool.
        package var schemaName: String? {
            body["response_format"]?["json_schema"]?["name"]?.string ?? body["tools"]?.array?.last?["name"]?.string
        }

        /// The longest answer asked for, under any of its names.
        package var answerLimit: Int? { (body["max_tokens"] ?? body["max_completion_tokens"])?.int }
    }

    package enum Answer: Sendable {
        case text(String)
        /// The structured answer: text for one language, the input of the answer's tool for the other.
        case json(JSONValue)
        case toolCall(name: String, arguments: JSONValue)
        case cutOff(String)
        case empty
        case withheld
        case status(Int, message: String, headers: HTTPHeaders = [:])
        case raw(Int, contentType: String, body: String)
    }

    package static let inputTokens = 11
    package static let outputTokens = 7

    private let answer: @Sendable (Question) -> Answer
    private let asked = Mutex<[Question]>([])

    package init(_ answer: @escaping @Sendable (Question) -> Answer) {
        self.answer = answer
    }

    /// One answer after the other; the last one again and again.
    package convenience init(_ answers: Answer...) {
        precondition(!answers.isEmpty, "a script needs an answer")
        self.init { answers[min($0.earlier, answers.count - 1)] }
    }

    package var questions: [Question] { asked.withLock { $0 } }

    package func plan(for head: HTTPRequest) -> RequestPlan { RequestPlan(bodyLimit: .mebibytes(8)) }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.method == .post, ["/v1/chat/completions", "/v1/messages"].contains(request.path) else {
            return .json(404, ["error": ["message": "no such path"]])
        }
        guard let body = try? JSONValue(parsing: request.body) else { return .json(400, ["error": ["message": "no JSON"]]) }
        let question = asked.withLock { asked in
            let question = Question(body: body, headers: request.headers, path: request.path, earlier: asked.count)
            asked.append(question)
            return question
        }
        return question.isAnthropic ? AnthropicScript.response(answer(question), to: question) : OpenAIScript.response(answer(question))
    }
}

private enum OpenAIScript {
    static func response(_ answer: ScriptedModelServer.Answer) -> HTTPResponse {
        switch answer {
        case .text(let text): completion(["role": "assistant", "content": .string(text)], "stop")
        case .json(let value): completion(["role": "assistant", "content": .string(value.text)], "stop")
        case .toolCall(let name, let arguments):
            completion(["role": "assistant", "content": nil, "tool_calls": [call(name, arguments)]], "tool_calls")
        case .cutOff(let text): completion(["role": "assistant", "content": .string(text)], "length")
        case .empty: completion(["role": "assistant", "content": ""], "stop")
        case .withheld: completion(["role": "assistant", "content": nil], "content_filter")
        case .status(let status, let message, let headers): failure(status, ["error": ["message": .string(message)]], headers)
        case .raw(let status, let type, let body): raw(status, type, body)
        }
    }

    private static func call(_ name: String, _ arguments: JSONValue) -> JSONValue {
        let function: JSONValue = ["name": .string(name), "arguments": .string(arguments.text)]
        return ["id": "call_1", "type": "function", "function": function]
    }

    private static func completion(_ message: JSONValue, _ reason: JSONValue) -> HTTPResponse {
        let usage: JSONValue = [
            "prompt_tokens": .integer(Int64(ScriptedModelServer.inputTokens)),
            "completion_tokens": .integer(Int64(ScriptedModelServer.outputTokens)),
        ]
        let choice: JSONValue = ["index": 0, "message": message, "finish_reason": reason]
        return .json(200, ["id": "x", "object": "chat.completion", "model": "scripted", "choices": [choice], "usage": usage])
    }
}

private enum AnthropicScript {
    static func response(_ answer: ScriptedModelServer.Answer, to question: ScriptedModelServer.Question) -> HTTPResponse {
        switch answer {
        case .text(let text): message([["type": "text", "text": .string(text)]], "end_turn")
        case .json(let value):
            if let name = question.schemaName {
                message([["type": "tool_use", "id": "toolu_0", "name": .string(name), "input": value]], "tool_use")
            } else {
                message([["type": "text", "text": .string(value.text)]], "end_turn")
            }
        case .toolCall(let name, let arguments):
            message([["type": "tool_use", "id": "call_1", "name": .string(name), "input": arguments]], "tool_use")
        case .cutOff(let text): message([["type": "text", "text": .string(text)]], "max_tokens")
        case .empty: message([], "end_turn")
        case .withheld: message([], "refusal")
        case .status(let status, let text, let headers):
            failure(status, ["type": "error", "error": ["type": "some_error", "message": .string(text)]], headers)
        case .raw(let status, let type, let body): raw(status, type, body)
        }
    }

    private static func message(_ content: [JSONValue], _ reason: JSONValue) -> HTTPResponse {
        let usage: JSONValue = [
            "input_tokens": .integer(Int64(ScriptedModelServer.inputTokens)),
            "output_tokens": .integer(Int64(ScriptedModelServer.outputTokens)),
        ]
        let value: JSONValue = [
            "id": "x", "type": "message", "role": "assistant", "model": "scripted", "content": .array(content), "stop_reason": reason,
            "usage": usage,
        ]
        return .json(200, value)
    }
}

private func failure(_ status: Int, _ body: JSONValue, _ headers: HTTPHeaders) -> HTTPResponse {
    var response = HTTPResponse.json(status, body)
    for field in headers.fields { response.headers.add(field.name, field.value) }
    return response
}

private func raw(_ status: Int, _ type: String, _ body: String) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["Content-Type": type], body: .bytes(Array(body.utf8)))
}
