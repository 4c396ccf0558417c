import Basics
import Forge
import HTTP

/// What to do after each attempt of one call: a state machine without clock or network.
///
/// - A read is tried three times in all when the server fails or the connection breaks.
/// - A write is sent again only when the forge certainly did not act: nothing was sent, or a rate limit turned it away.
/// - A rate limit is waited for as long as the call's patience lasts.
struct CallAttempts {
    enum Outcome {
        case answered(ClientResponse)
        case failed(HTTPClientError)
    }

    enum Step {
        case finish(ClientResponse)
        case repeatAfter(Duration)
        case fail(ForgeError)
    }

    static let most = 3
    static let backoff = Backoff(first: .milliseconds(500), longest: .seconds(8))

    let subject: String
    let host: String
    let writes: Bool
    let limit: ByteCount
    private(set) var patience: Duration
    private var attempts = 0
    private var rateLimits = 0

    init(of call: ForgeCall, host: String, patience: Duration) {
        subject = call.subject
        writes = call.writes
        limit = call.limit
        self.host = host
        self.patience = patience
    }

    mutating func handle(_ outcome: Outcome, now: Timestamp, chance: Double) -> Step {
        attempts += 1
        switch outcome {
        case .answered(let response):
            if let wait = RateLimit.wait(after: response, now: now) { return waitForLimit(wait) }
            guard (500...599).contains(response.status) else { return .finish(response) }
            if writes { return .fail(.ambiguous(resource: subject, reason: "\(host) answered \(response.status)")) }
            return again(chance) ?? .fail(.serverFailed(host: host, status: response.status))
        case .failed(let error): return handle(error, chance: chance)
        }
    }

    private mutating func handle(_ error: HTTPClientError, chance: Double) -> Step {
        switch error {
        case .invalidRequest(let reason): return .fail(.refused(resource: subject, reason: reason))
        case .responseTooLarge where !writes: return .fail(.tooLarge(resource: subject, limit: limit.bytes))
        case .cancelled where !writes: return .fail(.cancelled)
        case .notConnected(_, let reason): return again(chance) ?? .fail(.unreachable(host: host, reason: reason))
        case .timedOut, .interrupted, .responseTooLarge, .cancelled:
            let reason = Self.reason(error)
            if writes { return .fail(.ambiguous(resource: subject, reason: reason)) }
            return again(chance) ?? .fail(.unreachable(host: host, reason: reason))
        }
    }

    private mutating func again(_ chance: Double) -> Step? {
        guard attempts < Self.most else { return nil }
        let wait = Self.backoff.wait(afterAttempt: attempts, chance: chance)
        guard wait <= patience else { return nil }
        patience -= wait
        return .repeatAfter(wait)
    }

    /// The forge's own wait, a little longer each time; never shorter, because GitHub bans clients that ask too early.
    private mutating func waitForLimit(_ asked: Duration) -> Step {
        attempts -= 1
        rateLimits += 1
        let wait = asked * rateLimits
        guard rateLimits <= Self.most, wait <= patience else { return .fail(.rateLimited(retryAfter: asked)) }
        patience -= wait
        return .repeatAfter(wait)
    }

    private static func reason(_ error: HTTPClientError) -> String {
        switch error {
        case .timedOut(_, let after): "no answer within \(after)"
        case .interrupted(_, let reason), .notConnected(_, let reason), .invalidRequest(let reason): reason
        case .responseTooLarge(_, let limit): "an answer longer than \(limit) bytes"
        case .cancelled: "cancelled while waiting for the answer"
        }
    }
}
