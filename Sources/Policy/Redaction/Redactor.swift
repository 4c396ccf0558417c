package import Basics
package import LLM

/// Takes credentials out of a text before it goes anywhere: prompt, comment, issue, chat, audit row, log line.
package struct Redactor: Sendable {
    private let registered: RegisteredSecrets
    private let scanner: SecretScanner

    package init(secrets: [Secret] = [], scanner: SecretScanner = SecretScanner()) {
        registered = RegisteredSecrets(secrets)
        self.scanner = scanner
    }

    /// The text with each credential replaced by `(redacted:kind)`, and how many of each kind there were.
    package struct Redacted: Sendable, Hashable {
        package let text: String
        package let counts: [String: Int]
    }

    package func redact(_ text: String) -> Redacted {
        let bytes = Array(text.utf8)
        let own = registered.ranges(in: bytes).map { (range: $0, kind: "configured-secret") }
        let found = own + scanner.matches(in: bytes).map { (range: $0.range, kind: $0.kind) }
        if found.isEmpty { return Redacted(text: text, counts: [:]) }
        var result: [UInt8] = []
        var counts: [String: Int] = [:]
        var position = 0
        for (range, kind) in found.sorted(by: { ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound) }) {
            if range.lowerBound < position {
                // Overlaps what was already taken out: only its tail is left to remove.
                position = max(position, range.upperBound)
                continue
            }
            result.append(contentsOf: bytes[position..<range.lowerBound])
            result.append(contentsOf: "(redacted:\(kind))".utf8)
            counts[kind, default: 0] += 1
            position = range.upperBound
        }
        result.append(contentsOf: bytes[position...])
        return Redacted(text: String(decoding: result, as: UTF8.self), counts: counts)
    }

    /// Text for a model: credentials and invisible characters taken out.
    package func prompt(_ text: String) -> PromptText {
        PromptText(redacted: redact(InvisibleCharacters.removed(from: text)).text)
    }

    package func prompt(_ text: UntrustedText) -> PromptText { prompt(text.raw) }
}
