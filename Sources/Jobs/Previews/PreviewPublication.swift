import Basics
import Forge
import Policy
import Previews
import Storage

/// What the forge shows of one preview: a deployment for each push, a check, at most one comment. Made to fit the record, each thing once,
/// over crashes and repeats. A right that we were not given keeps the preview from nothing.
struct PreviewPublication: Sendable {
    let world: PreviewWorld
    let job: JobContext
    let pull: PullRequestReference
    let seen: PreviewLook.Seen

    var repository: RepositoryReference { pull.repository }
    var identity: PreviewIdentity { PreviewIdentity(pull) }
    var hygiene: OutputHygiene { OutputHygiene(redactor: world.redactor) }

    /// Does what the record's phase demands of the forge.
    func show(_ record: PreviewRecord) async throws {
        // Who may not read may not write either.
        guard case .pull(_, let facts, let reading) = seen else { return }
        let client = try await world.forges.client(for: repository)
        let notice = PreviewNotice(record, facts: facts, reading: reading)
        try await deployments(record.preview, client)
        if let check = notice.check { try await tolerating("check") { try await show(check, client) } }
        guard let text = notice.comment else { return }
        let stands = try await job.effects.remoteID(of: commentKey) != nil
        if stands || notice.wantsComment(on: client.kind) { try await tolerating("comment") { try await comment(text, client) } }
    }

    // MARK: Deployments

    private var markCode: String { world.marker.code(for: "deployment:\(identity)") }

    private func mark(_ preview: Preview) -> String { "\(preview.attempt).\(markCode)" }

    private func deployments(_ preview: Preview, _ client: any ForgeClient) async throws {
        guard let reporter = client as? any DeploymentReporter, preview.generation > 0 else { return }
        try await tolerating("deployment") {
            switch (preview.phase, preview.deployed) {
            case (.starting, let head?):
                let id = try await create(head, preview, reporter)
                try await report(.inProgress, id, head, nil, "Coming up (\(preview.attempt))", reporter)
            case (.running, let head?):
                let id = try await create(head, preview, reporter)
                try await report(.success, id, head, preview.address, "Running", reporter)
                try await retire(except: id, "A newer one runs", reporter)
            case (.failed, let head?):
                let id = try await create(head, preview, reporter)
                try await report(.failure, id, head, nil, preview.failure?.cause ?? "It failed", reporter)
            case (.absent, _), (.expired, _):
                try await retire(except: nil, "Gone: \(preview.because)", reporter)
                try await sweep(reporter)
            default: break
            }
        }
    }

    /// One for each push, and for each time it is asked for again; the same however often it is looked for.
    private func create(_ head: CommitID, _ preview: Preview, _ reporter: any DeploymentReporter) async throws -> Int64 {
        let key = "deployment:\(identity)@\(head)/\(preview.attempt)"
        let (mark, environment, repository) = (mark(preview), identity.environment, repository)
        let probe: EffectStore.Probe = {
            try await reporter.deployments(to: environment, in: repository).first { $0.commit == head && $0.mark == mark }.map {
                "\($0.id)"
            }
        }
        let receipt = try await job.effects.perform(Effect(stableKey: key, kind: "deployment", content: mark), probe: probe) { known in
            if let known { return known }
            return String(try await reporter.createDeployment(of: head, to: environment, mark: mark, in: repository))
        }
        guard let id = Int64(receipt.remoteID) else { throw JobFailure(reason: "a deployment's id is no number", retry: .never) }
        if receipt.way != .unchanged { try await remember(PreviewDeployment(id: id, commit: head, state: "created")) }
        return id
    }

    private func report(
        _ state: DeploymentState, _ id: Int64, _ head: CommitID, _ url: String?, _ text: String, _ reporter: any DeploymentReporter
    ) async throws {
        let (environment, repository) = (identity.environment, repository)
        let description = hygiene.publishPlain(UntrustedText(text), limit: ByteCount(140))
        let effect = Effect(
            stableKey: "deployment-status:\(identity)/\(id)", kind: "deployment status",
            content: "\(state.rawValue) \(url ?? "") \(description.text)")
        let probe: EffectStore.Probe = {
            try await reporter.stateOfDeployment(id, in: repository) == state.rawValue ? "\(id)" : nil
        }
        _ = try await job.effects.perform(effect, probe: probe) { _ in
            try await reporter.reportDeployment(
                id, of: head, to: environment, state: state, url: url, description: description, in: repository)
            return "\(id)"
        }
        try await remember(PreviewDeployment(id: id, commit: head, state: state.rawValue))
    }

