import Basics
import FailureAnalysis
import Forge
package import LLM
package import Policy
import Storage

/// Asks a model about a cause that nobody has told yet, with tools that only read, and keeps of its answer what the log bears out.
package struct FailureExplainer: Sendable {
    private let model: any LanguageModel
    private let redactor: Redactor
    private let ceilings: FailureInvestigation.Ceilings

    package init(model: any LanguageModel, redactor: Redactor) {
        self.init(model: model, redactor: redactor, ceilings: FailureInvestigation.Ceilings())
    }

    init(model: any LanguageModel, redactor: Redactor, ceilings: FailureInvestigation.Ceilings) {
        self.model = model
        self.redactor = redactor
        self.ceilings = ceilings
    }

    /// The account with the model's explanation, or with why there is none. The spend is written down in either case.
    ///
    /// - Parameter tools: beside pages of the log, which are always there.
    func explain(
        _ account: FailureAccount, log: LogFile, tools: [any InvestigationTool], of repository: RepositoryReference, _ job: JobContext
    ) async throws -> FailureAccount {
        let source = InvestigationTools([LogPageTool(log, redactor: redactor)] + tools, redactor: redactor)
        let investigation = FailureInvestigation(
            model: model, tools: source, redactor: redactor, clock: job.clock, ceilings: ceilings)
        let quotes = LogQuotes(log, report: account.report)
        let explanation = await investigation.explain(account.report) { quotes.stand($0, in: $1) }
        try Task.checkCancellation()
        if explanation.requests > 0 {
            try await job.record(
                Spend(
                    repository: repository.name.description, model: model.profile.name, promptTokens: explanation.usage.input,
                    completionTokens: explanation.usage.output, cost: .zero))
        }
        var told = account
        told.explanation = ModelAccount(explanation, redactor: redactor)
        return told
    }
}

/// What is known of earlier failures in this repository.
struct PastIncidentsTool: InvestigationTool {
    private static let most = 20

    let repository: RepositoryReference
    let job: JobContext

    let definition = ToolDefinition(
        name: "past_incidents", description: "The newest known failures of this repository: class, first line, how often, what fixed them.",
        parameters: ["type": "object", "additionalProperties": false, "required": [], "properties": [:]])

    func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        let repository = repository
        let records: [IncidentRecord]
        do {
            records = try await job.read { try IncidentRows.newest(Self.most, of: repository, in: $0) }
        } catch {
            throw .unavailable("the records could not be read")
        }
        let lines = records.map { record in
            let state = record.incident.status == .open ? "open" : "fixed by \(record.fixedBy?.raw.prefix(12) ?? "an unknown commit")"
            let line = record.account.report.headline?.text.raw ?? "no line named a cause"
            return "\(record.failureClass.rawValue), \(Count.of(record.incident.occurrences, "time")), \(state): \(line.prefix(300))"
        }
        return UntrustedText(lines.isEmpty ? "none" : lines.joined(separator: "\n"))
    }
}
