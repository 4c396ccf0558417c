import Basics
import HTTP
import LLM
import LLMClients
import TestSupport
import Testing

/// The implementations the conformance suite runs over.
enum Provider: String, CaseIterable, CustomTestStringConvertible {
    case openAI, anthropic

    var testDescription: String { rawValue }

    func model(
        _ http: any HTTPClient, clock: any Clock = JumpingClock(), base: String = "http://models.example:4000", key: String? = "sk-key-1"
    ) -> any LanguageModel {
        let profile = ModelProfile(name: "the-model")
        let key = key.map { Secret($0) }
        return switch self {
        case .openAI: OpenAIModel(url: base + "/v1", key: key, profile: profile, http: http, clock: clock, random: SeededRandom(seed: 3))
        case .anthropic: AnthropicModel(url: base, key: key, profile: profile, http: http, clock: clock, random: SeededRandom(seed: 3))
        }
    }
}

extension ModelRequest {
    static let schema = AnswerSchema(
        name: "fettle_review",
        schema: ["type": "object", "additionalProperties": false, "required": ["summary"], "properties": ["summary": ["type": "string"]]])

    static func sample(
        _ prompt: String = "the diff", answer: AnswerSchema? = schema, tools: [ToolDefinition] = [], deadline: Duration = .seconds(60)
    ) -> ModelRequest {
        ModelRequest(
            system: "You review.", messages: [.user(PromptText(redacted: prompt))], answer: answer, tools: tools, longestAnswer: 777,
            deadline: deadline)
    }
}
