import Basics
import Git
import Jobs
import LLM
import Policy
import Review

/// A review of commits on this machine: the same engine as for a pull request, nothing published.
struct LocalReview: Sendable {
    let repository: GitRepository
    let redactor: Redactor
    let model: (any LanguageModel)?
    let random: any RandomSource
    var settings = ReviewSettings()

    var refuter: (any LanguageModel)?
    var prices = PriceTable([])

    struct Outcome: Sendable {
        let report: ReviewReport
        /// For `--bundle`.
        let bundle: ReviewBundle
    }

    /// `severityFloor`: in place of the settings' own.
    func run(
        base: String, head: String, others: [Finding] = [], severityFloor: Severity? = nil, at now: Timestamp
    ) async throws -> Outcome {
        let local = try await LocalChange.load(from: repository, base: base, head: head)
        let (configuration, wishes) = try await wishes(at: local.from)
        var settings = wishes.applied(to: settings)
        if model != nil { settings.conventions = await conventions(at: local.from) }
        // The bound spares a conversation's readers; a terminal has room.
        settings.maximumInlineComments = .max
        if let severityFloor { settings.severityFloor = severityFloor }
        let engine = ReviewEngine(settings: settings, redactor: redactor, random: random)
        let recorded = model.map { RecordedModel($0) }
        let doubted = refuter.map { RecordedModel($0) }
        let ruled = engine.ruleFindings(in: local.change)
        let linted = WorkflowFindings.lint(local.change, beside: ruled, disabled: settings.disabledRules).findings
        var result = await engine.review(local.change, model: recorded, others: linted + others, refuter: doubted)
        result.notes = SettingsNote.lines(configuration.faults, wishes.faults)
        if local.isNothing { result.notes.append("'\(head)' (\(local.head.hex.prefix(12))) is '\(base)' itself or already part of it.") }
        if let model = result.model { result.usage.cost = prices.cost(result.usage.tokens, model: model, at: now) }
        let bundle = ReviewBundle(
            change: local.change, settings: settings, findings: ruled + linted + others,
            models: ReviewBundle.Models(main: recorded, refuter: doubted), redactor: redactor)
        return Outcome(report: ReviewReport(change: local.change, result: result, redactor: redactor), bundle: bundle)
    }
}

extension LocalReview {
    /// `.fettle.yml` as the common ancestor has it: a change does not set what it is judged by.
    private func wishes(at base: ObjectID) async throws -> (RepositoryConfiguration, RepositorySettings) {
        let bytes = try await repository.file(RepositoryConfiguration.path, at: base, limit: .mebibytes(1))
        let configuration = bytes.map { RepositoryConfiguration(parsing: $0) } ?? .none
        return (configuration, RepositorySettings(configuration["review"]))
    }

    /// What cannot be read is no reason to refuse a review.
    private func conventions(at base: ObjectID) async -> [RepositoryText] {
        var texts: [RepositoryText] = []
        for path in RepositoryText.paths {
            guard let bytes = try? await repository.file(path, at: base, limit: .kibibytes(256)) else { continue }
            let text = String(decoding: bytes.prefix(RepositoryText.largest.bytes), as: UTF8.self)
            texts.append(RepositoryText(path: path, text: UntrustedText(text)))
        }
        return texts
    }
}

extension ReviewResult {
    /// Findings shown at or above `threshold` come first: they are certain, whatever became of the model.
    func exitCode(failOn threshold: Severity?) -> ExitCode {
        if let threshold, placements.contains(where: { $0.disposition != .suppressed && $0.finding.severity >= threshold }) {
            return .findings
        }
        return status == .failed ? .failure : .done
    }
}

extension GitError {
    /// The caller named something that is not there, or not readable.
    var isUsage: Bool {
        switch self {
        case .notARepository, .unknownRevision, .invalidArgument, .historyCutOff: true
        case .missingObject, .tooLarge, .remoteFailed, .failed, .subprocess: false
        }
    }
}
