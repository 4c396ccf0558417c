import Basics
import Policy
import Testing

@testable import FailureAnalysis

@Suite struct LogMemoryTests {
    private let analyzer: LogAnalyzer

    init() throws {
        analyzer = try SharedAnalyzer.get()
    }

    private static let noise = "ERROR: cannot reach the cache server, 3 tries"
    private static let cause = "config/app.ini: key 'port' is missing"

    private func log(_ lines: [String], ends: String = "##[error]Process completed with exit code 1.") -> LogFile {
        let text = (["##[group]Run make", "make", "##[endgroup]"] + lines + [ends]).joined(separator: "\n")
        return LogFile(named: "build", content: Array(text.utf8))
    }

    private var failed: LogFile { log([Self.noise, "step one", Self.cause, "stopped"]) }

    private func report(_ memory: LogMemory) throws -> FailureReport {
        try analyzer.report(on: failed, redactor: Redactor(), memory: memory)
    }

    @Test func `a line that the last success printed too, with other numbers, does not head the report`() throws {
        #expect(try report(.none).headline?.text.raw == Self.noise)
        let success = log(["ERROR: cannot reach the cache server, 12 tries", "step one", "built"], ends: "done")
        let memory = try analyzer.memory(ofSuccesses: [success], causes: [])
        let taught = try report(memory)
        #expect(taught.headline?.text.raw == Self.cause, "\(taught)")
        #expect(try report(memory).fingerprint == report(.none).fingerprint, "the cause is the same one before and after")
    }

    @Test func `a line that named a cause which was fixed goes first although a success printed it`() throws {
        let success = log([Self.noise, Self.cause], ends: "done")
        let memory = try analyzer.memory(ofSuccesses: [success], causes: [UntrustedText(Self.noise)])
        #expect(try report(memory).headline?.text.raw == Self.noise)
    }

    @Test func `a success that counts no errors does not hide a failure that counts some`() throws {
        let success = log(["12 examples, 0 failures", "Tests run: 12, Failures: 0, Errors: 0"], ends: "done")
        let failed = log(["Tests run: 12, Failures: 3, Errors: 0", "12 examples, 3 failures"])
        let memory = try analyzer.memory(ofSuccesses: [success], causes: [])
        let (plain, taught) = (
            try analyzer.report(on: failed, redactor: Redactor()), try analyzer.report(on: failed, redactor: Redactor(), memory: memory)
        )
        #expect(plain == taught)
    }

    @Test func `an empty log and one that was never seen teach nothing`() throws {
        #expect(try analyzer.memory(ofSuccesses: [LogFile(named: "x", content: [])], causes: ["", "all is well"]).isEmpty)
    }
}
