package import Basics

extension FailureReport {
    /// The same report with what a reader must know beside the log: that a part of it could not be read. Changes no fingerprint.
    package func noting(_ notes: [UntrustedText]) -> FailureReport {
        let known = Set(evidence.map(\.text))
        let missing = notes.filter { !known.contains($0) }
        // After the log's last line, where nothing of it stands.
        let quotes = missing.enumerated().map { Quote(line: max(lineCount, evidence.last?.line ?? 0) + 1 + $0.offset, text: $0.element) }
        return FailureReport(
            source: source, fingerprint: fingerprint, headline: headline, failingCommand: failingCommand, verdict: verdict,
            evidence: evidence + quotes, failedTests: failedTests, lineCount: lineCount, forgottenLines: forgottenLines,
            observedTests: observedTests)
    }
}
