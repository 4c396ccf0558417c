package import Basics
package import Forge
package import Text

/// What is under review: the files' diffs and what the author says about them. All of it was written by others.
package struct Change: Sendable, Hashable, Codable {
    package struct File: Sendable, Hashable, Codable {
        package var diff: FileDiff
        /// The whole file at the head, where somebody loaded it. Rules that need more than the hunks are silent without.
        package var headText: UntrustedText?

        package init(diff: FileDiff, headText: UntrustedText? = nil) {
            self.diff = diff
            self.headText = headText
        }

        package var path: String { diff.path.raw }

        /// The name under which the base knows it: the same over pushes that rename it.
        package var lastingPath: String { diff.change == .renamed ? diff.oldPath?.raw ?? path : path }
    }

    package var title: UntrustedText
    package var body: UntrustedText
    package var files: [File]
    /// `false` when the source says that more files exist than it gave.
    package var isWhole: Bool

    /// Paths that are known to exist at the head beside the changed ones; `nil` when nobody looked. Some rules are only sure with it.
    package var otherPaths: Set<String>?

    /// Issues that the description says this closes, where somebody read them.
    package var linkedIssues: [LinkedIssue] = []

    /// How often each path was repaired before, where somebody has the history.
    package var repairs: [String: Int] = [:]

    /// What other checks said of the head's lines; `nil` when nobody looked.
    package var annotations: [CheckAnnotation]?

    package init(title: UntrustedText = "", body: UntrustedText = "", files: [File], isWhole: Bool = true) {
        self.title = title
        self.body = body
        self.files = files
        self.isWhole = isWhole
    }

    /// From the output of `git diff`.
    package init(gitDiff bytes: [UInt8], title: UntrustedText = "", body: UntrustedText = "") {
        self.init(title: title, body: body, files: UnifiedDiff(parsing: bytes).files.map { File(diff: $0) })
    }

    /// From a forge's list of files.
    package init(_ changed: ChangedFiles, title: UntrustedText = "", body: UntrustedText = "") {
        self.init(title: title, body: body, files: changed.files.map { File(diff: FileDiff($0)) }, isWhole: !changed.isTruncated)
    }

    /// Whether a rule would read this file as a whole: callers load only these.
    package static func wantsHeadText(_ path: String) -> Bool { WorkflowText.isWorkflow(path) }

    package var changedLineCount: Int { files.reduce(0) { $0 + $1.diff.addedLineCount + $1.diff.removedLineCount } }
}

extension FileDiff {
    /// One file of a forge's list. Where the forge sent no patch although lines changed, the content is `omitted`.
    package init(_ file: ChangedFile) {
        let change: FileDiff.Change =
            switch file.status {
            case .added: .added
            case .removed: .removed
            case .renamed: .renamed
            case .copied: .copied
            case .modified, .changed, .unchanged: .modified
            }
        let old = change == .added ? nil : file.previousPath ?? file.path
        let patch = file.patch.map { FileDiff.hunks(parsingPatch: $0) }
        // GitHub counts no lines for a binary file, and sends no patch for one that is too large to show.
        let withoutPatch: Content = file.additions + file.deletions > 0 ? .omitted : change == .modified ? .binary : .text
        self.init(
            change: change, oldPath: old, newPath: change == .removed ? nil : file.path,
            content: patch.map { $0.isComplete ? .text : .cutOff } ?? withoutPatch, hunks: patch?.hunks ?? [])
    }
}
