import Basics
package import Forge
package import Policy

/// Passes our check on a merge queue's commit; without it a queue that requires the check would wait for ever.
package struct ReportMergeGroup: JobHandler {
    package let kind = MergeGroupRequest.kind
    private let forges: any ForgeAccess
    private let hygiene: OutputHygiene
    private let marker: EffectMarker

    package init(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker) {
        self.forges = forges
        hygiene = OutputHygiene(redactor: redactor)
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: MergeGroupRequest.self)
        let client = try await forges.client(for: request.repository)
        let stableKey = "check:\(request.repository.key)@\(request.commit)"
        let draft = CheckDraft(
            name: ReviewCheck.name, commit: request.commit, status: .completed(.success),
            title: hygiene.publishPlain("Reviewed on its pull request"),
            summary: hygiene.publishPlain("Each pull request in this merge group was reviewed on its own."), annotations: [],
            externalID: marker.code(for: stableKey))
        let effect = Effect(stableKey: stableKey, kind: "check", content: draft.title.text)
        let probe: EffectStore.Probe = {
            try await client.checks(on: request.commit, in: request.repository, externalID: draft.externalID).first.map(String.init)
        }
        _ = try await job.effects.perform(effect, probe: probe) { known in
            if let known { return known }
            return String(try await client.createCheck(in: request.repository, draft))
        }
        return .done
    }
}
