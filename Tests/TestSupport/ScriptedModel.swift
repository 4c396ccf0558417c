import Basics
package import LLM
import Synchronization

/// A model that answers from a list, and keeps what it was asked. The last answer is given again and again.
package final class ScriptedModel: LanguageModel {
    package typealias Answer = @Sendable (ModelRequest) -> Result<String, ModelError>

    package let profile: ModelProfile
    private let answers: [Answer]
    private let asked = Mutex<[ModelRequest]>([])

    package init(profile: ModelProfile = ModelProfile(name: "scripted"), _ answers: [Answer]) {
        self.profile = profile
        self.answers = answers
    }

    package convenience init(profile: ModelProfile = ModelProfile(name: "scripted"), texts: [String]) {
        self.init(profile: profile, texts.map { text -> Answer in { _ in .success(text) } })
    }

    package convenience init(failing error: ModelError) {
        self.init([{ _ in .failure(error) }])
    }

    package var requests: [ModelRequest] { asked.withLock { $0 } }

    package func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let index = asked.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        guard !answers.isEmpty else { throw .empty(server: "scripted") }
        let text = try answers[min(index, answers.count - 1)](request).get()
        let usage = TokenUsage(input: TokenCount(100), output: TokenCount(10))
        return ModelReply(text: UntrustedText(text), usage: usage, model: profile.name)
    }
}
