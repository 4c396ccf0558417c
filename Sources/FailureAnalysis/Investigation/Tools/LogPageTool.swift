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
        let lines: [Int: String]
        do throws(LogError) {
            lines = try ShownLines(redactor: redactor, longest: Self.longestLine).read(Set(wanted), of: file)
        } catch {
            throw .unavailable("\(error)")
        }
        guard !lines.isEmpty else { throw .notFound("the log has no line \(first)") }
        return UntrustedText(wanted.compactMap { number in lines[number].map { "\(number): \($0)" } }.joined(separator: "\n"))
    }
}
