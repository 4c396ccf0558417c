import Basics

/// `go test -json`: one event a line. Source: pkg.go.dev/cmd/test2json
enum GoTestReport {
    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> TestReport {
        var cases: [String: ReportedCase] = [:]
        var started: Set<String> = []
        var broken: Set<String> = []
        var events = 0
        // What packages said of benchmarks: a result may come in several pieces.
        var said: [String: String] = [:]
        for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            // A build's own words may stand between the events.
            guard line.first == UInt8(ascii: "{"), let event = try? JSONValue(parsing: line), let action = event["Action"]?.string else {
                continue
            }
            events += 1
            let package = event["Package"]?.string ?? ""
            if action == "output", let output = event["Output"]?.string, output.hasPrefix("Benchmark") || output.contains("ns/op") {
                said[package, default: ""] += output
            }
            guard let test = event["Test"]?.string else {
                if action == "fail" { broken.insert(package) }
                continue
            }
            let name = CaseName.stable(test)
            let key = "\(package)\u{0}\(name)"
            started.insert(key)
            guard let verdict = verdict(action) else { continue }
            var known = cases[key] ?? ReportedCase(group: package, name: name, verdict: verdict)
            if verdict == .failed || known.verdict == .skipped { known.verdict = verdict }
            if test == name { known.seconds = max(0, event["Elapsed"]?.double ?? 0) }
            cases[key] = known
        }
        guard events > 0 else {
            throw UnreadableReport(
                reason:
                    "it is no whole document of benchmark results and has no line of 'go test -json': write the report again, or give one that 'fettle tests record --help' names"
            )
        }
        addUnfinished(started, to: &cases)
        // A package that failed without a failing test did not build, or crashed before its tests.
        for package in broken where !cases.values.contains(where: { $0.group == package && $0.verdict == .failed }) {
            cases[package] = ReportedCase(group: package, name: "", verdict: .failed)
        }
        let benchmarks = said.sorted { $0.key < $1.key }.flatMap { BenchmarkReport.read(text: $0.value, package: $0.key) }
        return TestReport(cases: cases.sorted { $0.key < $1.key }.map(\.value), benchmarks: benchmarks)
    }

    /// A test that began and never ended was cut off by a crash or a time limit.
    private static func addUnfinished(_ started: Set<String>, to cases: inout [String: ReportedCase]) {
        for key in started where cases[key] == nil {
            let parts = key.split(separator: "\u{0}", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            cases[key] = ReportedCase(group: parts.first ?? "", name: parts.count > 1 ? parts[1] : "", verdict: .failed)
        }
    }

    private static func verdict(_ action: String) -> ReportedCase.Verdict? {
        switch action {
        case "pass": .passed
        case "fail": .failed
        case "skip": .skipped
        default: nil
        }
    }
}
