package import Basics

/// What other checks said of a commit's lines. A client that can read it is cast to this: Gitea's statuses speak of no lines.
package protocol CheckAnnotationReader: Sendable {
    /// Annotations on `commit` of checks that are not ours, of at most `limit` checks, each check's first hundred. Empty where the
    /// credential may not read checks or cannot tell ours. One call, and one more for each check that has annotations.
    func annotations(on commit: CommitID, in repository: RepositoryReference, limit: Int) async throws(ForgeError) -> [CheckAnnotation]
}

/// What a check said of some lines of the head.
package struct CheckAnnotation: Sendable, Hashable, Codable {
    /// The check's name, e.g. `lint`.
    package let check: UntrustedText
    package let path: String
    package let lines: ClosedRange<Int>
    package var title: UntrustedText
    package var message: UntrustedText

    package init(check: UntrustedText, path: String, lines: ClosedRange<Int>, title: UntrustedText, message: UntrustedText) {
        self.check = check
        self.path = path
        self.lines = lines
        self.title = title
        self.message = message
    }
}
