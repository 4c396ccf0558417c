@testable import Review
import Basics
import TestSupport
import Testing

@Suite struct ReviewReplyTests {
    private static let one = SampleChange.reply([("src/app.py", "x = 1\n\ty", 3, "A \"quoted\" title")])
    private static let two = SampleChange.reply([("a.py", "first", 1, "One"), ("b.py", "second", 2, "Two")])

    @Test(arguments: [
        one, "```json\n\(one)\n```", "Here is my review:\n\n\(one)\nHope that helps!",
        "<think>{\"findings\": [{\"path\": \"no\", \"title\": \"no\"}]}</think>\(one)",
        JSONValue.string(one).text, "{\"result\": \(one)}", "[\(one)]", "{\"fettle_review\": \(JSONValue.string(one).text)}",
        one.replacing("0.9", with: "NaN"), one.replacing("\\n\\t", with: "\n\t"), one.replacing("]}", with: "],}"),
        "thinking…</think>\n\(one)",
        one.replacing("{\"category", with: "// note\n{\"category"), "\u{FEFF}\(one)", one.replacing("\\\"quoted\\\"", with: "\"quoted\""),
    ])
    func `a finding is recovered whatever stands around it`(text: String) throws {
        let reply = ReviewReply(parsing: text, model: "m")
        let finding = try #require(reply.findings.first, "\(text)")
        #expect(reply.findings.count == 1 && reply.fault == nil)
        #expect(finding.path.raw == "src/app.py")
        #expect(finding.target == .quote("x = 1\n\ty", hint: 3))
        #expect(finding.title.raw == "A \"quoted\" title")
    }

    @Test func `a reply cut anywhere keeps every finding that was whole, and says that it breaks off`() {
        let bytes = Array(Self.two.utf8)
        for length in 0..<bytes.count {
            let reply = ReviewReply(parsing: String(decoding: bytes[..<length], as: UTF8.self), model: "m")
            #expect(reply.fault != nil, "\(length)")
            let text = String(decoding: bytes[..<length], as: UTF8.self)
            let whole = text.split(separator: "}", omittingEmptySubsequences: false).count - 1
            #expect(reply.findings.count == whole, "\(text)")
        }
    }

    @Test(arguments: [
        ("", ReviewReply.Fault.empty), ("  \n", .empty), ("I cannot help with that.", .noJSON),
        ("{\"error\": \"overloaded\"}", .wrongShape),
        ("<think>{\"findings\": []}", .empty), ("[1, 2, 3]", .wrongShape), ("{\"findings\": [{\"foo\": 1}]}", .wrongShape), ("[]", .noJSON),
    ])
    func `what is no review has a name`(text: String, fault: ReviewReply.Fault) {
        #expect(ReviewReply(parsing: text, model: "m").fault == fault)
    }

    @Test(arguments: [
        "{\"summary\": \"fine\", \"findings\": []}", "{\"findings\": []}", "```\n{\"summary\": \"\", \"findings\": null}\n```",
    ])
    func `an empty list is a good answer`(text: String) {
        let reply = ReviewReply(parsing: text, model: "m")
        #expect(reply.fault == nil && reply.findings.isEmpty)
    }

    @Test func `an answer without its beginning says that something of it is lost`() {
        for length in 30..<100 {
            let reply = ReviewReply(parsing: String(Self.two.dropFirst(length)), model: "m")
            #expect(reply.unreadableCount > 0 || reply.fault != nil || reply.findings.count == 2, "\(Self.two.dropFirst(length))")
        }
    }

    @Test func `several objects are read together and repeats once`() {
        let reply = ReviewReply(parsing: Self.one + "\n" + Self.two + "\n" + Self.one, model: "m")
        #expect(reply.findings.count == 3)
    }

    @Test func `no mutation of a reply traps or goes without a finding or a fault`() {
        let random = SeededRandom(seed: 23)
        let seed = Array("<think>x</think>```json\n\(Self.two)\n```".utf8)
        let alphabet = Array("{}[]\"\\,:'`n/ 0u\n<".utf8) + [0xFF]
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0...random.below(5) {
                let at = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes.insert(alphabet[random.below(alphabet.count)], at: at)
                case 1: bytes[at] = alphabet[random.below(alphabet.count)]
                default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(20)))
                }
                if bytes.isEmpty { bytes = seed }
            }
            let reply = ReviewReply(parsing: String(decoding: bytes, as: UTF8.self), model: "m")
            #expect(!reply.findings.isEmpty || reply.fault != nil || reply.summary != nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func `deep and long nonsense is read in time`() {
        for text in [
            String(repeating: "[", count: 20_000), String(repeating: "{\"a\":", count: 20_000), String(repeating: "{", count: 100_000),
        ] {
            #expect(ReviewReply(parsing: text, model: "m").findings.isEmpty)
        }
    }
}
