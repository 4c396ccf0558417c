import Basics
import Subprocess

extension GitRepository {
    /// Commits with the files each touched, newest first.
    ///
    /// At the boundary of a shallow clone a commit seems to add every file: such commits carry no paths.
    package func history(_ query: HistoryQuery) async throws(GitError) -> [HistoryEntry] {
        var arguments = [
            "log", "-z", "--name-only", "--no-renames", "--no-color", "--no-notes", "--no-show-signature", "--no-mailmap", "--no-decorate",
            "--max-count=\(max(0, query.limit))", "--format=tformat://%H%x00%P%x00%at%x00%an%x00%s",
        ]
        if query.firstParentOnly { arguments.append("--first-parent") }
        if query.withoutMerges { arguments.append("--no-merges") }
        if let since = query.since { arguments.append("--max-age=\(since.seconds)") }
        if !query.paths.isEmpty { arguments.append("--full-history") }
        arguments += [query.from.hex] + query.excluding.map { "^\($0.hex)" } + ["--"] + query.paths
        return try HistoryReader.parse(try await git.run(arguments, deadline: .seconds(300)).output, boundary: boundary)
    }

    /// Who wrote each line of a file, or of `lines` of it (counted from 1).
    package func blame(
        _ path: String, at commit: ObjectID, lines: ClosedRange<Int>? = nil
    ) async throws(GitError) -> [BlameLine] {
        var arguments = ["blame", "--line-porcelain", "--root"]
        if let lines { arguments.append("-L\(max(1, lines.lowerBound)),\(max(1, lines.upperBound))") }
        arguments += [commit.hex, "--", path]
        return try BlameReader.parse(try await git.run(arguments).output, boundary: boundary)
    }
}

/// Reads what the format above makes git write: five fields, then the names, each ended by NUL. No field can hold a NUL, and no name
/// begins with the slashes that begin a commit, so nothing an author writes can pass for another field.
enum HistoryReader {
    static func parse(_ bytes: [UInt8], boundary: Set<String>) throws(GitError) -> [HistoryEntry] {
        var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
        var entries: [HistoryEntry] = []
        while fields.count >= 5 {
            let header = fields.prefix(5).map { String(decoding: $0, as: UTF8.self) }
            fields = fields.dropFirst(5)
            guard header[0].hasPrefix("//"), let commit = ObjectID(header[0].dropFirst(2)), let seconds = Int64(header[2]) else {
                throw .failed(operation: "log", reason: "its output has an unknown form")
            }
            let names = takeNames(&fields)
            entries.append(
                HistoryEntry(
                    commit: commit, parents: header[1].split(separator: " ").compactMap { ObjectID($0) },
                    author: UntrustedText(header[3]), time: Timestamp(seconds: seconds), subject: UntrustedText(header[4]),
                    paths: boundary.contains(commit.hex) ? [] : names))
        }
        return entries
    }

    /// Up to the next commit; the first name stands after a line break.
    private static func takeNames(_ fields: inout ArraySlice<ArraySlice<UInt8>>) -> [String] {
        var names: [String] = []
        while let field = fields.first, !field.starts(with: "//".utf8) {
            fields = fields.dropFirst()
            let name = names.isEmpty && field.first == 10 ? field.dropFirst() : field
            if !name.isEmpty { names.append(String(decoding: name, as: UTF8.self)) }
        }
        return names
    }
}

/// `git blame --line-porcelain`: a header line, `name value` lines, then a tab and the line itself. Source: git-scm.com/docs/git-blame
enum BlameReader {
    static func parse(_ bytes: [UInt8], boundary: Set<String>) throws(GitError) -> [BlameLine] {
        var lines: [BlameLine] = []
        var head: [Substring] = []
        var facts: [Substring: Substring] = [:]
        for raw in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            if raw.first == 9 {
                lines.append(try line(head: head, facts: facts, boundary: boundary))
                (head, facts) = ([], [:])
                continue
            }
            let words = String(decoding: raw, as: UTF8.self)[...]
            if head.isEmpty {
                head = words.split(separator: " ")
            } else {
                let name = words.prefix { $0 != " " }
                facts[name] = words.dropFirst(name.count + 1)
            }
        }
        return lines
    }

    private static func line(head: [Substring], facts: [Substring: Substring], boundary: Set<String>) throws(GitError) -> BlameLine {
        guard head.count >= 3, let commit = ObjectID(head[0]), let number = Int(head[2]) else {
            throw .failed(operation: "blame", reason: "its output has an unknown form")
        }
        let email = facts["author-mail"].map { $0.trimmingPrefix("<") }.map { $0.hasSuffix(">") ? $0.dropLast() : $0 }
        return BlameLine(
            line: number, commit: commit, author: UntrustedText(String(facts["author"] ?? "")), email: UntrustedText(String(email ?? "")),
            time: Timestamp(seconds: facts["author-time"].flatMap { Int64($0) } ?? 0),
            summary: UntrustedText(String(facts["summary"] ?? "")), isBoundary: boundary.contains(commit.hex))
    }
}
