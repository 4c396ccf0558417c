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

/// A forge that lives through everything, and real servers beside it, which do not.
///
/// The forge behaves as GitHub: it sends a delivery once, and again only when it is asked to.
final class CrashStage {
    /// What it sent looks a minute old: a delivery younger than ten seconds is not asked for again yet.
    let forge = SandboxForge(clock: LateClock())
    private let secret = Secret("crash-secret")
    private let http = CurlHTTPClient.loopback()
    private let engine: CrashEngine
    private let lease: Int?
    private let folder: TemporaryFolder
    private let database: CrashDatabase
    private let forgeServer: HTTPServer
    /// `nil` where a server is dead.
    private(set) var servers: [ServerProcess?]
    private(set) var pulls: [PullRequestReference] = []
    private var unsent: [SandboxDelivery] = []

    private var log: String { folder.path + "/server.log" }
    private var isAllReviewed: Bool { pulls.allSatisfy(isReviewed) }

    /// - Parameter lease: in seconds; `nil` for what users have.
    init(_ engine: CrashEngine = .sqlite, lease: Int? = 2) async throws {
        self.engine = engine
        self.lease = lease
        folder = try TemporaryFolder()
        database = try await CrashDatabase(engine, in: folder.path)
        forgeServer = try HTTPServer.start(on: .anyLoopback, handler: forge)
        servers = Array(repeating: nil, count: engine.replicas)
    }

    /// Opens pull requests, each in a repository of its own; their deliveries wait to be sent.
    func open(pullRequests count: Int) throws {
        for _ in 0..<count {
            let pull = try #require(SandboxSample.seed(forge, repository: "octo/demo-\(pulls.count)"))
            let delivery = forge.pullRequestDelivery("opened", pull, id: "delivery-\(pulls.count)", secret: secret)
            unsent.append(try #require(delivery))
            pulls.append(pull)
        }
    }

    /// Starts every server that is not running.
    func startAll() throws {
        for index in servers.indices where servers[index] == nil { try start(index) }
    }

    func start(_ index: Int = 0, crashAt: String? = nil) throws {
        var environment = [
            "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": database.address, "FETTLE_GITHUB_URL": "http://\(forgeServer.address)",
            "FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": try keyFile(), "FETTLE_GITHUB_WEBHOOK_SECRET": secret.reveal(),
            "FETTLE_AUDIT_KEY": String(repeating: "k", count: 32), "FETTLE_LOG_LEVEL": "warning", "SWIFT_BACKTRACE": "enable=no",
        ]
        environment["FETTLE_LEASE"] = lease.map { "\($0)" }
        environment["FETTLE_CRASH_AT"] = crashAt
        servers[index] = try ServerProcess(environment: environment, log: log)
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

    /// Sends what is new and what was asked for again, once each, to a server of the caller's choice among those that live.
    func deliver(choose: (Int) -> Int = { _ in 0 }) async {
        let living = servers.compactMap { $0?.address }
        if living.isEmpty { return }
        let sent = unsent + forge.takeRedeliveries()
        unsent = []
        for delivery in sent {
            let address = living[choose(living.count) % living.count]
            // A refusal and a lost answer look alike to the forge: it notes that it was not answered 2xx.
            _ = try? await forge.send(delivery, to: address + "/webhooks/github", with: http)
        }
    }

    func kill(_ index: Int = 0) {
        servers[index]?.killNow()
        servers[index] = nil
    }

    /// Whether the server killed itself at its crash point within `limit`.
    func died(within limit: Duration) async throws -> Bool {
        try await wait(limit) {
            guard servers[0]?.isDead == true else { return false }
            servers[0] = nil
            return true
        }
    }

    /// Waits for other processes: there is no clock of ours to move. Whether it came true.
    @discardableResult
    func wait(_ limit: Duration, until condition: () async throws -> Bool) async throws -> Bool {
        let end = SystemClock().uptime + limit
        while SystemClock().uptime < end {
            if try await condition() { return true }
            try await SystemClock().sleep(for: .milliseconds(10))
        }
        return try await condition()
    }

    /// Lets the servers, started anew if need be, come to rest; then compares the forge with what must be there.
    func settleAndCompare(within limit: Duration) async throws {
        try startAll()
        var nextStart = SystemClock().uptime + .seconds(15)
        try await wait(limit) {
            await deliver()
            if SystemClock().uptime > nextStart, try await openWork() == 0, !isAllReviewed {
                // A start asks for what was lost, and so does every hour: the run has no hour to wait.
                let status = servers[0]?.stop()
                #expect(status == 0)
                try start(0)
                nextStart = SystemClock().uptime + .seconds(15)
            }
            if !isAllReviewed { return false }
            return try await openWork() == 0
        }
        let lost = pulls.count { !isReviewed($0) }
        #expect(lost == 0, "\(lost) deliveries were lost")
        #expect(try await openWork() == 0, "jobs or deliveries are still open")
        for pull in pulls where forge.comments(on: pull.number, in: pull.repository.name).count != 1 { try await tell(of: pull) }
        for pull in pulls { compare(pull) }
        for index in servers.indices {
            let status = servers[index]?.stop()
            #expect(status == 0)
            servers[index] = nil
        }
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
        #expect(comments.count == 1, "\(pull.repository.name): one summary")
    }

    /// Prints what the audit log says of a pull request that came out wrong.
    private func tell(of pull: PullRequestReference) async throws {
        let rows = try await database.look { database in
            try await database.read { transaction in
                let sql = "SELECT at, action, subject, detail FROM audit WHERE subject LIKE ? ORDER BY id"
                return try transaction.query(sql, [.text("%\(pull.repository.name)#%")]).map {
                    "\(try $0.integer("at")) \(try $0.text("action")) \(try $0.text("subject")) \(try $0.text("detail"))"
                }
            }
        }
        StandardStreams.writeError(rows.joined(separator: "\n") + "\n")
    }

    private func openWork() async throws -> Int {
        try await database.look { database in
            try await database.read { transaction in
                // Every start queues a sweep: one may always be open.
                let jobs = """
                    SELECT COUNT(*) AS n FROM jobs WHERE state IN ('available', 'scheduled', 'retrying', 'running')
                    AND kind <> 'redelivery-sweep'
                    """
                let deliveries = "SELECT COUNT(*) AS n FROM deliveries WHERE state = 'pending'"
                return try [jobs, deliveries].reduce(0) { try $0 + Int(transaction.query($1).first?.integer("n") ?? 0) }
            }
        }
    }

    /// Rows agree with each other, no job failed, the audit log is whole.
    private func checkRows() async throws {
        try await database.look { database in
            #expect(try await QueueCheck.findings(in: database).isEmpty)
            let failed = try await database.read { try $0.query("SELECT last_error FROM jobs WHERE state = 'failed'") }
            let errors = try failed.map { try $0.text("last_error") }
            #expect(errors.isEmpty, "\(errors)")
            let (rows, checkpoints) = try await AuditLog(database: database).sealed()
            let key = AuditKey(Array(String(repeating: "k", count: 32).utf8))
            guard case .sound = AuditChain.verify(rows: rows, checkpoints: checkpoints, key: key) else {
                Issue.record("the audit log is broken")
                return
            }
        }
    }
}
