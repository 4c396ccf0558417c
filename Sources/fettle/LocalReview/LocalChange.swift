import Basics
import Git
import Review
import Text

/// A change between two commits of a repository on this machine, as a pull request would show it: from the common ancestor on.
struct LocalChange: Sendable {
    let change: Change
    /// The common ancestor: what the change is compared with.
    let from: ObjectID
    let head: ObjectID

    /// The head brings in no commit.
    var isNothing: Bool { from == head }

    /// A file a rule wants to see whole is left out beyond this; its hunks are still read.
    private static let wholeFileLimit = ByteCount.mebibytes(1)

    static func load(from repository: GitRepository, base: String, head: String) async throws -> LocalChange {
        let baseCommit = try await repository.resolve(base)
        let headCommit = try await repository.resolve(head)
        guard let ancestor = try await repository.mergeBase(baseCommit, headCommit) else {
            throw UsageError("'\(base)' and '\(head)' have no common ancestor: there is no change to review")
        }
        let commits = try await repository.history(HistoryQuery(from: headCommit, excluding: [ancestor], limit: 50, withoutMerges: true))
        var change = Change(
            gitDiff: try await repository.diff(from: ancestor, to: headCommit), title: commits.first?.subject ?? "",
            body: UntrustedText(commits.dropFirst().map(\.subject.raw).joined(separator: "\n")))
        let earlier = try await repository.history(HistoryQuery(from: ancestor, limit: 300, withoutMerges: true))
        change.repairs = RepairHistory.repairs(in: earlier.map { (subject: $0.subject, paths: $0.paths) })
            .filter { repaired in change.files.contains { $0.path == repaired.key } }
        // A tree too large to list leaves some rules less sure.
        change.otherPaths = (try? await repository.files(at: headCommit, limit: 200_000)).map { Set($0.map(\.path)) }
        for index in change.files.indices where Change.wantsHeadText(change.files[index].path) {
            // A file too large to load is no reason to refuse the rest: what its hunks show is still read.
            let text = try? await repository.file(change.files[index].path, at: headCommit, limit: wholeFileLimit)
            change.files[index].headText = text.map { UntrustedText(String(decoding: $0, as: UTF8.self)) }
        }
        return LocalChange(change: change, from: ancestor, head: headCommit)
    }
}
