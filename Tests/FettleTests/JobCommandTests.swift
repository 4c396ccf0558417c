import Basics
import HTTP
import Jobs
import Storage
import TestSupport
import Testing

@testable import fettle

/// `fettle jobs retry|cancel` beside a running server with an embedded database.
@Suite struct JobCommandTests {
    private static let key = AuditKey(Array("a key of thirty-two characters...".utf8))
    private static let token = key.token(for: JobCommandRoutes.purpose)

    private func stage() async throws -> (queue: JobQueue, router: Router, job: JobID) {
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations)
        let queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
        var router = Router()
        JobCommandRoutes(queue: queue, token: Self.token).add(to: &router)
        let job = try await queue.enqueue(JobRequest(kind: "work", payload: .null)).id
        return (queue, router, job)
    }

    private func request(
        _ job: JobID, _ verb: String, method: HTTPMethod = .post, host: String = "127.0.0.1:8080", bearer: Secret? = token
    ) -> HTTPRequest {
        var headers: HTTPHeaders = ["Host": host]
        if let bearer { headers.add("Authorization", "Bearer \(bearer.reveal())") }
        return HTTPRequest(method: method, path: "/api/v1/jobs/\(job)/\(verb)", headers: headers)
    }

    @Test func `whoever has the key's token cancels a job and runs it again`() async throws {
        let (queue, router, job) = try await stage()
        #expect(await router.respond(to: request(job, "cancel")).status == 200)
        #expect(try await queue.job(job)?.progress.state == .cancelled)
        #expect(await router.respond(to: request(job, "cancel")).status == 409)
        #expect(await router.respond(to: request(job, "retry")).status == 200)
        #expect(try await queue.job(job)?.progress.state == .available)
        #expect(await router.respond(to: request(JobID(rawValue: "nobody"), "cancel")).status == 404)
    }

    @Test func `nobody else changes a job: no other host name, no other method, no other token`() async throws {
        let (queue, router, job) = try await stage()
        #expect(await router.respond(to: request(job, "cancel", host: "evil.example")).status == 403)
        #expect(await router.respond(to: request(job, "cancel", method: .get)).status == 405)
        #expect(await router.respond(to: request(job, "cancel", bearer: nil)).status == 401)
        #expect(await router.respond(to: request(job, "cancel", bearer: Self.key.token(for: "else"))).status == 401)
        #expect(try await queue.job(job)?.progress.state == .available)
    }

    @Test func `the command asks the server that holds the database`() async throws {
        let (queue, router, job) = try await stage()
        let folder = try TemporaryFolder()
        try await withServer(router) { server in
            let configuration = try Configuration(
                environment: [
                    "FETTLE_LISTEN": "\(server.address)", "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite",
                    "FETTLE_AUDIT_KEY": "a key of thirty-two characters...",
                ], file: [:]
            ) { _ in "" }
            let running = try RunningServer(holding: "fettle.sqlite", configuration, http: CurlHTTPClient.loopback())
            #expect(try await running.change(job, "cancel") == .done)
            #expect(try await running.change(job, "cancel") == .refused(JobAction.Refusal.ended.rawValue))
            #expect(try await running.change(JobID(rawValue: "a/b"), "cancel") == .noSuchJob)
        }
        #expect(try await queue.job(job)?.progress.state == .cancelled)
    }

    @Test func `without an address to ask, the command says what to do`() throws {
        let configuration = try Configuration(environment: ["FETTLE_LISTEN": "127.0.0.1:0"], file: [:]) { _ in "" }
        #expect(throws: OperatorError.self) { try RunningServer(holding: "fettle.sqlite", configuration, http: CurlHTTPClient.loopback()) }
    }
}
