package import Basics

/// Answers a request with text or tool calls. Holds its own credential; never sees ours.
///
/// Contract, kept by the conformance suite over all implementations: at most three requests on the wire for one call; the
/// deadline covers connecting, sending, waiting and every retry; a cut-off answer is `ModelError.cutOff`, never a short success.
package protocol LanguageModel: Sendable {
    var profile: ModelProfile { get }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply
}

/// What we plan with before asking.
package struct ModelProfile: Sendable, Hashable {
    /// As the server knows it, e.g. `gpt-4.1` or `qwen2.5-coder:14b`.
    package var name: String
    /// Prompt and answer together.
    package var contextWindow: TokenCount
    package var longestAnswer: TokenCount

    package init(name: String, contextWindow: TokenCount = 32_768, longestAnswer: TokenCount = 4096) {
        self.name = name
        self.contextWindow = contextWindow
        self.longestAnswer = longestAnswer
    }
}

/// Text that went through redaction. Only Policy makes one, so nothing reaches a model around it.
package struct PromptText: Sendable, Hashable {
    package let text: String

    /// Called by `Policy` alone; a test over the sources keeps it so.
    package init(redacted text: String) {
        self.text = text
    }
}

package struct ModelRequest: Sendable {
    /// Our instructions: never text from outside.
    package var system: String
    package var messages: [ModelMessage]
    /// The shape of the answer. Its name is written into `system` as well, for servers without schema support.
    package var answer: AnswerSchema?
    package var tools: [ToolDefinition]
    package var longestAnswer: TokenCount
    package var deadline: Duration
    /// Requests on the wire for this call, 1...3. Fewer where another model is asked next.
    package var mostAttempts = 3

    package init(
        system: String, messages: [ModelMessage], answer: AnswerSchema? = nil, tools: [ToolDefinition] = [],
        longestAnswer: TokenCount = 4096,
        deadline: Duration = .seconds(120)
    ) {
        self.system = system
        self.messages = messages
        self.answer = answer
        self.tools = tools
        self.longestAnswer = longestAnswer
        self.deadline = deadline
    }
}

/// A named JSON Schema for the answer, e.g. `fettle_review`.
package struct AnswerSchema: Sendable, Hashable {
    package var name: String
    package var schema: JSONValue

    package init(name: String, schema: JSONValue) {
        self.name = name
        self.schema = schema
    }
}

package enum ModelMessage: Sendable, Hashable {
    case user(PromptText)
    case assistant(text: String, toolCalls: [ToolCall])
    case toolResult(callID: String, PromptText)
}

package struct ToolDefinition: Sendable, Hashable {
    package var name: String
    package var description: String
    package var parameters: JSONValue

    package init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// A call the model asks for. Arguments are text as the model wrote them: untrusted until they fit the tool's schema.
package struct ToolCall: Sendable, Hashable {
    package var id: String
    package var name: String
    package var arguments: UntrustedText

    package init(id: String, name: String, arguments: UntrustedText) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

package struct ModelReply: Sendable {
    package var text: UntrustedText
    package var toolCalls: [ToolCall]
    package var usage: TokenUsage
    /// The model that answered, as the server names it.
    package var model: String
    /// Requests sent on the wire for this reply, 1...3.
    package var attempts: Int

    package init(text: UntrustedText, toolCalls: [ToolCall] = [], usage: TokenUsage, model: String, attempts: Int = 1) {
        self.text = text
        self.toolCalls = toolCalls
        self.usage = usage
        self.model = model
        self.attempts = attempts
    }
}

/// Tokens as the server counted them; both 0 when it did not say.
package struct TokenUsage: Sendable, Hashable, Codable {
    package var input: TokenCount
    package var output: TokenCount

    package init(input: TokenCount, output: TokenCount) {
        self.input = input
        self.output = output
    }

    package static let none = TokenUsage(input: 0, output: 0)
    package static func + (a: TokenUsage, b: TokenUsage) -> TokenUsage { TokenUsage(input: a.input + b.input, output: a.output + b.output) }
}
