import Basics
import FailureAnalysis
import Forge
import Policy

/// Names the commits that may have brought a failure, and the owners of the files it names.
struct SuspectFinder: Sendable {
    /// Commits whose files are asked for, each a call to the forge.
    private static let mostCommits = 10

    let client: any ForgeClient
    let repository: RepositoryReference
    let redactor: Redactor

    /// The candidates since the last success, each with its files. Empty where the forge cannot compare.
    func candidates(since green: CommitID, to head: CommitID) async throws(ForgeError) -> [SuspectRanking.Candidate] {
        guard let reader = client as? any CommitReader, green != head else { return [] }
        let commits = try await reader.compare(green, with: head, in: repository).commits
        var candidates: [SuspectRanking.Candidate] = []
        for commit in commits.suffix(Self.mostCommits) {
            candidates.append(SuspectRanking.Candidate(commit: commit, files: try await files(of: commit, reader)))
        }
        return candidates
    }

    /// A merge brings what its branch brought, and its commits are candidates themselves.
    private func files(of commit: ForgeCommit, _ reader: any CommitReader) async throws(ForgeError) -> [String] {
        guard commit.parents.count == 1, let parent = commit.parents.first else { return [] }
        do throws(ForgeError) {
            return try await reader.compare(parent, with: commit.id, in: repository).files?.files.map(\.path.raw) ?? []
        } catch {
            if error.mayPass { throw error }
            return []
        }
    }

    func suspects(of report: FailureReport, among candidates: [SuspectRanking.Candidate]) -> [SuspectAccount] {
        SuspectRanking(report).suspects(among: candidates).map { suspect in
            SuspectAccount(
                commit: suspect.commit.id, subject: clean(String(suspect.commit.message.raw.prefix { !$0.isNewline }.prefix(120))),
                author: suspect.commit.author.map { clean($0.login.raw) }, reasons: suspect.reasons.map { clean($0.raw) })
        }
    }

    /// Of the files the failure names; in the order of the failure, each once.
    func owners(of report: FailureReport, at commit: CommitID) async throws(ForgeError) -> [UntrustedText] {
        let paths = MentionedPaths(in: report).paths.filter { $0.contains("/") || $0.contains(".") }
        guard !paths.isEmpty else { return [] }
        for place in CodeOwners.places {
            guard let bytes = try await client.file(place, at: commit, in: repository, limit: .kibibytes(256)) else { continue }
            let owners = CodeOwners(UntrustedText(String(decoding: bytes, as: UTF8.self)))
            var found: [UntrustedText] = []
            for owner in paths.flatMap({ owners.owners(of: $0) }) where !found.contains(owner) { found.append(clean(owner.raw)) }
            return Array(found.prefix(5))
        }
        return []
    }

    private func clean(_ text: String) -> UntrustedText { UntrustedText(redactor.redact(text).text) }
}
