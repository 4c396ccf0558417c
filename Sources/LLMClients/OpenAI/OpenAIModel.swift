package import Basics
package import HTTP
package import LLM

/// Any server that speaks OpenAI's chat completions.
package struct OpenAIModel: LanguageModel {
    package let profile: ModelProfile
    private let exchange: ModelExchange<OpenAIProtocol>

    /// `url` is the base with its version, e.g. `https://api.openai.com/v1`; we POST to `url/chat/completions`. A query is kept.
    package init(
        url: String, key: Secret?, profile: ModelProfile, http: any HTTPClient, clock: any Clock = SystemClock(),
        random: any RandomSource = SystemRandom()
    ) {
        self.profile = profile
        exchange = ModelExchange(
            speech: OpenAIProtocol(url: url, key: key, model: profile.name), dialect: OpenAIDialect(),
            server: ServerName(url: url, key: key), http: http, clock: clock, random: random)
    }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply { try await exchange.complete(request) }
}
