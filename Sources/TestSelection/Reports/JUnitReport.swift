import Text

/// JUnit XML as its many writers write it.
///
/// Sources: maven-surefire-report schema (rerunFailure, flakyFailure), docs.gradle.org (test reports), docs.pytest.org (junit_family),
/// github.com/jest-community/jest-junit, github.com/gotestyourself/gotestsum, nexte.st/docs (junit), JunitXml.TestLogger,
/// docs.phpunit.de (nested suites, `class` and `file`), rspec_junit_formatter, SwiftPM (`--xunit-output`, two files).
struct JUnitReport: XMLHandler {
    private var cases: [ReportedCase] = []
    private var suites: [(name: String, file: String?)] = []
    private var current: ReportedCase?
    private var retriedFailures = 0
    private var isRoot = true
    private var isReport = false

    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> TestReport {
        var report = JUnitReport()
        do {
            try XMLReader.read(withoutControls(bytes), into: &report)
        } catch {
            throw UnreadableReport(reason: "\(error)")
        }
        guard report.isReport else { throw UnreadableReport(reason: "it is no JUnit report: its first element is no test suite") }
        return TestReport(cases: report.cases)
    }

    /// Colours of a terminal in failure messages, which XML forbids, are written all the same by node's reporter among others.
    private static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        guard !isWide, bytes.contains(where: isForbidden) else { return bytes }
        return bytes.map { isForbidden($0) ? UInt8(ascii: "?") : $0 }
    }

    private static func isForbidden(_ byte: UInt8) -> Bool { byte < 32 && byte != 9 && byte != 10 && byte != 13 }

    mutating func start(_ element: XMLElement) {
        if isRoot {
            isReport = ["testsuites", "testsuite"].contains(element.name)
            isRoot = false
        }
        switch element.name {
        case "testsuite": suites.append((element["name"] ?? "", element["file"]))
        case "testcase": open(element)
        case "failure", "error": current?.verdict = .failed
        case "skipped", "disabled": if current?.verdict == .passed { current?.verdict = .skipped }
        case "flakyFailure", "flakyError": retriedFailures += 1
        default: break
        }
    }

    mutating func end(_ name: String) {
        if name == "testsuite" { _ = suites.popLast() }
        guard name == "testcase", var done = current else { return }
        done.passedOnRetry = retriedFailures > 0 && done.verdict == .passed
        cases.append(done)
        current = nil
        retriedFailures = 0
    }

    private mutating func open(_ element: XMLElement) {
        // Node writes the same word for every case. Source: nodejs.org/api/test.html (junit reporter)
        let named = (element["classname"] ?? element["class"]).flatMap { $0 == "test" ? nil : $0 }
        let group = named ?? suites.last?.name ?? ""
        let name = CaseName.stable(element["name"] ?? "")
        let file = element["file"] ?? element["filepath"] ?? suites.last?.file
        let status = element["status"] ?? element["result"]
        let skipped = status.map { ["notrun", "skipped", "disabled", "pending"].contains($0.lowercased()) } ?? false
        current = ReportedCase(
            group: CaseName.stable(group), name: name, file: file, verdict: skipped ? .skipped : .passed,
            seconds: Self.seconds(element["time"]))
        current?.suites = suites.map { CaseName.stable($0.name) }.filter { !$0.isEmpty }
    }

    /// `1.5`, `1,234.5` (Surefire), `0.5s`.
    private static func seconds(_ text: String?) -> Double {
        guard let text else { return 0 }
        return Double(text.filter { $0 != "," && $0 != "s" }) ?? 0
    }
}
