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

    /// Longer texts are withheld whole: what cannot be searched in reasonable time does not leave.
    package static let longestText = ByteCount.mebibytes(32)

    package func redact(_ text: String) -> Redacted {
        guard text.utf8.count <= Self.longestText.bytes else {
            return Redacted(text: "(withheld: \(text.utf8.count) bytes are too many to redact)", counts: ["withheld": 1])
        }
        let bytes = Array(text.utf8)
        let secrets = secrets(in: bytes)
        if secrets.isEmpty { return Redacted(text: text, counts: [:]) }
        var result: [UInt8] = []
        var counts: [String: Int] = [:]
        var position = 0
        for secret in secrets {
            result.append(contentsOf: bytes[position..<secret.range.lowerBound])
            result.append(contentsOf: "(redacted:\(secret.kind))".utf8)
            counts[secret.kind, default: 0] += 1
            position = secret.range.upperBound
        }
        result.append(contentsOf: bytes[position...])
        return Redacted(text: String(decoding: result, as: UTF8.self), counts: counts)
    }

    /// The same for lines that belong together: a secret that a line end broke is found, its mark stands in the line where it begins, and
    /// as many lines come back as were given.
    package func redact(lines: [String]) -> [String] {
        let bytes = Array(lines.joined(separator: "\n").utf8)
        guard bytes.count <= Self.longestText.bytes else { return lines.map { _ in "(withheld: too much text to redact)" } }
        let secrets = secrets(in: bytes)
        if secrets.isEmpty { return lines }
        var result: [UInt8] = []
        var position = 0
        for secret in secrets {
            result.append(contentsOf: bytes[position..<secret.range.lowerBound])
            result.append(contentsOf: "(redacted:\(secret.kind))".utf8)
            result.append(contentsOf: bytes[secret.range].filter { $0 == 10 })
            position = secret.range.upperBound
        }
        result.append(contentsOf: bytes[position...])
        return result.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Found {
        var range: Range<Int>
        let kind: String
    }

    /// In order and apart from each other.
    private func secrets(in bytes: [UInt8]) -> [Found] {
        var found = plain(in: bytes) + encoded(in: bytes)
        for view in TextView.all(of: bytes) {
            let seen = plain(in: view.bytes, view.breaks) + encoded(in: view.bytes, view.breaks)
            found += seen.map { Found(range: view.original($0.range), kind: $0.kind) }
        }
        var apart: [Found] = []
        // The longest first where two begin together, then the more certain kind.
        let ranked = found.enumerated().sorted {
            ($0.element.range.lowerBound, -$0.element.range.upperBound, $0.offset)
                < ($1.element.range.lowerBound, -$1.element.range.upperBound, $1.offset)
        }
        for (_, next) in ranked where !next.range.isEmpty {
            if let last = apart.last, next.range.lowerBound < last.range.upperBound {
                apart[apart.count - 1].range = last.range.lowerBound..<max(last.range.upperBound, next.range.upperBound)
            } else {
                apart.append(next)
            }
        }
        return apart
    }

    private func plain(in bytes: [UInt8], _ breaks: LineBreaks = .none) -> [Found] {
        registered.ranges(in: bytes).map { Found(range: $0, kind: "configured-secret") }
            + scanner.matches(in: bytes, breaks).map { Found(range: $0.range, kind: $0.kind) }
            + NamedSecret.matches(in: bytes, breaks).map { Found(range: $0, kind: NamedSecret.kind) }
    }

    /// Runs of base64 or hexadecimal whose text holds a secret; the whole run goes.
    private func encoded(in bytes: [UInt8], _ breaks: LineBreaks = .none) -> [Found] {
        EncodedRuns.all(in: bytes, breaks).compactMap { run in
            plain(in: run.text, run.breaks).first.map { Found(range: run.range, kind: $0.kind) }
        }
    }

    /// Text for a model: credentials and invisible characters taken out.
    package func prompt(_ text: String) -> PromptText {
        PromptText(redacted: redact(InvisibleCharacters.removed(from: text)).text)
    }

    package func prompt(_ text: UntrustedText) -> PromptText { prompt(text.raw) }
}
