import Basics
import Forge
import Policy

/// `select_tests`: the tests worth running for the event's change, as outputs for a command line or a matrix.
enum SelectTestsTask: ActionTask {
    static let name = "select_tests"
    static let outputs = ["mode", "tests", "matrix", "commands", "seconds_left_out"]
    static let needsToken = false

    static func run(_ run: ActionRun) async throws -> ExitCode {
        let base = try run.inputs.base ?? eventBase(run)
        var words = ["--repo", run.surroundings.workspace, "--base", base, "--head", run.inputs.head, "--format", "json"]
        if !run.surroundings.branch.isEmpty { words += ["--branch", run.surroundings.branch] }
        if let history = run.inputs.history { words += ["--history", history] }
        for (name, value) in run.inputs.budget { words += [name, value] }
        let outcome = try await StepCommand.run(TestsSelectCommand.self, words, in: run)
        let selection = try JSONValue(parsing: outcome.output.utf8)
        try report(selection, run)
        return outcome.status
    }

    /// Where the change began, as the event tells it.
    private static func eventBase(_ run: ActionRun) throws -> String {
        let missing = UsageError("input 'base' is empty and the event names no commit before the change: give one, e.g. origin/main")
        guard let path = run.surroundings.eventPath else { throw missing }
        let bytes: [UInt8]
        do { bytes = try InputFile.read(path, limit: 32 << 20) } catch { throw UsageError(error.description) }
        guard let event = try? JSONValue(parsing: bytes) else { throw missing }
        let base = event["pull_request"]?["base"]?["sha"]?.string ?? event["merge_group"]?["base_sha"]?.string ?? event["before"]?.string
        // A new branch has no commit before it: forty zeros.
        guard let base, base.utf8.count >= 40, base.utf8.contains(where: { $0 != UInt8(ascii: "0") }) else { throw missing }
        return base
    }

    private static func report(_ selection: JSONValue, _ run: ActionRun) throws {
        let mode = selection["mode"]?.string ?? ""
        let chosen = selection["tests"]?.array ?? []
        let rest = selection["left_out"]?.array ?? []
        // When everything runs, what would be left out runs too.
        let names = (mode == "selection" ? chosen : chosen + rest).compactMap { $0["path"]?.string }
        let commands = (selection["commands"]?.array ?? []).compactMap(\.string)
        let saved = mode == "selection" ? selection["seconds_left_out"]?.double ?? 0 : 0
        let hygiene = OutputHygiene(redactor: Redactor(secrets: run.configuration.secrets))
        let summary = summary(selection, mode: mode, chosen: chosen, left: rest.count, saved: saved)
        run.printGroup("fettle tests select: \(mode), \(names.count) to run", (commands.isEmpty ? names : commands).joined(separator: "\n"))
        try run.files.addSummary(hygiene.publish(summary, limit: .kibibytes(512)).text)
        try run.files.setOutputs([
            ("mode", mode), ("tests", names.joined(separator: "\n")), ("matrix", JSONValue.array(names.map { .string($0) }).text),
            ("commands", commands.joined(separator: "\n")), ("seconds_left_out", "\(Int(saved.rounded()))"),
        ])
    }

    private static func summary(_ selection: JSONValue, mode: String, chosen: [JSONValue], left: Int, saved: Double) -> Markdown {
        var text: Markdown = "### Tests to run"
        switch mode {
        case "selection": text += "\(chosen.count) chosen, \(left) left out: about \(Int(saved.rounded())) s saved."
        case "observe": text += "Too few runs are recorded, so everything runs. \(chosen.count) of \(chosen.count + left) would be chosen."
        default: text += "Everything runs."
        }
        let rules = (selection["rules"]?.array ?? []).prefix(20)
        if !rules.isEmpty {
            text += .lines(rules.map { "- \(UntrustedText($0["rule"]?.string ?? "")): \(UntrustedText($0["reason"]?.string ?? ""))" })
        }
        if chosen.isEmpty { return text }
        let rows: [[Markdown]] = chosen.prefix(100).map { test in
            let reason = test["reasons"]?[0]?.string ?? "fits the budget"
            return ["\(code: UntrustedText(test["path"]?.string ?? ""))", "\(UntrustedText(reason))"]
        }
        text += .table([["Test", "Because"]] + rows)
        if chosen.count > 100 { text += "And \(chosen.count - 100) more, in the outputs." }
        return text
    }
}
