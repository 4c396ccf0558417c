import Basics
import Forge
package import Policy
package import TestSelection

/// What people read about tests: on a commit's check, in a step's summary, in an issue.
package enum TestsText {
    private static let mostRows = 100

    // MARK: The check

    package static func title(_ state: TestCheckState) -> String {
        var parts: [String] = []
        if let selection = state.selection {
            switch selection.mode {
            case .selection: parts.append("\(selection.chosen) of \(selection.chosen + selection.leftOut) tests chosen")
            case .everything: parts.append("everything runs")
            case .observe: parts.append("observing: everything runs")
            }
        }
        if let run = state.run {
            if run.ran > 0 || run.benchmarkCount == nil {
                parts.append(run.failedCount == 0 ? "\(run.ran) passed" : "\(run.failedCount) of \(run.ran) failed")
            }
            let slower = run.slow.count + run.shifts.count
            if slower > 0 { parts.append("\(slower) slower") }
            let benchmarks = run.slowerBenchmarks.count
            if benchmarks > 0 { parts.append("\(Count.of(benchmarks, "benchmark")) slower") }
        }
        if let coverage = state.coverage, coverage.uncovered > 0 { parts.append("\(coverage.uncovered) changed lines not covered") }
        if state.missed > 0 { parts.append("\(state.missed) missed by selection") }
        return parts.joined(separator: ", ")
    }

    package static func markdown(_ state: TestCheckState) -> Markdown {
        var text = Markdown()
        if let selection = state.selection { text += markdown(selection) }
        if let run = state.run { text += markdown(run) }
        if let coverage = state.coverage { text += markdown(coverage) }
        return text
    }

    package static func markdown(_ selection: SelectionNotice) -> Markdown {
        var text: Markdown = "### What to run"
        switch selection.mode {
        case .selection:
            text +=
                "\(selection.chosen) tests of \(selection.chosen + selection.leftOut), \(word: span(selection.seconds)). Left out: \(selection.leftOut) tests, \(word: span(selection.secondsLeftOut)) saved. Budget: \(UntrustedText(selection.budget))."
        case .observe:
            text +=
                "Too few runs are recorded to trust a choice, so everything runs. \(selection.chosen) of \(selection.chosen + selection.leftOut) would be chosen, \(word: span(selection.secondsLeftOut)) saved."
        case .everything: text += "Everything runs: \(selection.chosen + selection.leftOut) tests."
        }
        if !selection.rules.isEmpty {
            text += .lines(selection.rules.map { "- \(UntrustedText($0.rule)): \(UntrustedText($0.reason))" })
        }
        if !selection.commands.isEmpty { text += .fence(UntrustedText(selection.commands.joined(separator: "\n")), language: "sh") }
        guard !selection.tests.isEmpty, selection.mode != .everything else { return text }
        text += .table(
            [["Test", "Because", "Time"]]
                + selection.tests.prefix(mostRows).map {
                    ["\(code: UntrustedText($0.name))", "\(UntrustedText($0.because))", "\(word: span($0.seconds))"]
                })
        let more = selection.chosen - min(mostRows, selection.tests.count)
        return more > 0 ? text + "And \(more) more." : text
    }

    package static func markdown(_ run: RunNotice) -> Markdown {
        var text: Markdown = "### What ran"
        if run.ran > 0 || run.benchmarkCount == nil {
            text +=
                "\(run.ran) tests\(word: run.isWhole ? ", the whole suite" : ""), \(word: span(run.seconds)): \(run.failedCount) failed."
        }
        if let measured = run.benchmarkCount {
            text += "\(measured) benchmarks were measured, \(run.slowerBenchmarks.count) of them slower."
        }
        if run.isDamaged { text += "A report could not be read, so not everything is known, and the next selection runs everything." }
        if !run.failed.isEmpty { text += .lines(run.failed.map { "- \(code: UntrustedText($0.name))" }) }
        let slower =
            run.slow.map { (unit: $0.unit, before: $0.usual, after: $0.now, series: $0.series, since: "this run") }
            + run.shifts.map { (unit: $0.unit, before: $0.before, after: $0.after, series: $0.series, since: "some runs") }
        if !slower.isEmpty {
            text += "**Slower than before**"
            text += .table(
                [["Test", "Before", "Now", "Since", "Run times"]]
                    + slower.map {
                        [
                            "\(code: UntrustedText($0.unit.name))", "\(word: span($0.before))", "\(word: span($0.after))",
                            "\(word: $0.since)", "\(word: Sparkline.text($0.series))",
                        ]
                    })
        }
        if !run.slowerBenchmarks.isEmpty {
            text += "**Benchmarks slower than before**"
            text += .table(
                [["Benchmark", "Before", "Now", "Since", "Times"]]
                    + run.slowerBenchmarks.map {
                        [
                            "\(code: UntrustedText($0.name))", "\(word: OperationTime.text($0.before))",
                            "\(word: OperationTime.text($0.now))",
                            "\(word: $0.runs == 1 ? "this run" : "some runs")", "\(word: Sparkline.text($0.series))",
                        ]
                    })
        }
        if !run.flaky.isEmpty {
            text += "**Flaky: other verdicts for the same code**"
            text += .table(
                [["Test", "Flips", "Runs"]] + run.flaky.map { ["\(code: UntrustedText($0.unit.name))", "\($0.flips)", "\($0.runs)"] })
        }
        return text
    }

    package static func markdown(_ coverage: CoverageNotice) -> Markdown {
        var text: Markdown = "### Coverage of the change"
        text += "\(coverage.covered) changed lines are covered, \(coverage.uncovered) are not."
        if !coverage.files.isEmpty {
            text += .table(
                [["File", "Lines not covered"]]
                    + coverage.files.map { ["\(code: UntrustedText($0.path))", "\(UntrustedText($0.uncovered))"] })
        }
        if !coverage.unknown.isEmpty {
            text += "Not in the report:"
            text += .lines(coverage.unknown.map { "- \(code: UntrustedText($0))" })
        }
        if let proposal = coverage.proposal, proposal.utf8.count <= CoverageNotice.longestProposal {
            text += "**Proposed test cases, unverified**: written by a model, run by nobody."
            text += .fence(UntrustedText(proposal), language: "diff")
        }
        return text
    }

    // MARK: The issue

    static func issueTitle(_ misses: [MissedFailure]) -> UntrustedText {
        let first = misses.first?.unit.name ?? ""
        return UntrustedText("Missed by selection: \(first)\(misses.count > 1 ? " and \(misses.count - 1) more" : "")")
    }

    static func issue(_ misses: [MissedFailure]) -> Markdown {
        var text: Markdown =
            "A whole run found failures in tests that a selection had left out, while what it chose was green. The change that broke them passed unseen."
        text += .table(
            [["Test", "Left out for", "Chance given", "What spoke for it", "Found at"]]
                + misses.prefix(mostRows).map {
                    [
                        "\(code: UntrustedText($0.unit.name))", "\(code: short($0.selectedFor))", "\(word: "\($0.percent) %")",
                        "\(UntrustedText($0.because ?? "nothing tied it to the change"))", "\(code: short($0.foundAt))",
                    ]
                })
        if misses.count > mostRows { text += "And \(misses.count - mostRows) more." }
        text +=
            "What can be done: `--always` for tests that reach code in ways that cannot be seen, a higher `--confidence`, or shorter times between whole runs (`--whole-run-every`)."
        return text
    }

    private static func short(_ commit: String) -> UntrustedText { UntrustedText(commit.isEmpty ? "unknown" : String(commit.prefix(12))) }

    package static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "an unknown time" }
        if seconds < 10 { return "\((seconds * 100).rounded() / 100) s" }
        return seconds < 120 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
    }
}
