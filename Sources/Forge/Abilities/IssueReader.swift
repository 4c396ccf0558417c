/// One issue by its number. A client that can do it is cast to this.
package protocol IssueReader: Sendable {
    /// `nil` when there is none, when it is a pull request, and when we may not read it.
    func issue(_ number: Int, in repository: RepositoryReference) async throws(ForgeError) -> ForgeIssue?
}
