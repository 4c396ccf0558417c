package import Basics

/// What happened to one file.
package struct FileDiff: Sendable, Hashable, Codable {
    package enum Change: String, Sendable, Hashable, Codable {
        case added, removed, modified, renamed, copied
    }

    /// Why there are no lines to show although the file changed.
    package enum Content: String, Sendable, Hashable, Codable {
        /// The hunks are here; none for an empty file, a pure rename or a mode change.
        case text
        case binary
        /// A pointer to a commit of another repository; its hunk holds `Subproject commit …` lines.
        case submodule
        /// The source left the hunks out, e.g. because the file is too large for the forge to show.
        case omitted
        /// The source broke off inside the hunks.
        case cutOff
    }

    package internal(set) var change: Change
    /// `nil` for added files.
    package internal(set) var oldPath: UntrustedText?
    /// `nil` for removed files.
    package internal(set) var newPath: UntrustedText?
    /// `100644`, `100755`, `120000` (link), `160000` (submodule); `nil` where the source does not say.
    package internal(set) var oldMode: String?
    package internal(set) var newMode: String?
    package internal(set) var content: Content
    package internal(set) var hunks: [Hunk]

    package init(
        change: Change, oldPath: UntrustedText?, newPath: UntrustedText?, oldMode: String? = nil, newMode: String? = nil,
        content: Content = .text, hunks: [Hunk] = []
    ) {
        self.change = change
        self.oldPath = oldPath
        self.newPath = newPath
        self.oldMode = oldMode
        self.newMode = newMode
        self.content = content
        self.hunks = hunks
    }

    /// The path to name the file by: the new one, or the old one of a removed file.
    package var path: UntrustedText { newPath ?? oldPath ?? UntrustedText("") }

    package var addedLineCount: Int { hunks.reduce(0) { $0 + $1.lines.count(where: { $0.kind == .added }) } }
    /// The text of a file that the change adds, where the diff holds all of it.
    package var addedText: UntrustedText? {
        guard change == .added, content == .text else { return nil }
        return UntrustedText(hunks.flatMap(\.lines).filter { $0.kind == .added }.map { $0.text.raw + "\n" }.joined())
    }

    package var removedLineCount: Int { hunks.reduce(0) { $0 + $1.lines.count(where: { $0.kind == .removed }) } }

    /// Every line that came is known to be every line there is.
    package var isWhole: Bool { content == .text || content == .submodule }
}
