package import Basics

/// The files of a change, read from unified diff text.
package struct UnifiedDiff: Sendable, Hashable {
    package internal(set) var files: [FileDiff]
    /// Input lines that fitted nowhere and were skipped. 0 for everything git writes.
    package internal(set) var skippedLineCount: Int

    package init(files: [FileDiff], skippedLineCount: Int = 0) {
        self.files = files
        self.skippedLineCount = skippedLineCount
    }

    /// Reads what `git diff`, `git show` and a forge's `.diff` address give. Never fails: what fits nowhere is counted and skipped.
    ///
    /// Source: git-scm.com/docs/diff-format, "Generating patch text with -p"
    package init(parsing bytes: [UInt8]) {
        var parser = DiffParser()
        DiffParser.forEachLine(of: bytes) { parser.read($0) }
        self = parser.finish()
    }
}

extension FileDiff {
    /// The hunks of one file as the forges' file lists give them: unified diff text without file headers.
    ///
    /// Source: docs.github.com/rest/pulls/pulls, "List pull requests files", field `patch`
    package static func hunks(parsingPatch patch: UntrustedText) -> (hunks: [Hunk], isComplete: Bool) {
        var parser = DiffParser(patchOnly: true)
        DiffParser.forEachLine(of: Array(patch.raw.utf8)) { parser.read($0) }
        let file = parser.finish().files.first
        return (file?.hunks ?? [], file?.content != .cutOff)
    }
}
