import Basics
import HTTP
import Jobs
import Kubernetes
import Storage
import TestSupport
import Testing

@testable import Webhooks

@Suite struct ReportFailureEndpointTests {
    @Test func `an answer that takes too long is promised within 25 seconds, and the request is on disk`() async throws {
        let clock = JumpingClock()
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations + FailureReports.migrations)
        let queue = JobQueue(database: database, clock: clock, random: SeededRandom(seed: 3))
        let endpoint = ReportFailureEndpoint(
            guardian: .open, readsCluster: true,
            repositories: ReportedRepositories(standard: ReportedRepositories.reference("gitea:octo/demo"), allowed: []), queue: queue,
            jobPages: "http://127.0.0.1:8080/jobs/", clock: clock)
        let body = Array(#"{"namespace": "ci", "pipelinerun": "build-1"}"#.utf8)
        let response = await endpoint.respond(to: HTTPRequest(method: .post, path: "/report-failure", body: body))
        let document = try JSONValue(parsing: response.bytes)
        #expect(response.status == 202)
        #expect(document["status"] == "accepted")
        #expect(clock.uptime <= .seconds(25))
        let job = try #require(try await queue.jobs().first)
        #expect(document["result"]?.string == "http://127.0.0.1:8080/jobs/\(job.id)")
        let again = await endpoint.respond(to: HTTPRequest(method: .post, path: "/report-failure", body: body))
        #expect(again.status == 202)
        #expect(try await queue.jobs().count == 1)
        await database.close()
    }

    @Test func `hostile bytes are refused and never trap`() {
        let random = SeededRandom(seed: 5)
        let good = Array(#"{"namespace": "ci", "pod_name": "a-b.c", "container_name": "x"}"#.utf8)
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0...Int(random.unit() * 5) {
                bytes[Int(random.unit() * Double(bytes.count - 1))] = UInt8(truncatingIfNeeded: random.next())
            }
            if case .success(let run) = ReportBody.read(bytes) {
                #expect(run.namespace.text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
            }
        }
    }
}
