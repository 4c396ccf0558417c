import Testing

@testable import fettle

@Suite struct ReadinessTests {
    @Test func `a server with nothing configured is not ready and says so`() throws {
        #expect(try readiness([:]).isReady == false)
    }

    @Test func `credentials without a webhook secret are not ready: no delivery could be verified`() throws {
        let github = try readiness(["FETTLE_GITHUB_TOKEN": "t"])
        #expect(github.problems.count == 1)
        #expect(github.problems[0].contains("FETTLE_GITHUB_WEBHOOK_SECRET"))
        #expect(try readiness(["FETTLE_GITEA_URL": "https://git.example.com", "FETTLE_GITEA_TOKEN": "t"]).isReady == false)
    }

    @Test func `one whole forge is enough, and the other does not count`() throws {
        #expect(try readiness(["FETTLE_GITHUB_TOKEN": "t", "FETTLE_GITHUB_WEBHOOK_SECRET": "s"]).isReady)
        #expect(try readiness(["FETTLE_GITEA_URL": "https://git.example.com", "FETTLE_GITEA_WEBHOOK_SECRET": "s"]).isReady)
    }

    @Test func `a webhook secret without a credential is ready and said at start: no job could answer`() throws {
        let configuration = try Configuration(environment: ["FETTLE_GITHUB_WEBHOOK_SECRET": "a-long-enough-secret"], file: [:]) { _ in "" }
        #expect(Readiness(configuration).isReady)
        #expect(Readiness.surprises(in: configuration).count == 1)
    }

    @Test func `a webhook secret that can be guessed is said at start`() throws {
        let settings = ["FETTLE_GITHUB_TOKEN": "t", "FETTLE_GITHUB_WEBHOOK_SECRET": "short"]
        let configuration = try Configuration(environment: settings, file: [:]) { _ in "" }
        #expect(Readiness.surprises(in: configuration).map { $0.contains("openssl rand") } == [true])
    }

    @Test func `failure reports alone make a server ready`() throws {
        #expect(try readiness(["FETTLE_REPORT_FAILURE_OPEN": "true"]).isReady)
    }

    private func readiness(_ environment: [String: String]) throws -> Readiness {
        Readiness(try Configuration(environment: environment, file: [:]) { _ in "" })
    }
}
