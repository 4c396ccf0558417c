import Basics
import TestSelection

enum TestsReportCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "report"],
        summary: "say which tests are flaky, slow or slower than before",
        options: HistoryPlace.options + [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption(
                "--format", choices: ["text", "json", "html", "svg"], default: "text", help: "how to print; svg is the curve alone"),
        ],
        details: "The curve shows which share of past red runs was caught over the share of the suite's time, ordered by history alone.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let place = try HistoryPlace(arguments, in: context)
        let (history, problem) = await place.read()
        if let problem { throw UsageError(problem) }
        if history.sessions.isEmpty, !history.hasBenchmarks {
            throw UsageError("no run is recorded in '\(place.name)' yet; 'fettle tests record' does that")
        }
        let summary = HistorySummary(history)
        switch arguments.value("--format") {
        case "json": context.print(json(summary).text)
        case "html": context.output(HistoryPage.html(summary))
        case "svg": context.print(HistoryPage.svg(summary.curve))
        default: context.output(text(summary))
        }
        return .done
    }

    private static func text(_ summary: HistorySummary) -> String {
        var lines = [
            "\(Count.of(summary.units, "test")), \(rounded(summary.seconds)) s, \(Count.of(summary.sessions, "recorded run")), \(summary.redSessions) of them red"
        ]
        lines.append("missed by selection:" + (summary.missed.isEmpty ? " none" : ""))
        lines += summary.missed.prefix(20).map { "  \($0.unit.name): \($0.reason)" }
        lines.append("flaky:" + (summary.flaky.isEmpty ? " none" : ""))
        lines += summary.flaky.prefix(20).map {
            "  \($0.unit.name): \(Count.of($0.flips, "flip")) in \(Count.of($0.runs, "run"))\($0.isFlaky ? "" : ", too few to tell")"
        }
        lines.append("run times that changed:" + (summary.shifts.isEmpty ? " none" : ""))
        lines += summary.shifts.prefix(20).map {
            "  \($0.unit.name): \(rounded($0.shift.before)) s to \(rounded($0.shift.after)) s, for \(Count.of($0.shift.runs, "run"))"
        }
        if !summary.slowBenchmarks.isEmpty {
            lines.append("benchmarks slower than before:")
            lines += summary.slowBenchmarks.prefix(20).map {
                "  \($0.name): \(OperationTime.text($0.before)) to \(OperationTime.text($0.now)), \($0.runs == 1 ? "in the last run" : "for \($0.runs) runs")  \(Sparkline.text($0.series))"
            }
        }
        lines.append("slowest:")
        lines += summary.slowest.prefix(10).map { "  \($0.unit.name): \(rounded($0.seconds)) s" }
        for confidence in [0.8, 0.9, 0.95, 0.99] {
            let share =
                summary.curve.share(for: confidence).map { "\(Int(($0 * 100).rounded(.up))) % of the time" } ?? "too few red runs to tell"
            lines.append("to catch \(Int(confidence * 100)) % of red runs: \(share)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ summary: HistorySummary) -> JSONValue {
        let flaky = summary.flaky.map { item -> JSONValue in
            .object([
                "path": .string(item.unit.name), "flips": .integer(Int64(item.flips)), "runs": .integer(Int64(item.runs)),
                "flaky": .bool(item.isFlaky),
            ])
        }
        let shifts = summary.shifts.map { item -> JSONValue in
            .object([
                "path": .string(item.unit.name), "before": .number(rounded(item.shift.before)), "after": .number(rounded(item.shift.after)),
                "runs": .integer(Int64(item.shift.runs)),
            ])
        }
        let slowest = summary.slowest.map { JSONValue.object(["path": .string($0.unit.name), "seconds": .number(rounded($0.seconds))]) }
        let missed = summary.missed.map { item -> JSONValue in
            .object([
                "path": .string(item.unit.name), "selected_for": .string(item.selectedFor), "found_at": .string(item.foundAt),
                "chance": .number(Double(item.chance) / 1e6),
            ])
        }
        let benchmarks = summary.slowBenchmarks.map { item -> JSONValue in
            .object([
                "name": .string(item.name), "before": .number(item.before), "after": .number(item.now), "runs": .integer(Int64(item.runs)),
            ])
        }
        return .object([
            "slow_benchmarks": .array(benchmarks), "missed": .array(missed), "version": 1, "tests": .integer(Int64(summary.units)),
            "runs": .integer(Int64(summary.sessions)),
            "red_runs": .integer(Int64(summary.redSessions)), "flaky": .array(flaky), "shifts": .array(shifts), "slowest": .array(slowest),
            "curve": .array(summary.curve.shares.map { .number(rounded($0)) }),
        ])
    }

    private static func rounded(_ value: Double) -> Double { value.isFinite ? (value * 1000).rounded() / 1000 : 0 }
}
