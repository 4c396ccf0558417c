import Basics
import HTTP
import LLM

/// How one provider's API is spoken. Values only: sending, waiting and counting are `ModelExchange`'s.
protocol ModelProtocol: Sendable {
    /// What the server was found not to support, so far.
    associatedtype Dialect: Sendable

    func request(_ request: ModelRequest, dialect: Dialect) -> WireRequest

    /// What an answer with status 2xx means.
    func read(_ body: JSONValue, for request: ModelRequest) -> ReadReply

    /// The dialect to try next after a refusal with this message, or `nil` when asking differently would not help.
    func adapt(_ dialect: Dialect, status: Int, message: String) -> Dialect?
}

struct WireRequest: Sendable {
    var url: String
    var headers: HTTPHeaders
    var body: JSONValue
}

/// An answer of the right form, before the exchange adds who answered and after how many attempts.
enum ReadReply: Sendable {
    case reply(ModelReply)
    case cutOff(partial: UntrustedText, usage: TokenUsage)
    case empty
    case withheld(String)
    /// Status 2xx around an error, as some gateways answer.
    case failed(message: String, status: Int)
    case malformed(String)
}
