import Basics
import LLM
import Policy

/// The model answers a very small question.
struct ModelCheck: DoctorCheck {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        guard let model = configuration.languageModel(http: tools.http, clock: tools.clock, random: tools.random) else {
            return [Diagnosis("model", .absent, "none is configured: built-in rules review alone")]
        }
        let question = Redactor(secrets: configuration.secrets).prompt("Answer with the one word: ready")
        let request = ModelRequest(
            system: "You answer in one word.", messages: [.user(question)], longestAnswer: 16, deadline: configuration.modelTimeout)
        do {
            let reply = try await model.complete(request)
            return [Diagnosis("model", .good, "\(reply.model.isEmpty ? model.profile.name : reply.model) answers")]
        } catch .cutOff {
            return [Diagnosis("model", .good, "\(model.profile.name) answers")]
        } catch {
            return [Diagnosis("model", .bad, "\(error)", fix: Self.fix(error))]
        }
    }

    static func fix(_ error: ModelError) -> String {
        switch error {
        case .unreachable: "start the model server, or mend FETTLE_LLM_URL (an OpenAI base ends in /v1)"
        case .timedOut: "the model loads or computes too slowly: try again, or choose a smaller one in FETTLE_LLM_MODEL"
        case .unauthorized: "check FETTLE_LLM_API_KEY"
        case .rateLimited: "wait, or raise the limit at the provider"
        case .refused: "check FETTLE_LLM_MODEL: the server must know that name"
        case .serverFailed, .malformed, .empty, .withheld:
            "look at the model server's own log; check that FETTLE_LLM_URL is its API and not a web page"
        case .overBudget: "raise FETTLE_LLM_DAILY_TOKENS or FETTLE_LLM_DAILY_USD, or wait for the next day"
        case .cutOff, .cancelled: "try again"
        }
    }
}
