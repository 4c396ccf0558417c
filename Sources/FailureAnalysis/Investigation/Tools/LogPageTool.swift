package import Basics
package import LLM
package import Policy

/// Lines of the log by their numbers.
package struct LogPageTool: InvestigationTool {
    private static let mostLines = 200
    private static let longestLine = 600

    private let file: LogFile
    private let redactor: Redactor

    package init(_ file: LogFile, redactor: Redactor) {
        self.file = file
        self.redactor = redactor
    }

    package let definition = ToolDefinition.reading(
        "log_page", "Lines of the failed job's log, from the line `first` on, at most 200.", required: ["first"],
        ["first": ["type": "integer"], "count": ["type": "integer"]])

    package func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        let first = arguments["first"]?.int ?? 1
        let count = arguments["count"]?.int ?? Self.mostLines
        guard first >= 1, first < Int.max - Self.mostLines, count >= 1 else { throw .badArguments("'first' and 'count' begin at 1") }
        let wanted = first...(first + min(count, Self.mostLines) - 1)
        var lines: [(number: Int, text: String)] = []
        var cleaner = LineCleaner()
        do throws(LogError) {
            try file.forEachLine { number, line in
                guard wanted.contains(number) else { return }
                lines.append((number, cleaner.clean(line) { String(decoding: $0.prefix(Self.longestLine), as: UTF8.self) }))
            }
        } catch {
            throw .unavailable("\(error)")
        }
        guard !lines.isEmpty else { throw .notFound("the log has no line \(first)") }
        // Before the numbers come between: a secret may be broken by a line end.
        let clean = redactor.redact(lines: lines.map(\.text))
        return UntrustedText(zip(lines, clean).map { "\($0.number): \($1)" }.joined(separator: "\n"))
    }
}
