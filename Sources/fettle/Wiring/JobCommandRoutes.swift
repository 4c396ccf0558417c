import Basics
import Crypto
import Dashboard
import HTTP
import Jobs

/// `fettle jobs retry|cancel` beside a server that holds an embedded database: two POST routes for this machine, for whoever may read the
/// database's key file. A browser can neither read that file nor send its token to us without being asked first.
struct JobCommandRoutes: Sendable {
    static let purpose = "jobs commands"

    let queue: JobQueue
    let token: Secret
    private let gate = LoopbackGuard()

    init(queue: JobQueue, token: Secret) {
        self.queue = queue
        self.token = token
    }

    func add(to router: inout Router) {
        router.post("/api/v1/jobs/{id}/retry") { await change($0) { try await queue.runAgain($0) } }
        router.post("/api/v1/jobs/{id}/cancel") { await change($0) { try await queue.cancel($0, reason: "cancelled by hand") } }
    }

    private func change(_ request: HTTPRequest, _ action: (JobID) async throws -> JobAction) async -> HTTPResponse {
        if let refusal = gate.refusal(of: request) { return refusal }
        let given = request.headers["Authorization"] ?? ""
        guard ConstantTime.areEqual(Array(given.utf8), Array("Bearer \(token.reveal())".utf8)) else {
            return answer(401, "error", "not allowed: 'fettle jobs' does it with the database's key file")
        }
        do {
            let id = JobID(rawValue: request.parameters["id"] ?? "")
            guard try await queue.job(id) != nil else { return answer(404, "error", "no such job") }
            if case .refuse(let refusal) = try await action(id) { return answer(409, "error", refusal.rawValue) }
            return answer(200, "result", "done")
        } catch {
            return answer(503, "error", "the database does not answer; the log says why")
        }
    }

    private func answer(_ status: Int, _ name: String, _ text: String) -> HTTPResponse {
        .json(status, ["version": 1, name: .string(text)])
    }
}
