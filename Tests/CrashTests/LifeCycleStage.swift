import Basics
import Crypto
import Forge
import Glibc
import HTTP
import SandboxForge
import TestSupport
import Testing

/// A forge with one repository whose runs fail and get well again, and the real server beside it, which is killed in between.
final class LifeCycleStage {
    let forge = SandboxForge(clock: LateClock())
    let name: RepositoryName
    private let kind: ForgeKind
    private let secret = Secret("crash-secret")
    private let http = CurlHTTPClient.loopback()
    private let folder: TemporaryFolder
    private let forgeServer: HTTPServer
    private var server: ServerProcess?
    private var told = 0
    private var pushed = 0

    init(_ kind: ForgeKind) throws {
        self.kind = kind
        name = try #require(RepositoryName("octo/shop"))
        folder = try TemporaryFolder()
        forgeServer = try HTTPServer.start(on: .anyLoopback, handler: forge)
        forge.addRepository(name, files: ["src/a.c": "int a;\n"])
        forge.push(to: "release", of: name, changes: ["VERSION": "1\n"])
    }

    var issues: [SandboxIssue] { forge.issues(in: name) }

    /// A new pull request, by its number.
    func openPullRequest() throws -> Int {
        forge.push(to: "topic", of: name, changes: ["src/a.c": "int b\n"])
        return try #require(forge.openPullRequest(in: name, from: "topic", title: "Topic")).number
    }

    /// What we said on it.
    func comments(on pull: Int) -> [String] { forge.comments(on: pull, in: name).filter { $0.author != "mona" }.map(\.body) }

    /// A run with one job for each log; a job without one succeeded.
    func run(
        _ jobs: [(name: String, log: String?)], on branch: String, conclusion: String? = nil, pull: Int? = nil, fork: String? = nil
    ) throws -> Int64 {
        let made = Self.sandboxJobs(jobs, conclusion)
        if pull == nil, fork == nil {
            pushed += 1
            forge.push(to: branch, of: name, changes: ["VERSION": "\(pushed)\n"])
        }
        return try #require(
            forge.addRun(
                "CI", on: branch, of: name, conclusion: made.conclusion, pullRequest: pull, fork: fork.flatMap { RepositoryName($0) },
                jobs: made.jobs))
    }

    func rerun(_ id: Int64, _ jobs: [(name: String, log: String?)]) {
        let made = Self.sandboxJobs(jobs, nil)
        forge.repeatRun(id, of: name, conclusion: made.conclusion, jobs: made.jobs)
    }

    private static func sandboxJobs(
        _ jobs: [(name: String, log: String?)], _ conclusion: String?
    ) -> (conclusion: String, jobs: [(name: String, conclusion: String, log: String)]) {
        let failed = jobs.contains { $0.log != nil }
        let made = jobs.map { job -> (name: String, conclusion: String, log: String) in
            (job.name, conclusion == "cancelled" ? "cancelled" : job.log == nil ? "success" : "failure", job.log ?? "")
        }
        return (conclusion ?? (failed ? "failure" : "success"), made)
    }

    /// Tells of the run's end until it was heard, and once more; the server may die after `killAfter`. Returns at rest.
    func tell(_ run: Int64, killAfter: Duration?) async throws {
        told += 1
        let delivery = try #require(forge.runDelivery(run, of: name, from: kind, delivery: "delivery-\(told)", secret: secret))
        let clock = SystemClock()
        var isHeard = false
        if let killAfter {
            let (address, http, forge) = (try address(), http, forge)
            let sending = Task { (try? await forge.send(delivery, to: address, with: http))?.status == 202 }
            try await clock.sleep(for: killAfter)
            server?.killNow()
            server = nil
            isHeard = await sending.value
        }
        let deadline = clock.uptime + .seconds(30)
        while !isHeard, clock.uptime < deadline { isHeard = (try? await forge.send(delivery, to: address(), with: http))?.status == 202 }
        #expect(isHeard, "a living server hears what it is told")
        try await rest()
        // The forge's own button: the same delivery again.
        _ = try? await forge.send(delivery, to: address(), with: http)
        try await rest()
    }

    func end() async {
        let status = server?.stop()
        #expect(status == nil || status == 0)
        await forgeServer.stop(within: .seconds(1))
    }

    private func address() throws -> String {
        if let server { return server.address + "/webhooks/\(kind.rawValue)" }
        var environment = [
            "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite", "FETTLE_LOG_LEVEL": "warning",
            "FETTLE_AUDIT_KEY": String(repeating: "k", count: 32), "FETTLE_LEASE": "1", "SWIFT_BACKTRACE": "enable=no",
        ]
        switch kind {
        case .github:
            environment["FETTLE_GITHUB_URL"] = "http://\(forgeServer.address)"
            environment["FETTLE_GITHUB_APP_ID"] = "1"
            environment["FETTLE_GITHUB_PRIVATE_KEY_FILE"] = try keyFile()
            environment["FETTLE_GITHUB_WEBHOOK_SECRET"] = secret.reveal()
        case .gitea:
            environment["FETTLE_GITEA_URL"] = "http://\(forgeServer.address)"
            environment["FETTLE_GITEA_TOKEN"] = "a gitea token"
            environment["FETTLE_GITEA_WEBHOOK_SECRET"] = secret.reveal()
        }
        let started = try ServerProcess(environment: environment, log: folder.path + "/server.log")
        server = started
        return started.address + "/webhooks/\(kind.rawValue)"
    }

    private func keyFile() throws -> String {
        let path = folder.path + "/app.pem"
        if access(path, F_OK) == 0 { return path }
        let file = try #require(fopen(path, "w"))
        fputs(try SigningKey.generatePEM(.rs256).reveal(), file)
        fclose(file)
        return path
    }

    /// Waits until no job and no delivery is open.
    private func rest() async throws {
        let clock = SystemClock()
        let deadline = clock.uptime + .seconds(60)
        let metrics = try address().split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//") + "/metrics"
        while clock.uptime < deadline {
            let answer = try? await http.send(ClientRequest(.get, metrics, deadline: .seconds(5)))
            if let answer, String(decoding: answer.body, as: UTF8.self).contains("\nfettle_jobs_open 0\n") { return }
            try await clock.sleep(for: .milliseconds(10))
        }
        Issue.record("jobs are still open after a minute")
    }
}
