package import Basics
import Forge
package import HTTP
package import Jobs

/// `/tests/…`: CI steps send what ran and what was chosen, and ask for what is recorded. A job row before any answer.
package struct TestsEndpoint: Sendable {
    /// A run of a hundred thousand tests fits.
    package static let bodyLimit = ByteCount.mebibytes(32)

    private let token: Secret
    private let queue: JobQueue

    package init(token: Secret, queue: JobQueue) {
        self.token = token
        self.queue = queue
    }

    package func add(to router: inout Router) {
        router.post("/tests/runs", bodyLimit: Self.bodyLimit) { await take($0) { try TestsRequest(read($0, TestRunMessage.self)) } }
        router.post("/tests/selections", bodyLimit: Self.bodyLimit) {
            await take($0) { try TestsRequest(read($0, TestSelectionMessage.self)) }
        }
        router.get("/tests/history/{forge}/{owner}/{name}") { await history($0) }
    }

    // MARK: Taking

    private struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private func take(_ request: HTTPRequest, _ decode: ([UInt8]) throws -> TestsRequest) async -> HTTPResponse {
        if let refusal = refusal(of: request) { return refusal }
        guard request.body.count <= Self.bodyLimit.bytes else { return Self.answer(413, "the body is longer than 32 MiB") }
        let work: TestsRequest
        do { work = try decode(request.body) } catch { return Self.answer(400, "\(error)") }
        do {
            let job = try await queue.enqueue(work.job).id
            return .json(202, ["version": 1, "job": .string(job.rawValue)])
        } catch {
            return Self.unavailable
        }
    }

    private func read<Message: Decodable>(_ body: [UInt8], _ type: Message.Type) throws -> Message {
        do { return try JSONValue(parsing: body).decoded(as: type) } catch {
            throw Fault(description: "the body is not what 'fettle tests --server' of this version sends: \(error)")
        }
    }

    // MARK: Giving

    private func history(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = refusal(of: request) { return refusal }
        let parts = request.parameters
        guard let forge = parts["forge"].flatMap({ ForgeKind(rawValue: $0) }),
            let name = RepositoryName(owner: parts["owner"] ?? "", name: parts["name"] ?? "")
        else { return Self.answer(400, "write it as /tests/history/github/owner/name") }
        do {
            guard let bytes = try await TestHistories.bytes(of: RepositoryReference(forge: forge, name: name), in: queue) else {
                return Self.answer(404, "nothing is recorded of \(name)")
            }
            return HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: .bytes(bytes))
        } catch {
            return Self.unavailable
        }
    }

    // MARK: Answers

    private func refusal(of request: HTTPRequest) -> HTTPResponse? {
        if let shown = BearerToken.shown(in: request.headers), BearerToken.areEqual(shown, token) { return nil }
        var response = Self.answer(401, "show the token of FETTLE_TESTS_TOKEN: Authorization: Bearer …")
        response.headers.add("WWW-Authenticate", "Bearer")
        return response
    }

    private static var unavailable: HTTPResponse {
        var response = answer(503, "the database does not answer: ask again later")
        response.headers.add("Retry-After", "30")
        return response
    }

    private static func answer(_ status: Int, _ error: String) -> HTTPResponse { .json(status, ["version": 1, "error": .string(error)]) }
}
