import Basics
import Forge
import Generators
import LLM
import Policy

/// What came of looking whether a repository lacks files.
enum SetupOutcome: Sendable {
    /// A pull request with these files stands open.
    case proposed(number: Int, files: [String])
    case upToDate
    case nothing(notes: [String])
    case conflicts([ModelConflict])
    /// A permission is missing, or the forge would not have it.
    case refused(reason: String)
    case leftAlone(reason: String)

    var word: String {
        switch self {
        case .proposed: "proposed"
        case .upToDate: "up-to-date"
        case .nothing: "nothing"
        case .conflicts: "conflicts"
        case .refused: "refused"
        case .leftAlone: "left-alone"
        }
    }
}

/// Proposes generated files in one pull request for each repository: a branch of ours, a commit, a pull request that is kept current.
///
/// Never the default branch, never by force: a branch whose pull request was closed or merged is left behind, and the next has a number.
struct SetupDesk: Sendable {
    static let branch = "fettle/setup"
    private static let mostBranches = 20

    let client: any ForgeClient
    let repository: RepositoryReference
    let redactor: Redactor
    let marker: EffectMarker?
    let job: JobContext
    /// `nil`: what no evidence gives stays unknown.
    var finder: CommandFinder?

    private var text: SetupText { SetupText(hygiene: OutputHygiene(redactor: redactor)) }
    static func key(_ repository: RepositoryReference) -> String { "setup:\(repository.key)" }
    private var key: String { Self.key(repository) }

    /// - Parameter isAskedFor: a person asked. Otherwise a repository with CI of its own, and one whose owner closed our proposal, is left
    ///   alone.
    func propose(isAskedFor: Bool) async throws -> SetupOutcome {
        guard let reader = client as? any TreeReader, let writer = client as? any RepositoryWriter else {
            return .leftAlone(reason: "\(repository.forge.rawValue) gives no way to propose changes")
        }
        let base = try await reader.defaultBranch(of: repository)
        guard let tip = try await reader.tip(of: base, in: repository) else { return .leftAlone(reason: "the repository is empty") }
        let tree = try await reader.tree(at: tip, in: repository)
        if !isAskedFor, tree.entries.contains(where: { Self.isWorkflow($0.path) }) {
            return .leftAlone(reason: "it has workflows of its own; `/generate` proposes ours")
        }
        let place = try await place(beside: base, reader, writer)
        if place.wasClosed, !isAskedFor { return .leftAlone(reason: "its owner closed our earlier proposal") }
        let overlay = try await overlay(of: place, over: tree, reader)
        let reading = RemoteReading(client: client, repository: repository, commit: tip)
        let proposal = try await proposal(of: RemoteFiles(tree, overlay: overlay), by: reading, branch: base)
        if !proposal.model.conflicts.isEmpty { return .conflicts(proposal.model.conflicts) }
        let open = place.pull.map { number in SetupOutcome.proposed(number: number, files: overlay.keys.sorted()) }
        if proposal.model.components.isEmpty { return .nothing(notes: ["no project was recognised"]) }
        if proposal.files.isEmpty { return open ?? (proposal.notes.isEmpty ? .upToDate : .nothing(notes: proposal.notes)) }
        do {
            return try await write(proposal, to: place, at: tip, into: base, reader, writer)
        } catch let error as ForgeError {
            guard let reason = Self.refusal(error) else { throw error }
            return .refused(reason: reason)
        }
    }

