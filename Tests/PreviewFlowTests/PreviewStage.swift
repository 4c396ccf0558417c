import Basics
import Crypto
import Forge
import ForgeClients
import FoundationEssentials
import HTTP
import Jobs
import Policy
import Previews
import SandboxForge
import Storage
import Synchronization
import TestSupport

/// A driver that remembers what it was asked, and what it would run.
final class RecordingDriver: PreviewDriver {
    let kind = PreviewSettings.Driver.command

    struct State {
        var calls: [(name: String, commit: CommitID?)] = []
        var running: [PreviewIdentity: CommitID] = [:]
        var failure: PreviewFailure?
        /// Dies in the middle of a call: before it did anything, or after.
        var crash: (@Sendable () -> Bool)?
        var address: @Sendable (CommitID) -> String = { "http://\($0.short).test" }
    }

    let state = Mutex(State())

    func up(_ order: PreviewOrder) async throws(PreviewFailure) -> PreviewAddress {
        guard let commit = order.commit else { throw .overtaken }
        try mayCrash()
        let answer: Result<PreviewAddress, PreviewFailure> = state.withLock { state in
            state.calls.append(("up", commit))
            // Also a build that fails may leave something behind.
            state.running[order.preview] = commit
            if let failure = state.failure { return .failure(failure) }
            return PreviewAddress(state.address(commit)).map { .success($0) } ?? .failure(.overtaken)
        }
        try mayCrash()
        return try answer.get()
    }

    func down(_ order: PreviewOrder) async throws(PreviewFailure) {
        try mayCrash()
        state.withLock { state in
            state.calls.append(("down", order.commit))
            state.running[order.preview] = nil
        }
        try mayCrash()
    }

    func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>? { Set(state.withLock { $0.running }.keys) }

    private func mayCrash() throws(PreviewFailure) {
        if state.withLock({ $0.crash })?() == true {
            throw PreviewFailure(.unavailable, cause: "The process died.", nextStep: "Start it again.", mayPass: true)
        }
    }
}

/// Nothing is fetched.
struct NoSource: PreviewSource {
    func checkOut(_ commit: CommitID, of pull: PullRequestReference, into path: String) async throws(PreviewFailure) {}
}

/// Moves only by hand; short waits end at once, and the watch over a build waits until the build ends.
final class StandingClock: Clock {
    private let elapsed = Mutex(Duration.zero)

    var now: Timestamp { Timestamp(seconds: 1_800_000_000) + uptime }
    var uptime: Duration { elapsed.withLock { $0 } }

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    func sleep(for duration: Duration) async throws {
        if duration == .seconds(3) { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// The job over a sandbox forge, a database in memory and a driver that remembers.
struct PreviewStage {
    static let settings = "preview: {driver: command, up: [up], down: [down]}\n"

    let forge: SandboxForge
    let driver = RecordingDriver()
    let clock = StandingClock()
    let queue: JobQueue
    let world: PreviewWorld
    let name: RepositoryName
    let folder: TemporaryFolder
    let kind: ForgeKind

    struct Missing: Error {}

    init(
        settings: String = Self.settings, seed: UInt64 = 1, http: (any HTTPClient)? = nil, forge: SandboxForge = SandboxForge(),
        kind: ForgeKind = .github
    ) async throws {
        self.kind = kind
        guard let name = RepositoryName("octo/demo") else { throw Missing() }
        self.name = name
        self.forge = forge
        folder = try TemporaryFolder()
        forge.addRepository(name, files: [".fettle.yml": settings, "page.txt": "main\n"])
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations + PreviewRecords.migrations)
        queue = JobQueue(database: database, clock: clock, random: SeededRandom(seed: seed))
        let access = try Self.access(kind, http ?? LoopbackHTTPClient(forge), clock, SeededRandom(seed: seed))
        world = PreviewWorld(
            forges: access, drivers: [driver], source: NoSource(), folders: PreviewFolders(root: folder.path + "/previews"),
            redactor: Redactor(), marker: EffectMarker(key: Secret("a marker key")))
    }

    private static func access(_ kind: ForgeKind, _ http: any HTTPClient, _ clock: StandingClock, _ random: SeededRandom) throws
        -> any ForgeAccess
    {
        if kind == .gitea {
            let settings = GiteaSettings(url: "http://sandbox.test", token: Secret("a token"))
            return GiteaAccess(settings, http: http, clock: clock, random: random)
        }
        let settings = GitHubSettings(url: "http://sandbox.test", credential: .app(id: "42", key: try signingKey.get()))
        return GitHubAccess(settings, http: http, clock: clock, random: random)
    }

    /// One for all: making a key costs more than a whole sequence.
    private static let signingKey = Result { try SigningKey(pem: SigningKey.generatePEM(.es256)) }

    func open(_ branch: String = "one", fork: RepositoryName? = nil, isDraft: Bool = false) throws -> PullRequestReference {
        forge.push(to: branch, of: name, changes: ["page.txt": "first of \(branch)\n"])
        guard let pull = forge.openPullRequest(in: name, from: branch, title: "Change", isDraft: isDraft, fork: fork) else {
            throw Missing()
        }
        let repository = RepositoryReference(forge: kind, name: name, installation: pull.repository.installation)
        return PullRequestReference(repository: repository, number: pull.number)
    }

    /// One delivery's job, to its end.
    func look(at pull: PullRequestReference, ask: [String]? = nil) async throws {
        try await queue.runDirectly(
            PreviewRequest(pullRequest: pull, ask: ask).job, by: KeepPreview(world), settling: .zero, looksFirst: false)
    }

    func record(of pull: PullRequestReference) async throws -> PreviewRecord? {
        try await queue.database.read { try PreviewRecords.load(PreviewIdentity(pull), in: $0) }
    }

    var activeDeployments: [SandboxDeployment] { forge.deployments(in: name).filter { $0.states.last?.state != "inactive" } }
}
