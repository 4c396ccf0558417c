import Basics
import Crypto
import Forge
import Glibc
import HTTP
import Jobs
import SandboxForge
import Storage
import TestSupport
import Testing

/// A forge that lives through everything, and the real server beside it, which does not.
///
/// The forge behaves as GitHub with a redelivery sweep: what was not answered 2xx is sent again, what was is not.
final class CrashStage {
    private let forge = SandboxForge()
    private let secret = Secret("crash-secret")
    private let http = CurlHTTPClient()
    private let folder: TemporaryFolder
    private let forgeServer: HTTPServer
    private var server: ServerProcess?
    private var pulls: [PullRequestReference] = []
    private var unanswered: [SandboxDelivery] = []
    private(set) var kills = 0
    private(set) var starts = 0

    var database: String { folder.path + "/fettle.sqlite" }
    private var log: String { folder.path + "/server.log" }

    init() throws {
        folder = try TemporaryFolder()
        forgeServer = try HTTPServer.start(on: .anyLoopback, handler: forge)
    }

    /// Opens pull requests, each in a repository of its own; their deliveries wait to be sent.
    func open(pullRequests count: Int) throws {
        for _ in 0..<count {
            let pull = try #require(SandboxSample.seed(forge, repository: "octo/demo-\(pulls.count)"))
            let delivery = forge.pullRequestDelivery("opened", pull, id: "delivery-\(pulls.count)", secret: secret)
            unanswered.append(try #require(delivery))
            pulls.append(pull)
        }
    }

    func inject(_ fault: SandboxFault) { forge.inject(fault) }

    func start(crashAt: String? = nil) throws {
        var environment = [
            "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": "sqlite:\(database)", "FETTLE_GITHUB_URL": "http://\(forgeServer.address)",
            "FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": try keyFile(), "FETTLE_GITHUB_WEBHOOK_SECRET": secret.reveal(),
            "SWIFT_BACKTRACE": "enable=no",
        ]
        environment["FETTLE_CRASH_AT"] = crashAt
        server = try ServerProcess(environment: environment, log: log)
        starts += 1
    }

    /// Our marks count on objects of our own identity only, so the harness is a real App with a key.
    private func keyFile() throws -> String {
        let path = folder.path + "/app.pem"
        if access(path, F_OK) == 0 { return path }
        let file = try #require(fopen(path, "w"))
        fputs(try SigningKey.generatePEM(.rs256).reveal(), file)
        fclose(file)
        return path
    }

    /// Sends what was never answered 2xx, once each.
    func sendUnanswered() async {
        guard let server else { return }
        var left: [SandboxDelivery] = []
        for delivery in unanswered {
            let answer = try? await forge.send(delivery, to: server.address + "/webhooks/github", with: http)
            if (200..<300).contains(answer?.status ?? 0) == false { left.append(delivery) }
        }
        unanswered = left
    }

    func kill() {
        server?.killNow()
        server = nil
        kills += 1
    }

    /// Whether the server killed itself at its crash point within `limit`.
    func died(within limit: Duration) async throws -> Bool {
        let end = SystemClock().uptime + limit
        while SystemClock().uptime < end {
            if server?.isDead == true {
                server = nil
                kills += 1
                return true
            }
            // Another process is waited for: there is no clock of ours to move.
            try await SystemClock().sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Lets the server, started anew if need be, come to rest; then compares the forge with what must be there.
    func settleAndCompare(within limit: Duration) async throws {
        if server == nil { try start() }
        let end = SystemClock().uptime + limit
        while SystemClock().uptime < end {
            await sendUnanswered()
            if unanswered.isEmpty, pulls.allSatisfy({ isReviewed($0) }), try await openWork() == 0 { break }
            try await SystemClock().sleep(for: .milliseconds(20))
        }
        #expect(unanswered.isEmpty)
        #expect(try await openWork() == 0, "jobs or deliveries are still open")
        for pull in pulls { compare(pull) }
        #expect(server?.stop() == 0)
        try await checkRows()
        await forgeServer.stop(within: .seconds(1))
    }

    private func isReviewed(_ pull: PullRequestReference) -> Bool {
        forge.checks(in: pull.repository.name).contains { $0.status == "completed" }
    }

    private func compare(_ pull: PullRequestReference) {
        let checks = forge.checks(in: pull.repository.name)
        let reviews = forge.reviews(of: pull.number, in: pull.repository.name)
        let comments = forge.comments(on: pull.number, in: pull.repository.name)
        #expect(checks.map(\.status) == ["completed"], "\(pull.repository.name): one completed check")
        #expect(
            reviews.count == 1, "\(pull.repository.name): one review, not \(reviews.map { $0.comments.map { "\($0.path):\($0.line)" } })")
        #expect(comments.count <= 1, "\(pull.repository.name): at most one summary")
    }

    private func openWork() async throws -> Int {
        try await withSnapshot { snapshot in
            try await snapshot.read { transaction in
                let jobs = "SELECT COUNT(*) AS n FROM jobs WHERE state IN ('available', 'scheduled', 'retrying', 'running')"
                let deliveries = "SELECT COUNT(*) AS n FROM deliveries WHERE state = 'pending'"
                return try [jobs, deliveries].reduce(0) { try $0 + Int(transaction.query($1).first?.integer("n") ?? 0) }
            }
        }
    }

    /// Rows agree with each other, no job failed, the audit log is whole.
    private func checkRows() async throws {
        try await withSnapshot { snapshot in
            #expect(try await QueueCheck.findings(in: snapshot).isEmpty)
            let failed = try await snapshot.read { try $0.query("SELECT last_error FROM jobs WHERE state = 'failed'") }
            #expect(failed.isEmpty)
            let (rows, checkpoints) = try await AuditLog(database: snapshot).sealed()
            guard case .sound = AuditChain.verify(rows: rows, checkpoints: checkpoints, key: nil) else {
                Issue.record("the audit log is broken")
                return
            }
        }
    }

    private func withSnapshot<Result>(_ body: (SQLiteSnapshot) async throws -> Result) async throws -> Result {
        let snapshot = try SQLiteSnapshot(path: database)
        do {
            let result = try await body(snapshot)
            await snapshot.close()
            return result
        } catch {
            await snapshot.close()
            throw error
        }
    }
}