    /// What the files say; where a command is unknown and a model finds it written down, also a `.fettle.yml` that names it.
    private func proposal(of files: RemoteFiles, by reading: RemoteReading, branch: String) async throws -> SetupProposal {
        let forge = repository.forge
        let plain = try await reading.settle(files) { SetupProposal(of: $0, on: forge, branch: branch) }
        let unknown = CommandGap.purposes(of: plain.model, in: files)
        guard let finder, !unknown.isEmpty, plain.model.conflicts.isEmpty else { return plain }
        let documents = CommandFinder.documents.filter(files.paths.contains)
        let texts = try await reading.settle(files) { files in
            documents.compactMap { path in files.bytes(of: path).map { (path: path, text: String(decoding: $0, as: UTF8.self)) } }
        }
        let outcome = await finder.find(unknown, in: texts)
        if let usage = outcome.usage {
            try await job.record(
                Spend(
                    repository: repository.name.description, model: finder.model.profile.name, promptTokens: usage.input,
                    completionTokens: usage.output, cost: .zero))
        }
        var accepted: [ComponentCommand] = []
        var refusals = [outcome.problem].compactMap { $0 }
        for proposal in outcome.proposals where !accepted.contains(where: { $0.purpose.rawValue == proposal.purpose }) {
            do throws(CommandGap.Refusal) {
                accepted.append(try CommandGap.check(proposal, model: plain.model, in: files))
            } catch {
                refusals.append("what a model proposed for \(unknown.map(\.rawValue).joined(separator: ", ")) is left out: \(error.reason)")
            }
        }
        var result = plain
        if !accepted.isEmpty {
            let document = CommandGap.document(accepted)
            let more = files.adding(CommandGap.path, Array(document.utf8))
            result = try await reading.settle(more) { SetupProposal(of: $0, on: forge, branch: branch) }
            result.add(CommandGap.path, document, checked: "a model proposed it; every command stands on the line named beside it")
        }
        for refusal in refusals.prefix(5) { result.note(refusal) }
        return result
    }

    /// What only a person can mend: a permission that is missing. GitHub words the one for workflow files as a refusal.
    private static func refusal(_ error: ForgeError) -> String? {
        switch error {
        case .forbidden(let resource, let needs): "\(resource): \(needs ?? "a permission is missing")"
        case .refused(let resource, let reason) where reason.contains("workflow") || reason.contains("protected"):
            "\(resource): \(reason)"
        default: nil
        }
    }

    private static func isWorkflow(_ path: String) -> Bool {
        [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"].contains { path.hasPrefix($0) }
            && (path.hasSuffix(".yml") || path.hasSuffix(".yaml"))
    }

    // MARK: Where it goes

    private struct Place {
        let branch: String
        /// Where our branch stands; `nil` when it is to be made.
        let tip: CommitID?
        /// The open pull request from it.
        let pull: Int?
        let wasClosed: Bool
    }

    /// Our first branch that is free, or whose pull request is open, or that an interrupted attempt of ours left without one.
    private func place(beside base: String, _ reader: any TreeReader, _ writer: any RepositoryWriter) async throws -> Place {
        var wasClosed = false
        for number in 1...Self.mostBranches {
            let branch = number == 1 ? Self.branch : "\(Self.branch)-\(number)"
            if branch == base { continue }
            let known = try await job.effects.remoteID(of: "\(key):pull:\(branch)")
            guard let tip = try await reader.tip(of: branch, in: repository) else {
                if known == nil { return Place(branch: branch, tip: nil, pull: nil, wasClosed: wasClosed) }
                // Its branch was deleted, as it is after a merge.
                wasClosed = true
                continue
            }
            if let open = try await writer.openPullRequests(from: branch, in: repository).first {
                return Place(branch: branch, tip: tip, pull: open, wasClosed: false)
            }
            let isOurs = try await job.effects.remoteID(of: "\(key):branch:\(branch)") != nil
            if isOurs, known == nil { return Place(branch: branch, tip: tip, pull: nil, wasClosed: wasClosed) }
            wasClosed = true
        }
        throw JobFailure(
            reason: "\(Self.mostBranches) branches of ours stand in \(repository.name) already; delete the old ones", retry: .never)
    }

    /// What our branch has of the generated files, so that edits made there are kept.
    private func overlay(of place: Place, over tree: RepositoryTree, _ reader: any TreeReader) async throws -> [String: [UInt8]] {
        // A branch without a pull request holds only what an interrupted attempt wrote.
        guard let tip = place.tip, place.pull != nil else { return [:] }
        let below = Dictionary(tree.entries.map { ($0.path, $0.id) }, uniquingKeysWith: { $1 })
        let changed = try await reader.tree(at: tip, in: repository).entries
            .filter { $0.kind == .file && below[$0.path] != $0.id && (Self.mayBeGenerated($0.path) || $0.path == CommandGap.path) }
        var overlay: [String: [UInt8]] = [:]
        for entry in changed.prefix(20) {
            let bytes = try await client.file(entry.path, at: tip, in: repository, limit: .mebibytes(1))
            if let bytes, Self.isGenerated(bytes) || CommandGap.isOurs(bytes) { overlay[entry.path] = bytes }
        }
        return overlay
    }

    static func isGenerated(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).contains("# fettle:begin ") }

