import Basics

/// What happened, and what an operator can do about it.
extension ModelError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let server, let reason):
            "the model server \(server) cannot be reached (\(reason)): check that it runs and that FETTLE_LLM_URL is its address"
        case .timedOut(let server, let limit):
            "the model server \(server) did not answer within \(limit.components.seconds) s: it is overloaded, or the model is too slow"
        case .unauthorized(let server, let reason): "the model server \(server) refused the key (\(reason)): check FETTLE_LLM_API_KEY"
        case .rateLimited(let server, let wait):
            "the model server \(server) limits our requests\(wait.map { ", for \($0.components.seconds) s more" } ?? ""): try later, or raise "
                + "the limit there"
        case .refused(let server, let status, let reason):
            "the model server \(server) refused the request with status \(status) (\(reason)): check FETTLE_LLM_MODEL and FETTLE_LLM_URL"
        case .serverFailed(let server, let status, let reason):
            "the model server \(server) failed with status \(status) (\(reason)): its own log tells why; trying later may help"
        case .cutOff: "the model's answer was longer than allowed and was cut off: allow longer answers, or use a model that is briefer"
        case .empty(let server): "the model server \(server) answered without any text: try another model"
        case .malformed(let server, let reason):
            "the model server \(server) did not answer in the form of its API (\(reason)): check FETTLE_LLM_URL and FETTLE_LLM_PROVIDER"
        case .withheld(let server, let reason): "the model server \(server) withheld the answer (\(reason))"
        case .overBudget(let reason): "the budget for today is used up (\(reason)): raise FETTLE_LLM_DAILY_TOKENS or FETTLE_LLM_DAILY_USD"
        case .cancelled: "the question to the model was cancelled"
        }
    }

    /// The same request may be answered later without anybody changing anything.
    package var mayPass: Bool {
        switch self {
        case .unreachable, .timedOut, .rateLimited, .serverFailed, .empty, .cancelled: true
        case .unauthorized, .refused, .cutOff, .malformed, .withheld, .overBudget: false
        }
    }
}
