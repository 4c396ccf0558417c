package import Basics
package import HTTP

/// Speaks with one cluster. A call is tried up to three times while the cluster is busy or away; then the error says what to do.
package struct KubernetesClient: Sendable {
    package let access: ClusterAccess
    let http: any HTTPClient
    let clock: any Clock
    private let random: any RandomSource
    private let log: Logger
    private let readFile: @Sendable (String) throws -> String

    static let mostAttempts = 3
    static let backoff = Backoff(first: .milliseconds(300), longest: .seconds(3))
    /// A longer wait is the caller's to decide.
    static let patience = Duration.seconds(5)

    /// - Parameter readFile: reads the token of a pod's account, which the cluster renews.
    package init(
        _ access: ClusterAccess, http: any HTTPClient, clock: any Clock, random: any RandomSource, log: Logger,
        readFile: @escaping @Sendable (String) throws -> String
    ) {
        self.access = access
        self.http = http
        self.clock = clock
        self.random = random
        self.log = log
        self.readFile = readFile
    }

    /// `host:port`, for messages.
    package var cluster: String { access.server.split(separator: "/").last.map(String.init) ?? access.server }

    func read<Value: Decodable>(_ type: Value.Type, _ call: ClusterCall) async throws(ClusterError) -> Value {
        let response = try await send(call)
        do { return try ClusterWire.decode(type, response.body) } catch {
            throw .malformedReply(subject: call.subject, reason: error.reason)
        }
    }

    /// The answer of a call that went well (2xx).
    @discardableResult
    func send(_ call: ClusterCall) async throws(ClusterError) -> ClientResponse {
        var attempt = 0
        while true {
            attempt += 1
            let error: ClusterError
            do throws(ClusterError) { return try await sendOnce(call) } catch let thrown { error = thrown }
            guard error.mayPass, error != .cancelled, attempt < Self.mostAttempts else { throw error }
            var wait = Self.backoff.wait(afterAttempt: attempt, chance: random.unit())
            if case .overloaded(_, let asked) = error { wait = max(wait, asked) }
            guard wait <= Self.patience else { throw error }
            do { try await clock.sleep(for: wait) } catch { throw .cancelled }
        }
    }

    private func sendOnce(_ call: ClusterCall) async throws(ClusterError) -> ClientResponse {
        var request = ClientRequest(
            call.method, call.address(on: access.server), headers: ["Accept": call.accept], body: call.body, deadline: call.deadline,
            responseLimit: max(call.limit, .kibibytes(64)))
        if call.body != nil { request.headers.add("Content-Type", call.contentType) }
        if let token = try token() { request.headers.add("Authorization", "Bearer \(token.reveal())") }
        let response: ClientResponse
        do throws(HTTPClientError) { response = try await http.send(request) } catch { throw self.error(error, call) }
        log.debug("cluster call", ["cluster.call": .string(call.subject), "http.status": .integer(Int64(response.status))])
        guard (200...299).contains(response.status) else { throw refusal(of: call, response) }
        return response
    }

    private func token() throws(ClusterError) -> Secret? {
        switch access.credential {
        case .none: return nil
        case .token(let token): return token
        case .tokenFile(let path):
            do { return Secret(try readFile(path).filter { !$0.isWhitespace }) } catch {
                throw .misconfigured(reason: "the token '\(path)' cannot be read: \(error)")
            }
        }
    }

    private func error(_ error: HTTPClientError, _ call: ClusterCall) -> ClusterError {
        switch error {
        case .responseTooLarge: .tooLarge(subject: call.subject, limit: call.limit.bytes)
        case .cancelled: .cancelled
        case .invalidRequest(let reason): .refused(subject: call.subject, reason: reason)
        case .notConnected, .timedOut, .interrupted: .unreachable(cluster: cluster, reason: error.description)
        }
    }

    private func refusal(of call: ClusterCall, _ response: ClientResponse) -> ClusterError {
        let reason = ClusterStatus.reason(in: response.body)
        switch response.status {
        case 401: return .unauthorized(cluster: cluster)
        case 403: return .forbidden(subject: call.subject, reason: reason)
        case 404: return .notFound(subject: call.subject)
        case 409: return .conflict(subject: call.subject, reason: reason)
        case 429:
            let seconds = response.headers["Retry-After"].flatMap { Int($0) } ?? 1
            return .overloaded(cluster: cluster, retryAfter: .seconds(min(max(seconds, 1), 3600)))
        case 500...599: return .serverFailed(cluster: cluster, status: response.status, reason: reason)
        case 300...399: return .malformedReply(subject: call.subject, reason: "redirected; give the API server's own address")
        default: return .refused(subject: call.subject, reason: reason.isEmpty ? "status \(response.status)" : reason)
        }
    }
}
