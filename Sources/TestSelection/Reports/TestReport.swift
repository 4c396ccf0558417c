import Basics

/// What a runner's report says: one entry for each test case.
package struct TestReport: Sendable, Hashable {
    package var cases: [ReportedCase]
    package var benchmarks: [ReportedBenchmark]

    package init(cases: [ReportedCase] = [], benchmarks: [ReportedBenchmark] = []) {
        self.cases = cases
        self.benchmarks = benchmarks
    }
}

/// One test case as a report names it.
package struct ReportedCase: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable, Codable {
        case passed, failed, skipped
    }

    /// Class, suite, package or module; empty when the report names none.
    package var group: String
    /// Without parameters, data sets and parentheses.
    package var name: String
    /// As the report says; often absent.
    package var file: String?
    /// Titles of the suites it stands in, outermost first: what a runner that names no file says of the place.
    package var suites: [String] = []
    package var verdict: Verdict
    package var seconds: Double
    /// It failed first and passed when tried again, in this run.
    package var passedOnRetry: Bool

    package init(group: String, name: String, file: String? = nil, verdict: Verdict, seconds: Double = 0, passedOnRetry: Bool = false) {
        self.group = group
        self.name = name
        self.file = file
        self.verdict = verdict
        self.seconds = seconds.isFinite ? min(max(0, seconds), 1e7) : 0
        self.passedOnRetry = passedOnRetry
    }
}

/// A report that could not be read. What it would have said is unknown, which is no reason to skip anything.
package struct UnreadableReport: Error, Sendable, CustomStringConvertible {
    package var reason: String
    package var description: String { reason }
}

/// Reads any report we know, by its content.
package enum ReportReader {
    package static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> TestReport {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        switch start.first(where: { $0 > 32 }) {
        case UInt8(ascii: "<"): return try JUnitReport.read(bytes)
        case UInt8(ascii: "{"): return try readJSON(bytes)
        case nil: throw UnreadableReport(reason: "it is empty")
        default:
            let benchmarks = BenchmarkReport.read(text: String(decoding: bytes, as: UTF8.self))
            return benchmarks.isEmpty ? try JUnitReport.read(bytes) : TestReport(benchmarks: benchmarks)
        }
    }

    private static func readJSON(_ bytes: [UInt8]) throws(UnreadableReport) -> TestReport {
        do {
            return try GoTestReport.read(bytes)
        } catch {
            // One document, not one a line.
            guard let document = try? JSONValue(parsing: bytes), let benchmarks = BenchmarkReport.read(json: document) else { throw error }
            return TestReport(benchmarks: benchmarks)
        }
    }
}
