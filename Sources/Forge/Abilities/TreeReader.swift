/// The files of one commit, without their contents.
package struct RepositoryTree: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case file, link, other
        }

        package let path: String
        package let kind: Kind
        /// The forge's name of the content: two files with the same id are alike.
        package let id: String
        /// `nil` where the forge does not say.
        package let size: Int?

        package init(path: String, kind: Kind, id: String, size: Int?) {
            self.path = path
            self.kind = kind
            self.id = id
            self.size = size
        }
    }

    package let entries: [Entry]
    /// The forge had more files than it gives.
    package let isTruncated: Bool

    package init(entries: [Entry], isTruncated: Bool) {
        self.entries = entries
        self.isTruncated = isTruncated
    }
}

/// Looks at a repository without a clone. A client that can do it is cast to this.
package protocol TreeReader: Sendable {
    /// The branch that pull requests usually go into; untrusted like everything a repository says.
    func defaultBranch(of repository: RepositoryReference) async throws(ForgeError) -> String
    /// Where a branch stands; `nil` when there is none of this name.
    func tip(of branch: String, in repository: RepositoryReference) async throws(ForgeError) -> CommitID?
    /// All files of a commit; folders are not listed.
    func tree(at commit: CommitID, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryTree
}
