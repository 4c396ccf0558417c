package import Basics
import Subprocess

/// How much a diff may hold.
package struct DiffOptions: Sendable, Hashable {
    package var contextLines: Int
    /// Only these files or directories, literally; all when empty.
    package var paths: [String]
    package var outputLimit: ByteCount

    package init(contextLines: Int = 3, paths: [String] = [], outputLimit: ByteCount = .mebibytes(64)) {
        self.contextLines = contextLines
        self.paths = paths
        self.outputLimit = outputLimit
    }
}

extension GitRepository {
    /// The change from one commit to another as unified diff, renames found, full object ids, prefixes `a/` and `b/`.
    ///
    /// Paths are quoted as C strings only where they hold control characters, quotation marks or backslashes. No attribute is in force:
    /// what a repository marks as "no diff" is shown all the same.
    package func diff(from old: ObjectID, to new: ObjectID, options: DiffOptions = DiffOptions()) async throws(GitError) -> [UInt8] {
        let form = [
            "--patch", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "--unified=\(max(0, options.contextLines))",
            "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none",
        ]
        return try await diffTree(form, from: old, to: new, options: options)
    }

    /// The files that differ, renames found.
    package func changedPaths(from old: ObjectID, to new: ObjectID) async throws(GitError) -> [ChangedPath] {
        let bytes = try await diffTree(["--raw", "-z", "--no-abbrev"], from: old, to: new, options: DiffOptions())
        return try RawDiff.parse(bytes)
    }

    private func diffTree(
        _ form: [String], from old: ObjectID, to new: ObjectID, options: DiffOptions
    ) async throws(GitError) -> [UInt8] {
        // `-l` bounds the pairs compared for inexact renames, which grow with the square of the files.
        let arguments = ["diff-tree", "-r", "--find-renames=50%", "-l1000"] + form + [old.hex, new.hex, "--"] + options.paths
        return try await git.run(arguments, outputLimit: options.outputLimit).output
    }
}

/// `:100644 100644 <old> <new> R086 NUL old NUL new NUL`. Source: git-scm.com/docs/diff-format
enum RawDiff {
    static func parse(_ bytes: [UInt8]) throws(GitError) -> [ChangedPath] {
        var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
        var changes: [ChangedPath] = []
        while let head = fields.popFirst(), !head.isEmpty {
            let words = String(decoding: head.dropFirst(), as: UTF8.self).split(separator: " ")
            guard head.first == UInt8(ascii: ":"), words.count == 5, let letter = words[4].first, let first = fields.popFirst() else {
                throw .failed(operation: "diff-tree", reason: "its output has an unknown form")
            }
            let second = letter == "R" || letter == "C" ? fields.popFirst() : nil
            let path = String(decoding: second ?? first, as: UTF8.self)
            changes.append(
                ChangedPath(
                    status: status(letter), path: path, previousPath: second == nil ? nil : String(decoding: first, as: UTF8.self),
                    oldMode: mode(words[0]), newMode: mode(words[1]), oldID: id(words[2]), newID: id(words[3])))
        }
        return changes
    }

    private static func status(_ letter: Character) -> ChangedPath.Status {
        switch letter {
        case "A": .added
        case "D": .deleted
        case "R": .renamed
        case "C": .copied
        case "T": .typeChanged
        default: .modified
        }
    }

    private static func id(_ text: Substring) -> ObjectID? { text.utf8.allSatisfy { $0 == 48 } ? nil : ObjectID(text) }
    private static func mode(_ text: Substring) -> String? { text == "000000" ? nil : String(text) }
}
