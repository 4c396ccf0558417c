import Basics
import Review

/// What maintainers said of findings they dismissed, for the model to know: a repository's ways that stand in no file. It ends with the
/// dismissals, and is listed with them.
enum AcceptedHere {
    /// The newest ones; a model reads them with every request.
    private static let most = 12
    private static let longest = 160

    static func text(of remembered: [RememberedFinding]) -> RepositoryText? {
        let reasons = remembered.filter { $0.state == .dismissed }.compactMap { finding -> String? in
            guard let reason = finding.reason?.raw.prefix(longest), !reason.isEmpty else { return nil }
            return "Dismissed in \(finding.path): \(oneLine(finding.title.raw.prefix(longest))). Reason: \(oneLine(reason))"
        }
        return reasons.isEmpty
            ? nil : RepositoryText(path: "findings they dismissed", text: UntrustedText(reasons.prefix(most).joined(separator: "\n")))
    }

    private static func oneLine(_ text: some StringProtocol) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
