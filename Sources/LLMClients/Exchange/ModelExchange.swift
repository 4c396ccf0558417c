import Basics
import HTTP
import LLM
import Synchronization

/// One question to a server: at most three requests, one deadline over connecting, sending, waiting and the pauses between.
final class ModelExchange<Speech: ModelProtocol>: Sendable {
    private let speech: Speech
    private let server: ServerName
    private let http: any HTTPClient
    private let clock: any Clock
    private let random: any RandomSource
    private let dialect: Mutex<Speech.Dialect>
    private let attemptLimit = 3
    private let backoff = Backoff(first: .milliseconds(500), longest: .seconds(8))

    init(
        speech: Speech, dialect: Speech.Dialect, server: ServerName, http: any HTTPClient, clock: any Clock, random: any RandomSource
    ) {
        self.speech = speech
        self.dialect = Mutex(dialect)
        self.server = server
        self.http = http
        self.clock = clock
        self.random = random
    }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let end = clock.uptime + request.deadline
        var attempt = 1
        while true {
            let outcome = try await send(request, until: end)
            switch outcome {
            case .reply(var reply):
                reply.attempts = attempt
                return reply
            case .final(let error): throw error
            case .differently(let error):
                guard attempt < min(attemptLimit, request.mostAttempts) else { throw error }
            case .later(let error, let asked):
                guard attempt < min(attemptLimit, request.mostAttempts) else { throw error }
                let wait = max(asked ?? .zero, backoff.wait(afterAttempt: attempt, chance: random.unit()))
                guard clock.uptime + wait < end else { throw error }
                do { try await clock.sleep(for: wait) } catch { throw .cancelled }
            }
            attempt += 1
        }
    }

    private enum Outcome {
        case reply(ModelReply)
        case final(ModelError)
        /// Ask again at once: the dialect has changed.
        case differently(ModelError)
        case later(ModelError, after: Duration?)
    }

    private func send(_ request: ModelRequest, until end: Duration) async throws(ModelError) -> Outcome {
        let rest = end - clock.uptime
        guard rest > .zero else { throw .timedOut(server: server.name, after: request.deadline) }
        let spoken = dialect.withLock { $0 }
        let wire = speech.request(request, dialect: spoken)
        let sent = ClientRequest(
            .post, wire.url, headers: wire.headers, body: wire.body.serialized(), deadline: rest, connectTimeout: min(rest, .seconds(10)),
            responseLimit: .mebibytes(8))
        do {
            return judge(try await http.send(sent), to: request, spoken: spoken)
        } catch {
            return judge(error, deadline: request.deadline)
        }
    }

    private func judge(_ error: HTTPClientError, deadline: Duration) -> Outcome {
        switch error {
        case .cancelled: .final(.cancelled)
        case .timedOut: .final(.timedOut(server: server.name, after: deadline))
        case .notConnected(_, let reason): .later(.unreachable(server: server.name, reason: server.quote(reason)), after: nil)
        case .interrupted(_, let reason): .later(.unreachable(server: server.name, reason: server.quote(reason)), after: nil)
        case .responseTooLarge(_, let limit): .final(.malformed(server: server.name, reason: "more than \(limit) bytes"))
        case .invalidRequest(let reason): .final(.unreachable(server: server.name, reason: server.quote(reason)))
        }
    }

    private func judge(_ response: ClientResponse, to request: ModelRequest, spoken: Speech.Dialect) -> Outcome {
        guard (200..<300).contains(response.status) else {
            return judgeFailure(
                status: response.status, message: ErrorMessage.read(response), wait: RetryAfter.read(response.headers, at: clock.now),
                spoken: spoken)
        }
        guard let body = try? JSONValue(parsing: response.body) else {
            return .final(.malformed(server: server.name, reason: ErrorMessage.describe(notJSON: response)))
        }
        switch speech.read(body, for: request) {
        case .reply(let reply): return .reply(reply)
        case .cutOff(let partial, let usage): return .final(.cutOff(partial: partial, usage: usage))
        case .empty: return .final(.empty(server: server.name))
        case .withheld(let reason): return .final(.withheld(server: server.name, reason: server.quote(reason)))
        case .failed(let message, let status): return judgeFailure(status: status, message: message, wait: nil, spoken: spoken)
        case .malformed(let reason): return .final(.malformed(server: server.name, reason: server.quote(reason)))
        }
    }

    private func judgeFailure(status: Int, message: String, wait: Duration?, spoken: Speech.Dialect) -> Outcome {
        let reason = server.quote(message)
        switch status {
        case 401, 403: return .final(.unauthorized(server: server.name, reason: reason))
        case 429 where ErrorMessage.isAboutQuota(message): return .final(.refused(server: server.name, status: status, reason: reason))
        case 429: return .later(.rateLimited(server: server.name, retryAfter: wait), after: wait)
        case 408, 409, 425, 500...: return .later(.serverFailed(server: server.name, status: status, reason: reason), after: wait)
        default:
            let error = ModelError.refused(server: server.name, status: status, reason: reason)
            guard status == 400 || status == 422, let next = speech.adapt(spoken, status: status, message: message) else {
                return .final(error)
            }
            dialect.withLock { $0 = next }
            return .differently(error)
        }
    }
}
