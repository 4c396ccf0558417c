import Basics
import Forge
import HTTP
import Jobs
import Policy
import Storage
import TestSelection

/// What a step leaves behind of its tests: with a server by telling it, else by the same job over a database in memory, with the
/// step's own token where that may write.
struct TestsPublication: Sendable {
    private let run: ActionRun
    private let repository: RepositoryReference?
    /// The pull request's own last commit: what is checked out is its merge, on which nobody would see a check.
    private let head: CommitID?
    /// Where the pull request's change began.
    let base: String?
    private let mayWrite: Bool
    private let usesServer: Bool

    init(_ run: ActionRun) {
        self.run = run
        let surroundings = run.surroundings
        let event = surroundings.eventPath.flatMap { try? JSONValue(parsing: InputFile.read($0, limit: 32 << 20)) }
        let pull = event?["pull_request"]
        repository = surroundings.repository.flatMap { RepositoryName($0) }.map { RepositoryReference(forge: .github, name: $0) }
        head = pull?["head"]?["sha"]?.string.flatMap { CommitID($0) }
        base = pull?["base"]?["sha"]?.string.flatMap { CommitID($0) }?.hex
        let isFork = surroundings.eventName == "pull_request" && pull?["head"]?["repo"]?["full_name"]?.string != surroundings.repository
        mayWrite = run.configuration.github?.credential != nil && run.inputs.postsComments && !isFork && repository != nil
        usesServer = run.inputs.server != nil && run.configuration.testsToken != nil && repository != nil
    }

    /// Where the history is. A fork's step has no token for the server: it takes the file.
    var historyWords: [String] {
        if usesServer, let server = run.inputs.server, let repository {
            let shown = head.map { ["--shown-on", $0.hex] } ?? []
            return ["--server", server, "--repository", "github:\(repository.name)"] + shown
        }
        return run.inputs.history.map { ["--history", $0] } ?? []
    }

    /// A check with what is chosen and why; a server was told already.
    func show(_ output: SelectionOutput) async {
        guard !usesServer, mayWrite, let repository, let head else { return }
        let message = TestSelectionMessage(id: newID, repository: repository, commit: head, notice: output.notice, leftOut: nil)
        do { try await perform(try TestsRequest(message), history: nil) } catch { warn("The choice is not shown as a check", error) }
    }

    /// Records, and gives what is known then. Not being able to tell anybody must not fail a step whose tests ran.
    func keep(_ recording: TestsRecordCommand.Recording, _ arguments: ParsedArguments) async throws -> TestCheckState {
        var coverage = recording.coverage.map { CoverageNotice($0) }
        if let measured = recording.measured { coverage?.proposal = await proposal(for: measured) }
        var state = TestCheckState()
        state.coverage = coverage
        switch try HistoryPlace(arguments, in: run.stepContext) {
        case .server(let server):
            do {
                try await server.send(recording.run, coverage: coverage, head: head?.hex ?? recording.run.commit)
            } catch {
                warn("The run is not recorded", error)
            }
            var alone = RunHistory()
            alone.add(recording.run)
            state.run = RunNotice(alone)
        case .file(let store):
            let before = store.read().history
            if mayWrite, let repository {
                let message = TestRunMessage(id: newID, repository: repository, commit: nil, run: recording.run, coverage: coverage)
                let bytes = store.read().problem == nil ? before.serialized() : nil
                let kept = try await perform(try TestsRequest(message), history: bytes, isDamaged: bytes == nil)
                try store.write(kept)
            } else {
                try TestsRecordCommand.keep(recording.run, in: store, run.stepContext)
            }
            let after = store.read().history
            state.run = RunNotice(after)
            state.missed = after.misses.count { !before.misses.contains($0) }
        }
        return state
    }

    /// What a model, where one is configured, would add to the tests.
    private func proposal(for measured: MeasuredChange) async -> String? {
        guard measured.coverage.uncoveredCount > 0, let asked = CaseProposal(run.configuration, in: run.stepContext) else { return nil }
        do {
            let outcome = try await asked.make(measured)
            if outcome.patch == nil { run.printGroup("fettle tests coverage", outcome.problems.joined(separator: "\n")) }
            return outcome.patch.flatMap { $0.utf8.count <= CoverageNotice.longestProposal ? $0 : nil }
        } catch {
            warn("No test case is proposed", error)
            return nil
        }
    }

    private var newID: String { run.context.random.identifier(at: run.context.clock.now) }

    /// The job of the server, here and now; the history after it.
    @discardableResult
    private func perform(_ request: TestsRequest, history: [UInt8]?, isDamaged: Bool = false) async throws -> RunHistory {
        let (clock, random) = (run.context.clock, run.context.random)
        let forges = try run.configuration.forges(http: CurlHTTPClient(), clock: clock, random: random, logger: .silent)
        let database = try SQLiteDatabase(.memory)
        try await database.migrate(Configuration.migrations)
        let queue = JobQueue(database: database, clock: clock, random: random)
        if let history { try await TestHistories.begin(request.repository, with: history, in: queue) }
        if isDamaged { try await TestHistories.begin(request.repository, with: [], in: queue) }
        let job = KeepTests(forges: forges, redactor: Redactor(secrets: run.configuration.secrets), marker: nil)
        do { try await queue.runDirectly(request.job, by: job) } catch let error as ForgeError {
            warn("What is known of the tests is in the summary alone", error)
        }
        let bytes = try await TestHistories.bytes(of: request.repository, in: queue)
        await database.close()
        return try bytes.map { try RunHistory(parsing: $0) } ?? RunHistory()
    }

    private func warn(_ title: String, _ error: any Error) {
        let words = Redactor(secrets: run.configuration.secrets).redact("\(error)").text
        run.print([WorkflowCommands.annotation(.notice, title: title, message: words)])
    }
}
