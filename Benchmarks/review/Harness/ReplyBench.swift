import Basics
import LLM
import Policy
import Review
import Text

/// Replies of a known content, damaged in the ways models and their servers damage them: findings are recovered, or the review says what
/// failed; and no failure costs more than three requests.
struct ReplyBench {
    private static let count = 150

    func run(_ path: String) async {
        guard let change = ReviewBench.change(path), let whole = Self.reply(for: change) else { return }
        var dice = Dice(seed: 5)
        var (recovered, part, failed, silent, most) = (0, 0, 0, 0, 0)
        for number in 0..<Self.count {
            let text = Self.mutations[number % Self.mutations.count](whole.text, &dice)
            let model = TalkingModel(text)
            let result = await ReviewEngine(rules: [], redactor: Redactor()).review(change, model: model)
            let found = result.ledger.found
            most = max(most, result.usage.requests)
            if found >= whole.findings {
                recovered += 1
            } else if found > 0, !result.problems.isEmpty {
                part += 1
            } else if found == 0, result.status == .failed, result.problems.count == 1 {
                failed += 1
            } else {
                silent += 1
                StandardStreams.writeError("lost without a word: \(text.prefix(300))\n")
            }
        }
        for error in Self.errors {
            let result = await ReviewEngine(rules: [], redactor: Redactor()).review(change, model: TalkingModel(failing: error))
            most = max(most, result.usage.requests)
            if result.status != .failed || result.problems.isEmpty { silent += 1 }
        }
        StandardStreams.writeOutput(
            JSONValue.object([
                "replies": .integer(Int64(Self.count)), "recovered": .integer(Int64(recovered)), "part": .integer(Int64(part)),
                "failed": .integer(Int64(failed)), "silent": .integer(Int64(silent)), "requests": .integer(Int64(most)),
                "errors": .integer(Int64(Self.errors.count)),
            ]).text + "\n")
    }

    private static let errors: [ModelError] = [
        .unreachable(server: "s", reason: "r"), .timedOut(server: "s", after: .seconds(3)), .unauthorized(server: "s", reason: "r"),
        .rateLimited(server: "s", retryAfter: nil), .refused(server: "s", status: 400, reason: "r"),
        .serverFailed(server: "s", status: 500, reason: "r"), .cutOff(partial: "{\"summ", usage: .none), .empty(server: "s"),
        .malformed(server: "s", reason: "r"), .withheld(server: "s", reason: "r"),
    ]

    /// Three findings on added lines.
    private static func reply(for change: Change) -> (text: String, findings: Int)? {
        let lines = change.files.flatMap { file in
            file.diff.hunks.flatMap(\.lines).filter { $0.kind == .added && $0.text.raw.utf8.count > 12 }.map { (file.path, $0) }
        }
        guard lines.count >= 3 else { return nil }
        let findings = [0, lines.count / 2, lines.count - 1].enumerated().map { number, index -> JSONValue in
            .object([
                "path": .string(lines[index].0), "quote": .string(lines[index].1.text.raw), "side": "new",
                "line": .integer(Int64(lines[index].1.newNumber ?? 1)), "severity": "high", "category": "bug",
                "title": .string("Finding \(number) \"quoted\""), "body": .string("Why it is wrong:\n\tbecause \\ so."),
                "suggestion": nil, "confidence": 0.9,
            ])
        }
        return (JSONValue.object(["summary": "What it does.", "findings": .array(findings)]).text, findings.count)
    }

    private typealias Mutation = @Sendable (String, inout Dice) -> String
    private static let mutations: [Mutation] = [
        { text, _ in text }, { text, _ in "```json\n\(text)\n```" }, { text, _ in "Sure! Here is the review:\n\n\(text)\n\nLet me know." },
        { text, _ in "<think>First {\"findings\": [] maybe</think>\n\(text)" }, { text, _ in JSONValue.string(text).text },
        { text, _ in "{\"fettle_review\": \(text)}" }, { text, _ in "[\(text)]" },
        { text, _ in text.replacing("0.9", with: "NaN") }, { text, _ in text.replacing("\\n\\t", with: "\n\t") },
        { text, _ in text.replacing("]}", with: ",]}") }, { text, _ in text.replacing("null", with: "None") },
        { text, _ in text.replacing("\\\"quoted\\\"", with: "\"quoted\"") },
        { text, dice in String(text.prefix(text.count * (10 + dice.below(90)) / 100)) },
        { text, dice in String(text.dropFirst(dice.below(40))) },
        { text, dice in
            var bytes = Array(text.utf8)
            for _ in 0..<3 { bytes[dice.below(bytes.count)] = UInt8(32 + dice.below(95)) }
            return String(decoding: bytes, as: UTF8.self)
        },
        { text, _ in text + "\n" + text }, { text, _ in "\u{FEFF}" + text.replacing("\n", with: "\r\n") },
        { text, _ in text.replacing("{\"body\"", with: "/* one */ {\"body\"") },
        { text, _ in text.replacing("\"high\"", with: "\"HIGH\"") },
        { text, _ in text.replacing("\"line\":", with: "\"line\":\"L").replacing(",\"path\"", with: "\",\"path\"") },
        { _, _ in "" }, { _, _ in "I cannot help with that." }, { _, _ in "{\"error\": {\"message\": \"overloaded\"}}" },
        { _, _ in "<html><body>502 Bad Gateway</body></html>" }, { _, _ in "[[[[[[[[[[" },
    ]
}

/// Says the same whatever it is asked.
final class TalkingModel: LanguageModel {
    let profile = ModelProfile(name: "talker", contextWindow: 128_000)
    private let text: String
    private let error: ModelError?

    init(_ text: String) { (self.text, error) = (text, nil) }
    init(failing error: ModelError) { (text, self.error) = ("", error) }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        if let error { throw error }
        return ModelReply(text: UntrustedText(text), usage: .none, model: profile.name)
    }
}