    static func mayBeGenerated(_ path: String) -> Bool {
        isWorkflow(path) || path == ".github/dependabot.yml" || path.hasSuffix("Dockerfile") || path.hasSuffix(".dockerignore")
    }

    // MARK: Writing

    private func write(
        _ proposal: SetupProposal, to place: Place, at tip: CommitID, into base: String, _ reader: any TreeReader,
        _ writer: any RepositoryWriter
    ) async throws -> SetupOutcome {
        let head = try await branch(place, at: tip, reader, writer)
        try await commit(proposal, on: place, at: head, reader, writer)
        let number = try await pull(proposal, place, into: base, writer)
        return .proposed(number: number, files: proposal.files.map(\.path))
    }

    /// Where the branch stands once it is there.
    private func branch(_ place: Place, at tip: CommitID, _ reader: any TreeReader, _ writer: any RepositoryWriter) async throws -> CommitID
    {
        if let tip = place.tip { return tip }
        let (name, repository) = (place.branch, repository)
        let effect = Effect(stableKey: "\(key):branch:\(name)", kind: "branch", content: tip.hex)
        let probe: EffectStore.Probe = { try await reader.tip(of: name, in: repository)?.hex }
        let receipt = try await job.effects.perform(effect, probe: probe) { _ in
            try await writer.createBranch(name, at: tip, in: repository)
            return tip.hex
        }
        return try await reader.tip(of: name, in: repository) ?? CommitID(receipt.remoteID) ?? tip
    }

    private func commit(
        _ proposal: SetupProposal, on place: Place, at head: CommitID, _ reader: any TreeReader, _ writer: any RepositoryWriter
    ) async throws {
        let branch = place.branch
        let (client, repository, message) = (client, repository, text.message(proposal))
        let contents = proposal.contents
        // Under an open pull request others may have pushed: the same content is another commit then.
        let ground = place.pull == nil ? "" : head.hex
        let effect = Effect(stableKey: "\(key):commit:\(branch)", kind: "commit", content: "\(ground)\n\(proposal.digest)")
        let probe: EffectStore.Probe = {
            guard let now = try await reader.tip(of: branch, in: repository) else { return nil }
            for (path, wanted) in contents {
                let there = try await client.file(path, at: now, in: repository, limit: .mebibytes(2))
                if there.map({ String(decoding: $0, as: UTF8.self) }) != wanted { return nil }
            }
            return now.hex
        }
        _ = try await job.effects.perform(effect, probe: probe) { _ in
            try await writer.commit(contents.mapValues { $0 }, to: branch, parent: head, message: message, in: repository).hex
        }
    }

    private func pull(_ proposal: SetupProposal, _ place: Place, into base: String, _ writer: any RepositoryWriter) async throws -> Int {
        let effectKey = "\(key):pull:\(place.branch)"
        let (title, body) = (text.title(proposal), text.body(proposal, mark: marker?.code(for: effectKey)))
        let (branch, repository) = (place.branch, repository)
        let effect = Effect(stableKey: effectKey, kind: "pull-request", content: "\(title.text)\n\(body.text)")
        let probe: EffectStore.Probe = { try await writer.openPullRequests(from: branch, in: repository).first.map { "\($0)" } }
        let receipt = try await job.effects.perform(effect, probe: probe) { known in
            if let number = known.flatMap({ Int($0) }) ?? place.pull {
                try await writer.updatePullRequest(number, in: repository, title: title, body: body)
                return "\(number)"
            }
            let draft = PullRequestDraft(title: title, body: body, head: branch, base: base, isDraft: false)
            return "\(try await writer.openPullRequest(in: repository, draft))"
        }
        guard let number = Int(receipt.remoteID) else {
            throw JobFailure(reason: "the rows name a pull request '\(receipt.remoteID)'", retry: .never)
        }
        return number
    }
}
