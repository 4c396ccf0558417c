package import Basics

/// What a failed run's log says, without any model: what broke, the lines that prove it, the class, what to do next.
package struct FailureReport: Sendable, Hashable, Codable {
    package struct Quote: Sendable, Hashable, Codable {
        package let line: Int
        package let text: UntrustedText
    }

    /// Name of the log as it was given.
    package let source: String
    package let fingerprint: Fingerprint
    /// The line that tells most; `nil` when no line of the log shows an error.
    package let headline: Quote?
    /// The command or step that failed first, as the CI server printed it.
    package let failingCommand: Quote?
    /// The CI server's own words: exit status, time limit.
    package let verdict: Quote?
    package let evidence: [Quote]
    /// In the order of the log, each once.
    package let failedTests: [UntrustedText]
    package let lineCount: Int
    /// Lines that memory had no room for: said, not hidden.
    package let forgottenLines: Int
    /// The failed tests with what their lines say beside the name; `nil` in reports of older versions.
    package var observedTests: [ObservedTest]?

    package var failureClass: FailureClass { fingerprint.failureClass }
    package var nextStep: String { failureClass.nextStep }

    /// Nothing in the log names a cause: whoever reads the report must know.
    package var isInsufficient: Bool { headline == nil }

    /// The same with a fingerprint of its own for each `name`: logs that name no cause must not all look like one.
    package func toldApart(by name: String) -> FailureReport {
        told(by: Fingerprint(lines: [fingerprint.hex, name], failureClass: failureClass, evidence: fingerprint.evidence))
    }

    /// The same in a class that more than this one log tells.
    package func classed(_ failureClass: FailureClass) -> FailureReport {
        failureClass == self.failureClass ? self : told(by: fingerprint.classed(failureClass))
    }

    private func told(by fingerprint: Fingerprint) -> FailureReport {
        FailureReport(
            source: source, fingerprint: fingerprint, headline: headline, failingCommand: failingCommand, verdict: verdict,
            evidence: evidence,
            failedTests: failedTests, lineCount: lineCount, forgottenLines: forgottenLines, observedTests: observedTests)
    }
}

extension FailureClass {
    /// What a person does first about a failure of this class.
    package var nextStep: String {
        switch self {
        case .test: "Run the failed tests locally on this commit; compare with the last green run of the same job."
        case .compile: "Build this commit locally; the first error is the one to fix, later ones often follow from it."
        case .lint: "Run the linter locally, with its fix option where it has one."
        case .dependency: "Check that the named version exists and is reachable; pin it or restore the lock file."
        case .configuration: "Check the step's script and the image: a command, file or setting it expects is not there."
        case .infrastructure: "Run the job again; when it fails the same way, look at the service or network it could not reach."
        case .timeout: "Find what was running when the time was up; raise the limit only when the work has really grown."
        case .outOfMemory: "Lower parallelism or raise the memory limit, and find what has grown."
        case .permission: "Check the token's scopes and the file's mode: the step may not do what it tried."
        case .flaky: "Compare with other runs of the same test; quarantine it with an owner and a date if it keeps flipping."
        case .unknown: "Read the end of the failing step; if the cause is there, this kind of line is not known yet."
        }
    }
}
