import Basics
package import Forge
import Generators
package import Policy
import Storage

/// A pull request whose generated files are to be compared with what its head says of itself.
package struct ReportDriftRequest: Sendable, Hashable, Codable {
    package static let kind = "report-drift"

    package let pullRequest: PullRequestReference

    package init(pullRequest: PullRequestReference) {
        self.pullRequest = pullRequest
    }

    package var job: JobRequest {
        let key = "\(Self.kind):\(ReviewRequest.concurrencyKey(pullRequest))"
        return JobRequest(
            kind: Self.kind, lane: .analysis, payload: JSONValue(encoding: self), concurrencyKey: key, supersedesOlder: true, maxAttempts: 4
        )
    }

    /// Only repositories in which we proposed files have any to compare: nobody else costs a call.
    static func isWorthIt(in repository: RepositoryReference, _ transaction: any Transaction) throws -> Bool {
        let key = SetupDesk.key(repository)
        let sql = "SELECT 1 AS found FROM effects WHERE stable_key >= ? AND stable_key < ? LIMIT 1"
        return try !transaction.query(sql, [.text("\(key):pull:"), .text("\(key):pull;")]).isEmpty
    }
}

/// Says on a pull request's head whether the generated files still follow from the repository: a neutral check with the difference.
package struct ReportDrift: JobHandler {
    package static let checkName = "fettle / generated"

    package let kind = ReportDriftRequest.kind
    private let forges: any ForgeAccess
    private let hygiene: OutputHygiene
    private let marker: EffectMarker

    package init(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker) {
        self.forges = forges
        hygiene = OutputHygiene(redactor: redactor)
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ReportDriftRequest.self)
        let repository = request.pullRequest.repository
        let client = try await forges.client(for: repository)
        let pull = try await client.pullRequest(request.pullRequest)
        guard pull.state == .open, let reader = client as? any TreeReader else { return .done }
        let head = pull.head.commit
        let files = RemoteFiles(try await reader.tree(at: head, in: repository))
        let branch = pull.base.branch.raw
        let proposal = try await RemoteReading(client: client, repository: repository, commit: head).settle(files) {
            SetupProposal(of: $0, on: repository.forge, branch: branch)
        }
        guard let verdict = verdict(proposal, files) else { return .done }
        let key = "drift:\(ReviewRequest.concurrencyKey(request.pullRequest))@\(head)"
        let draft = CheckDraft(
            name: Self.checkName, commit: head, status: .completed(verdict.conclusion), title: verdict.title, summary: verdict.summary,
            annotations: [], externalID: marker.code(for: key))
        let effect = Effect(stableKey: key, kind: "check", content: "\(verdict.title.text)\n\(verdict.summary.text)")
        let probe: EffectStore.Probe = {
            try await client.checks(on: head, in: repository, externalID: draft.externalID).first.map(String.init)
        }
        _ = try await job.effects.perform(effect, probe: probe) { known in
            if let id = known.flatMap({ Int64($0) }) {
                try await client.updateCheck(id, in: repository, draft)
                return "\(id)"
            }
            return "\(try await client.createCheck(in: repository, draft))"
        }
        return .done
    }

    private typealias Verdict = (conclusion: CheckDraft.Conclusion, title: PublishableText, summary: PublishableText)

    /// `nil` where nothing of ours stands.
    private func verdict(_ proposal: SetupProposal, _ files: RemoteFiles) -> Verdict? {
        let isOurs = files.paths.contains { path in
            SetupDesk.mayBeGenerated(path) && files.bytes(of: path).map { SetupDesk.isGenerated($0) } ?? false
        }
        guard isOurs else { return nil }
        if let conflict = proposal.model.conflicts.first {
            return (
                .neutral, hygiene.publishPlain("The evidence for the generated files says two things"),
                hygiene.publishPlain(UntrustedText("\(conflict.field): \(conflict.message)"))
            )
        }
        let drifted = proposal.files.filter { !$0.isNew }
        guard !drifted.isEmpty else {
            return (
                .success, hygiene.publishPlain("The generated files are up to date"),
                hygiene.publishPlain("They say what this repository says of itself at this commit.")
            )
        }
        var summary: Markdown =
            "What the repository says changed, and these files do not follow yet. `/generate` proposes the change; so does `fettle generate workflow --repo .`"
        for file in drifted {
            let old = files.bytes(of: file.path).map { String(decoding: $0, as: UTF8.self) }
            summary += .fence(UntrustedText(String(LineDiff.unified(old, file.text, path: file.path).prefix(8_000))), language: "diff")
        }
        return (
            .neutral, hygiene.publishPlain(UntrustedText("Behind the repository: \(drifted.map(\.path).joined(separator: ", "))")),
            hygiene.publish(summary)
        )
    }
}
