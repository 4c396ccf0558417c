import Basics
import TestSelection

/// A selection as it is printed.
struct SelectionOutput {
    let selection: Selection
    let situation: SelectionSituation
    let runner: (any TestRunner.Type)?
    /// Everything runs, whatever was selected.
    let isObserving: Bool

    private var runsEverything: Bool { isObserving || selection.isEverything || !nameless.isEmpty }

    /// Units that must run and that the runner cannot be told to: known from reports by a name that is no file's.
    private var nameless: [TestID] {
        guard let runner else { return [] }
        return selection.run.filter { !$0.rules.isEmpty && !runner.canRun(RunnableUnit(unit: $0.unit)) }.map(\.unit)
    }
    private var chosen: [Selection.Choice] { runsEverything ? selection.run + selection.rest : selection.run }

    var names: [String] { chosen.flatMap { RunnableUnit(unit: $0.unit, cases: $0.cases).names } }

    var commandLines: [String] {
        guard let runner else { return [] }
        if runsEverything { return [ShellWords.line(runner.wholeCommand)] }
        let texts = Dictionary(situation.tests.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        return runner.commands(for: chosen.map { RunnableUnit(unit: $0.unit, cases: $0.cases, text: texts[$0.unit.name] ?? []) }).map(
            ShellWords.line)
    }

    var mode: SelectionNotice.Mode { isObserving ? .observe : runsEverything ? .everything : .selection }

    var notice: SelectionNotice { SelectionNotice(selection, mode: mode, commands: commandLines) }

    var json: JSONValue {
        [
            "version": 1, "mode": .string(mode.rawValue), "runner": runner.map { .string($0.name) } ?? .null,
            "commands": .array(commandLines.map { .string($0) }), "budget": .string(selection.budget),
            "rules": .array(
                selection.everythingBecause.map { .object(["rule": .string($0.rule), "reason": .string($0.reason)]) }),
            "tests": .array(selection.run.map(choice)), "left_out": .array(selection.rest.map(choice)),
            "outside_suite": .array(selection.outside.map { .string($0.name) }),
            "seconds": .number(rounded(selection.seconds)), "seconds_left_out": .number(rounded(selection.secondsLeftOut)),
        ]
    }

    private func choice(_ choice: Selection.Choice) -> JSONValue {
        .object([
            "path": .string(choice.unit.name), "cases": .array(choice.cases.map { .string($0) }),
            "probability": .number(rounded(choice.probability)),
            "seconds": .number(rounded(choice.seconds)),
            "rules": .array(choice.rules.map { .string($0.rule) }), "reasons": .array(choice.reasons.map { .string($0) }),
        ])
    }

    var text: String {
        var lines: [String] = []
        if isObserving {
            lines.append("# observing: \(situation.history.recorded) runs are recorded, so everything runs; this would be chosen:")
        }
        if !selection.everythingBecause.isEmpty {
            lines.append("# everything runs:")
            lines += selection.everythingBecause.prefix(20).map { "#   \($0.rule): \($0.reason)" }
        }
        for unit in nameless.prefix(5) { lines.append("# everything runs: \(unit.name) must run, and is in no file that is known") }
        lines.append(
            "# \(selection.run.count) of \(Set((selection.run + selection.rest).map(\.unit)).count) tests, \(span(selection.seconds)); left out: \(span(selection.secondsLeftOut))"
        )
        if !selection.outside.isEmpty {
            lines.append("# \(selection.outside.count) test files are in no whole run; --format json names them")
        }
        if selection.everythingBecause.isEmpty {
            lines.append("# budget: \(selection.budget)")
            lines += selection.run.prefix(50).map { "#   \($0.name): \($0.reasons.first ?? "fits the budget")" }
            if selection.run.count > 50 { lines.append("#   … and \(selection.run.count - 50) more; --format json has all") }
        }
        lines += runner == nil ? ["# no test runner was recognised; --runner names one"] + names : commandLines
        return lines.joined(separator: "\n") + "\n"
    }

    private func span(_ seconds: Double) -> String { seconds < 120 ? "\(rounded(seconds)) s" : "\(Int((seconds / 60).rounded())) min" }
    private func rounded(_ value: Double) -> Double { value.isFinite ? (value * 1000).rounded() / 1000 : 0 }
}
