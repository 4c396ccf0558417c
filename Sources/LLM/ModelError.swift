package import Basics

/// Why a model gave no usable answer. Each says what an operator can do, and whether trying later helps.
package enum ModelError: Error, Sendable, Hashable {
    /// No connection: wrong address, server down.
    case unreachable(server: String, reason: String)
    case timedOut(server: String, after: Duration)
    /// The key was refused (401, 403).
    case unauthorized(server: String, reason: String)
    /// 429, with the wait the server asked for.
    case rateLimited(server: String, retryAfter: Duration?)
    /// The request itself was refused (400, 404, 413, 422): unknown model, too long a prompt, unsupported option.
    case refused(server: String, status: Int, reason: String)
    /// 5xx after all attempts.
    case serverFailed(server: String, status: Int, reason: String)
    /// `finish_reason: length`: the answer reached `longestAnswer`. What came is kept: whole findings in it may still be used.
    case cutOff(partial: UntrustedText, usage: TokenUsage)
    /// The server answered, but without text or tool calls.
    case empty(server: String)
    /// The server's answer is not the API's shape.
    case malformed(server: String, reason: String)
    /// A content filter withheld the answer.
    case withheld(server: String, reason: String)
    /// Nobody was asked: the repository's budget for today has no room for it. Our own words, with numbers.
    case overBudget(reason: String)
    case cancelled
}
