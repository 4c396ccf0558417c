import Basics
import Git
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

    func report(base: String, head: String, others: [Finding] = []) async throws -> ReviewReport {
        let local = try await LocalChange.load(from: repository, base: base, head: head)
        var settings = settings
        // The bound spares a conversation's readers; a terminal has room.
        settings.maximumInlineComments = .max
        let engine = ReviewEngine(settings: settings, redactor: redactor, random: random)
        let result = await engine.review(local.change, model: model, others: others)
        return ReviewReport(change: local.change, result: result, redactor: redactor)
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
