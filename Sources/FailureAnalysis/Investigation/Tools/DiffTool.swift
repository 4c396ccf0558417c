package import Basics
package import Forge
package import LLM

/// What changed between the last success and the failing commit.
package struct DiffTool: InvestigationTool {
    private let reader: any CommitReader
    private let repository: RepositoryReference
    private let base: CommitID
    private let head: CommitID

    /// - Parameter base: the commit of the last success.
    package init(_ reader: any CommitReader, _ repository: RepositoryReference, from base: CommitID, to head: CommitID) {
        self.reader = reader
        self.repository = repository
        self.base = base
        self.head = head
    }

    package let definition = ToolDefinition.reading(
        "diff", "Commits since the last success of this workflow and, of the file `path` or else of all files, what they changed.",
        ["path": ["type": "string"]])

    package func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        let comparison: CommitComparison
        do throws(ForgeError) {
            comparison = try await reader.compare(base, with: head, in: repository)
        } catch {
            throw .unavailable("the commits could not be compared")
        }
        var lines = comparison.commits.map { "\($0.id.short) \($0.message.raw.prefix { !$0.isNewline }.prefix(200))" }
        if comparison.isTruncated { lines.append("[the forge lists no more commits]") }
        guard let files = comparison.files else {
            return UntrustedText((lines + ["[the forge does not tell which files]"]).joined(separator: "\n"))
        }
        let wanted = arguments["path"]?.string
        let shown = files.files.filter { wanted == nil || $0.path.raw == wanted }
        if shown.isEmpty, let wanted { lines.append("[\(wanted.prefix(300)) did not change]") }
        for file in shown { lines.append("--- \(file.path.raw)\n\(file.patch?.raw ?? "[no text]")") }
        return UntrustedText(lines.joined(separator: "\n"))
    }
}