    /// Makes those of ours inactive that the rows know.
    private func retire(except kept: Int64?, _ text: String, _ reporter: any DeploymentReporter) async throws {
        let identity = identity
        let known = try await job.read { try PreviewRecords.deployments(of: identity, in: $0) }
        for deployment in known where deployment.id != kept && deployment.state != DeploymentState.inactive.rawValue {
            try await report(.inactive, deployment.id, deployment.commit, nil, text, reporter)
        }
    }

    /// Those that no row knows, from a time whose rows are lost: found by our mark, page by page.
    private func sweep(_ reporter: any DeploymentReporter) async throws {
        let (identity, code) = (identity, markCode)
        let known = Set(try await job.read { try PreviewRecords.deployments(of: identity, in: $0) }.map(\.id))
        for deployment in try await reporter.deployments(to: identity.environment, in: repository) {
            guard !known.contains(deployment.id), deployment.mark.hasSuffix(".\(code)") else { continue }
            if try await reporter.stateOfDeployment(deployment.id, in: repository) == DeploymentState.inactive.rawValue { continue }
            try await report(.inactive, deployment.id, deployment.commit, nil, "Gone", reporter)
        }
    }

    private func remember(_ deployment: PreviewDeployment) async throws {
        let identity = identity
        try await job.write { try PreviewRecords.set(deployment, of: identity, in: $0) }
    }

    // MARK: Check and comment

    private func show(_ check: PreviewNotice.Check, _ client: any ForgeClient) async throws {
        let key = "check:preview:\(identity)@\(check.head)"
        let draft = CheckDraft(
            name: PreviewCheck.name, commit: check.head, status: .completed(check.conclusion),
            title: hygiene.publishPlain(UntrustedText(check.title)), summary: hygiene.publish(check.summary), annotations: [],
            externalID: world.marker.code(for: key))
        let content = "\(check.conclusion) \(draft.title.text)\n\(draft.summary.text)"
        let repository = repository
        let probe: EffectStore.Probe = {
            try await client.checks(on: check.head, in: repository, externalID: draft.externalID).first.map(String.init)
        }
        _ = try await job.effects.perform(Effect(stableKey: key, kind: "check", content: content), probe: probe) { known in
            guard let id = known.flatMap(Int64.init) else { return String(try await client.createCheck(in: repository, draft)) }
            try await client.updateCheck(id, in: repository, draft)
            return String(id)
        }
    }

    private var commentKey: String { "preview-comment:\(identity)" }

    private func comment(_ text: Markdown, _ client: any ForgeClient) async throws {
        let (key, marker, pull) = (commentKey, world.marker, pull)
        let mark = "fettle:\(marker.code(for: key))"
        let body = hygiene.publish(text + Markdown.marker(mark))
        let find: EffectStore.Probe = {
            try await client.comments(on: pull).first { $0.isOurs && $0.body.raw.contains("<!-- \(mark) -->") }.map { String($0.id) }
        }
        _ = try await job.effects.perform(Effect(stableKey: key, kind: "comment", content: body.text), probe: find) { known in
            var id = known.flatMap(Int64.init)
            if id == nil { id = try await find().flatMap(Int64.init) }
            guard let id else { return String(try await client.createComment(on: pull, body)) }
            try await client.updateComment(id, on: pull, body)
            return String(id)
        }
    }

    /// A missing right or a refusal is written down, and the preview goes on without.
    private func tolerating(_ what: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as ForgeError {
            let cause: String
            switch error {
            case .forbidden(let resource, let needs): cause = "missing permission for \(resource)\(needs.map { ": grant \($0)" } ?? "")"
            case .notFound(let resource): cause = "\(resource) is not there"
            case .refused(let resource, let reason): cause = "\(resource) was refused: \(reason)"
            default: throw error
            }
            let detail: [String: JSONValue] = ["what": .string(what), "because": .string(world.redactor.redact(cause).text)]
            try await job.audit("preview.untold", subject: identity.description, detail: detail)
        }
    }
}
