package import Basics

/// An issue as the forge shows it now.
package struct ForgeIssue: Sendable, Hashable {
    package let number: Int
    package let title: UntrustedText
    package let body: UntrustedText
    package let labels: [UntrustedText]
    package let isOpen: Bool
    /// Opened by the identity we use: the only issues whose markers count.
    package let isOurs: Bool

    package init(number: Int, title: UntrustedText, body: UntrustedText, labels: [UntrustedText], isOpen: Bool, isOurs: Bool) {
        self.number = number
        self.title = title
        self.body = body
        self.labels = labels
        self.isOpen = isOpen
        self.isOurs = isOurs
    }
}

package struct IssueDraft: Sendable, Hashable {
    package let title: PublishableText
    package let body: PublishableText
    /// Chosen by us; made where they do not exist yet.
    package let labels: [String]
    /// Logins chosen by the operator.
    package let assignees: [String]

    package init(title: PublishableText, body: PublishableText, labels: [String], assignees: [String] = []) {
        self.assignees = assignees
        self.title = title
        self.body = body
        self.labels = labels
    }
}

/// Issues, found again by a label of ours and the marker in their bodies. A client that can do it is cast to this.
package protocol IssueTracker: Sendable {
    /// Open and closed issues with this label, pull requests left out.
    func issues(labelled label: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeIssue]
    /// The new issue's number.
    func createIssue(in repository: RepositoryReference, _ draft: IssueDraft) async throws(ForgeError) -> Int
    /// New title and text, and open again or closed; `nil` leaves that as it is. Labels stay.
    func updateIssue(
        _ number: Int, in repository: RepositoryReference, title: PublishableText?, body: PublishableText?, isOpen: Bool?
    ) async throws(ForgeError)
    func issueComments(_ number: Int, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeComment]
    /// The new comment's id.
    func createIssueComment(_ number: Int, in repository: RepositoryReference, _ body: PublishableText) async throws(ForgeError) -> Int64
}
