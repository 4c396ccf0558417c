import Basics
import Forge
import HTTP
import Jobs
import Kubernetes
import Policy
import Previews
import Storage

/// The jobs of previews, run here and now for an operator.
struct PreviewBench: Sendable {
    private let queue: JobQueue
    private let world: PreviewWorld

    static func open(_ context: CommandContext, _ body: (PreviewBench) async throws -> ExitCode) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let logger = Logger.silent
        let forges = try configuration.forges(http: CurlHTTPClient(), clock: context.clock, random: context.random, logger: logger)
        return try await OperatorDatabase.with(OperatorDatabase.openForWriting(configuration)) { database in
            let marker = try await EffectMarker.load(from: database, override: configuration.markerKey)
            let cluster = try configuration.cluster(http: CurlHTTPClient(), clock: context.clock, random: context.random, logger: logger)
            let redactor = Redactor(secrets: configuration.secrets + (cluster?.access.secrets ?? []))
            let world = configuration.previewWorld(
                forges: forges, cluster: cluster, clock: context.clock, redactor: redactor, marker: marker)
            guard let world else {
                throw OperatorError("no driver for previews is allowed: set FETTLE_PREVIEW_ALLOW_COMMAND=true, or configure another one")
            }
            let queue = JobQueue(database: database, clock: context.clock, random: context.random)
            return try await body(PreviewBench(queue: queue, world: world))
        }
    }

    /// Obeys as if a maintainer had written it, and says how the preview is afterwards.
    static func ask(_ words: [String], _ arguments: ParsedArguments, _ context: CommandContext) async throws -> ExitCode {
        let identity = try identity(arguments)
        return try await open(context) { bench in
            let record = try await bench.keep(identity, asking: words)
            guard let record else {
                context.print("\(identity): no preview: the base branch asks for none, or the pull request is not open")
                return .done
            }
            context.print(PreviewReport.line(record, now: context.clock.now))
            return record.preview.phase == .failed ? .findings : .done
        }
    }

    /// Looks at all; what could not be taken down, a line each.
    func sweep(tell: (String) -> Void) async throws -> [String] {
        try await queue.runDirectly(PreviewSweep.recurring.request, by: PreviewSweep(world), looksFirst: false)
        let records = try await queue.database.read { try PreviewRecords.all(in: $0) }
        for record in records where record.preview.mayExist || record.preview.phase != .absent {
            do { _ = try await keep(record.identity, installation: record.installation, asking: nil) } catch {
                tell("\(record.identity): \(world.redactor.redact("\(error)").text)")
            }
        }
        return try await leaks()
    }

    func leaks() async throws -> [String] { try await PreviewLeaks(world: world, database: queue.database).report() }

    private func keep(_ identity: PreviewIdentity, installation: Int64? = nil, asking words: [String]?) async throws -> PreviewRecord? {
        let repository = RepositoryReference(forge: identity.forge, name: identity.repository, installation: installation)
        let pull = PullRequestReference(repository: repository, number: identity.number)
        try await queue.runDirectly(PreviewRequest(pullRequest: pull, ask: words).job, by: KeepPreview(world), looksFirst: false)
        return try await queue.database.read { try PreviewRecords.load(identity, in: $0) }
    }

    private static func identity(_ arguments: ParsedArguments) throws -> PreviewIdentity {
        let text = arguments.positionals.first ?? ""
        guard arguments.positionals.count == 1, let identity = PreviewIdentity(text) ?? PreviewIdentity("github:" + text) else {
            throw UsageError("name one pull request, as in octo/demo#5 or gitea:octo/demo#5")
        }
        return identity
    }
}
