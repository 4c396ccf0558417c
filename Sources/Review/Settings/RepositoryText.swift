package import Basics

/// A text of the base branch that tells how people work there: AGENTS.md, CONTRIBUTING.md.
package struct RepositoryText: Sendable, Hashable, Codable {
    package let path: String
    package var text: UntrustedText

    package init(path: String, text: UntrustedText) {
        self.path = path
        self.text = text
    }

    /// In the order in which they are worth a call to the forge.
    package static let paths = ["AGENTS.md", "CONTRIBUTING.md"]
    /// What a prompt has room for beside the diff.
    package static let largest = ByteCount.kibibytes(4)
}
