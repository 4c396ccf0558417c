package import Basics
package import Forge
package import LLM
package import Policy

/// A file of the repository as it was in the run's commit.
package struct FileTool: InvestigationTool {
    private static let mostLines = 400
    private static let largest = ByteCount.kibibytes(512)

    private let reader: any PullRequestReader
    private let repository: RepositoryReference
    private let commit: CommitID
    private let redactor: Redactor

    package init(_ reader: any PullRequestReader, _ repository: RepositoryReference, at commit: CommitID, redactor: Redactor) {
        self.redactor = redactor
        self.reader = reader
        self.repository = repository
        self.commit = commit
    }

    package let definition = ToolDefinition.reading(
        "file", "Lines of a file of the repository as it was in the run's commit, from `first` on, at most 400.", required: ["path"],
        ["path": ["type": "string"], "first": ["type": "integer"]])

    package func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        let path = arguments["path"]?.string ?? ""
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = !path.isEmpty && path.utf8.count <= 300 && path.utf8.allSatisfy { $0 >= 32 && $0 != 127 && $0 != 92 }
        guard isPlain, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw .badArguments("'path' is a path inside the repository, like src/main.c")
        }
        let bytes: [UInt8]?
        do throws(ForgeError) {
            bytes = try await reader.file(path, at: commit, in: repository, limit: Self.largest)
        } catch {
            throw .unavailable("the file could not be read")
        }
        guard let bytes else { throw .notFound("no such file in this commit") }
        let first = max(1, arguments["first"]?.int ?? 1)
        // Before lines are chosen and cut: a credential may run over several.
        let lines = redactor.redact(
            lines: bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) })
        guard first <= lines.count else { throw .notFound("the file has \(Count.of(lines.count, "line"))") }
        let page = lines[(first - 1)...].prefix(Self.mostLines).enumerated().map { offset, line in
            "\(first + offset): \(String(decoding: line.utf8.prefix(600), as: UTF8.self))"
        }
        return UntrustedText(page.joined(separator: "\n"))
    }
}
