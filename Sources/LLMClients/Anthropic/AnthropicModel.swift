package import Basics
package import HTTP
package import LLM

/// Anthropic's messages API, and servers that speak it.
package struct AnthropicModel: LanguageModel {
    package let profile: ModelProfile
    private let exchange: ModelExchange<AnthropicProtocol>

    /// `url` is the base without version, e.g. `https://api.anthropic.com`; we POST to `url/v1/messages`.
    package init(
        url: String, key: Secret?, profile: ModelProfile, http: any HTTPClient, clock: any Clock = SystemClock(),
        random: any RandomSource = SystemRandom()
    ) {
        self.profile = profile
        exchange = ModelExchange(
            speech: AnthropicProtocol(url: url, key: key, model: profile.name), dialect: AnthropicDialect(),
            server: ServerName(url: url, key: key), http: http, clock: clock, random: random)
    }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply { try await exchange.complete(request) }
}
