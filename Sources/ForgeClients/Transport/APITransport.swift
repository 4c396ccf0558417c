import Basics
import Forge
import HTTP

/// How a forge is reached: what is the same for every call to it.
struct APIEndpoint: Sendable {
    /// Without a slash at the end.
    let base: String
    /// Sent with every call.
    let headers: HTTPHeaders
    /// The longest a call waits for rate limits and between attempts, beside the time of the attempts themselves.
    let patience: Duration
    /// One attempt's deadline.
    let deadline: Duration

    init(base: String, headers: HTTPHeaders, patience: Duration, deadline: Duration = .seconds(30)) {
        var base = base[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        self.base = String(base)
        self.headers = headers
        self.patience = patience
        self.deadline = deadline
    }

    /// `scheme://host[:port]`: where our credential may go.
    var origin: String { Self.origin(of: base) }
    var host: String { String(origin.split(separator: "/").last ?? "") }

    static func origin(of address: String) -> String {
        address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).joined(separator: "/").lowercased()
    }
}

/// Sends calls with a credential, waits and repeats as `CallAttempts` says, and turns refusals into errors.
struct APITransport: Sendable {
    let endpoint: APIEndpoint
    let credential: any ForgeCredential
    let http: any HTTPClient
    let clock: any Clock
    let random: any RandomSource
    let log: Logger
    /// Room for the text of a refusal, however little the answer itself may be: callers compare the answer with their limit.
    static let refusalSize = ByteCount.kibibytes(64)
    /// `nil` where the forge has no ETags, or for calls that never repeat.
    let cache: ResponseCache?

    /// The answer of a call that went well (2xx).
    func send(_ call: ForgeCall) async throws(ForgeError) -> ClientResponse {
        let response = try await deliver(call)
        guard (200...299).contains(response.status) else { throw refusal(of: call, response) }
        return response
    }

    /// The answer whatever its status, after retries; redirects within the same server are followed.
    func deliver(_ call: ForgeCall) async throws(ForgeError) -> ClientResponse {
        var call = call
        for _ in 0..<4 {
            let response = try await deliverAuthorized(call)
            guard call.followsRedirects, let target = redirect(of: call, response) else { return response }
            call.path = target
            call.query = []
        }
        throw .malformedReply(resource: call.subject, reason: "redirected too often")
    }

    private func deliverAuthorized(_ call: ForgeCall) async throws(ForgeError) -> ClientResponse {
        guard let authorization = try await credential.authorization(refused: nil) else {
            throw .unauthorized(host: endpoint.host, reason: "no credential is configured")
        }
        let response = try await attempt(call, authorization)
        // A 401 did nothing, so even a write may be sent again with a fresh token.
        guard response.status == 401, let fresh = try await credential.authorization(refused: authorization) else { return response }
        return try await attempt(call, fresh)
    }

    private func attempt(_ call: ForgeCall, _ authorization: String) async throws(ForgeError) -> ClientResponse {
        try await repeating(call) { await sendOnce(call, authorization) }
    }

    /// What an address the forge gave holds. No credential and none of our headers go along: it is usually another server's.
    func download(_ address: String, for call: ForgeCall) async throws(ForgeError) -> ClientResponse {
        let isPlain = !address.lowercased().hasPrefix("https://")
        guard !isPlain || APIEndpoint.origin(of: address) == endpoint.origin else {
            throw .malformedReply(resource: call.subject, reason: "redirected to an address without TLS")
        }
        let request = ClientRequest(
            .get, address, headers: ["User-Agent": "fettle"], deadline: endpoint.deadline, responseLimit: max(call.limit, Self.refusalSize))
        return try await repeating(call) {
            do throws(HTTPClientError) {
                return .answered(try await http.send(request))
            } catch {
                return .failed(error)
            }
        }
    }

    private func repeating(_ call: ForgeCall, _ send: () async -> CallAttempts.Outcome) async throws(ForgeError) -> ClientResponse {
        var attempts = CallAttempts(of: call, host: endpoint.host, patience: endpoint.patience)
        while true {
            let outcome = await send()
            switch attempts.handle(outcome, now: clock.now, chance: random.unit()) {
            case .finish(let response): return response
            case .fail(let error): throw error
            case .repeatAfter(let wait):
                log.info("forge call waits", ["forge.call": .string(call.subject), "wait.ms": .integer(wait.milliseconds)])
                do { try await clock.sleep(for: wait) } catch { throw .cancelled }
            }
        }
    }

    private func sendOnce(_ call: ForgeCall, _ authorization: String) async -> CallAttempts.Outcome {
        var request = ClientRequest(
            call.method, address(of: call), headers: endpoint.headers, body: call.body.map { $0.serialized() }, deadline: endpoint.deadline,
            responseLimit: max(call.limit, Self.refusalSize))
        request.headers.replace("Authorization", authorization)
        if let accept = call.accept { request.headers.replace("Accept", accept) }
        if call.body != nil { request.headers.replace("Content-Type", "application/json") }
        let key = "\(request.headers["Accept"] ?? "") \(request.url)"
        let cached = call.writes ? nil : cache?.entry(for: key)
        if let cached { request.headers.replace("If-None-Match", cached.etag) }
        do {
            let response = try await http.send(request)
            log.debug("forge call", ["forge.call": .string(call.subject), "http.status": .integer(Int64(response.status))])
            if response.status == 304, let cached { return .answered(cached.response) }
            if !call.writes { cache?.keep(response, for: key) }
            return .answered(response)
        } catch {
            return .failed(error)
        }
    }

    private func address(of call: ForgeCall) -> String {
        let path = call.path.hasPrefix("/") ? endpoint.base + call.path : call.path
        guard !call.query.isEmpty else { return path }
        return path + "?" + call.query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    /// Where a moved repository is now. A redirect to another server is returned to the caller: our credential does not go there.
    private func redirect(of call: ForgeCall, _ response: ClientResponse) -> String? {
        let follows = call.writes ? [307, 308] : [301, 302, 307, 308]
        guard follows.contains(response.status), let target = response.headers["Location"],
            APIEndpoint.origin(of: target) == endpoint.origin
        else { return nil }
        return target
    }
}
