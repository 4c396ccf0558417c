import Basics
import Forge
import Review

/// What a model should know beside the change: how people work here, and which issue the change is to close.
///
/// A first review has one call to the forge to spare for it; later ones have as many as there are things to read.
struct ReviewContextLoader: Sendable {
    let client: any ForgeClient
    let pull: PullRequest

    struct Context: Sendable {
        var issues: [LinkedIssue] = []
        var conventions: [RepositoryText] = []
    }

    private var isFirst: Bool { pull.commentCount == 0 && pull.reviewCommentCount == 0 }

    func load() async throws(ForgeError) -> Context {
        var context = Context()
        var calls = isFirst ? 1 : 4
        for number in LinkedIssue.numbers(in: pull.body) where calls > 0 {
            guard let reader = client as? any IssueReader else { break }
            calls -= 1
            if let issue = try await reader.issue(number, in: pull.reference.repository) {
                context.issues.append(LinkedIssue(number: issue.number, title: issue.title, body: issue.body))
            }
        }
        for path in RepositoryText.paths where calls > 0 {
            calls -= 1
            if let text = try await text(path) { context.conventions.append(RepositoryText(path: path, text: text)) }
        }
        return context
    }

    /// Checks whose annotations are read: a matrix of linters says the same many times.
    private static let mostChecks = 4

    /// What CI said of the head; `nil` on a first review, which has no call to spare: when a pull request is opened, CI has hardly begun.
    func annotations() async throws(ForgeError) -> [CheckAnnotation]? {
        guard !isFirst, let reader = client as? any CheckAnnotationReader else { return nil }
        return try await reader.annotations(on: pull.head.commit, in: pull.reference.repository, limit: Self.mostChecks)
    }

    /// From the base commit: a pull request does not write the rules that it is read by.
    private func text(_ path: String) async throws(ForgeError) -> UntrustedText? {
        do throws(ForgeError) {
            let bytes = try await client.file(path, at: pull.base.commit, in: pull.reference.repository, limit: .kibibytes(256))
            return bytes.map { UntrustedText(String(decoding: $0.prefix(RepositoryText.largest.bytes), as: UTF8.self)) }
        } catch .tooLarge {
            return nil
        }
    }
}
