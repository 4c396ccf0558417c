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

    /// One document with its keys sorted, as `JSONValue` writes them. It is put together piece by piece: of ten thousand tests, making one
    /// value first takes as long as choosing.
    var json: String {
        var bytes = Array("{".utf8)
        func member(_ name: String, _ value: JSONValue) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONValue.string(name).write(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            value.write(to: &bytes)
        }
        func list(_ name: String, _ choices: [Selection.Choice]) {
            member(name, .array([]))
            bytes.removeLast()
            for (place, choice) in choices.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(choice, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        member("budget", .string(selection.budget))
        member("commands", .array(commandLines.map { .string($0) }))
        list("left_out", selection.rest)
        member("mode", .string(mode.rawValue))
        member("outside_suite", .array(selection.outside.map { .string($0.name) }))
        member("rules", .array(selection.everythingBecause.map { .object(["rule": .string($0.rule), "reason": .string($0.reason)]) }))
        member("runner", runner.map { .string($0.name) } ?? .null)
        member("seconds", .number(Self.rounded(selection.seconds)))
        member("seconds_left_out", .number(Self.rounded(selection.secondsLeftOut)))
        list("tests", selection.run)
        member("version", 1)
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ choice: Selection.Choice, to bytes: inout [UInt8]) {
        func strings(_ values: some Sequence<String>) {
            var isFirst = true
            bytes.append(UInt8(ascii: "["))
            for value in values {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                JSONValue.string(value).write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        bytes += #"{"cases":"#.utf8
        strings(choice.cases)
        bytes += #","path":"#.utf8
        JSONValue.string(choice.unit.name).write(to: &bytes)
        bytes += #","probability":"#.utf8
        JSONValue.number(rounded(choice.probability)).write(to: &bytes)
        bytes += #","reasons":"#.utf8
        strings(choice.reasons)
        bytes += #","rules":"#.utf8
        strings(choice.rules.lazy.map(\.rule))
        bytes += #","seconds":"#.utf8
        JSONValue.number(rounded(choice.seconds)).write(to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    var text: String {
        var lines: [String] = []
        if isObserving {
            lines.append("# observing: \(Self.runs(situation.history.observed)) recorded, so everything runs; this would be chosen:")
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

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run is" : "\(count) runs are" }
    private func span(_ seconds: Double) -> String { seconds < 120 ? "\(Self.rounded(seconds)) s" : "\(Int((seconds / 60).rounded())) min" }
    private static func rounded(_ value: Double) -> Double { value.isFinite ? (value * 1000).rounded() / 1000 : 0 }
}
