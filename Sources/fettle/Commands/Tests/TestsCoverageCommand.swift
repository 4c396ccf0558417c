import Basics
import TestSelection

enum TestsCoverageCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "coverage"],
        summary: "name the changed lines that no test ran through",
        positionals: "REPORT…",
        options: [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption("--base", value: "REV", required: true, help: "the commit before the change"),
            CommandOption("--head", value: "REV", default: "HEAD", help: "the commit after it"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "how to print"),
            CaseProposal.option,
            CommandOption("--fail-on-uncovered", help: "exit 1 when a changed line is not covered"),
        ],
        details: "A REPORT is lcov, Cobertura, JaCoCo, the JSON of llvm-cov export, or a Go cover profile.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard let measured = try await measured(arguments.positionals, arguments, in: context) else {
            throw UsageError("no report is named")
        }
        let coverage = measured.coverage
        context.output(arguments.value("--format") == "json" ? json(coverage).text + "\n" : text(coverage))
        try await CaseProposal.write(measured, arguments, in: context)
        return arguments.flag("--fail-on-uncovered") && coverage.uncoveredCount > 0 ? .findings : .done
    }

    /// Of the change that the arguments name; `nil` without reports.
    static func measured(
        _ reports: [String], _ arguments: ParsedArguments, head option: String = "--head", in context: CommandContext
    ) async throws -> MeasuredChange? {
        guard !reports.isEmpty else { return nil }
        var report = CoverageReport()
        for file in reports {
            do {
                report.merge(try CoverageReport(parsing: try InputFile.read(file, limit: 512 << 20)))
            } catch {
                throw UsageError("\(file): \(error)")
            }
        }
        let reader = try await ChangeReader(arguments, head: option, in: context)
        let change = try await reader.change(from: try reader.requiredBase())
        return MeasuredChange(coverage: ChangeCoverage(change, report), change: change, reader: reader)
    }

    static func text(_ coverage: ChangeCoverage) -> String {
        var lines = ["\(coverage.coveredCount) changed lines are covered, \(coverage.uncoveredCount) are not"]
        for file in coverage.files where !file.uncovered.isEmpty {
            lines.append("  \(file.path): \(ChangeCoverage.ranges(file.uncovered))")
        }
        for path in coverage.unknown { lines.append("  \(path): not in the report") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ coverage: ChangeCoverage) -> JSONValue {
        let files = coverage.files.map { file -> JSONValue in
            .object([
                "path": .string(file.path), "covered": .array(file.covered.map { .integer(Int64($0)) }),
                "uncovered": .array(file.uncovered.map { .integer(Int64($0)) }),
            ])
        }
        return .object(["version": 1, "files": .array(files), "unknown": .array(coverage.unknown.map { .string($0) })])
    }
}
