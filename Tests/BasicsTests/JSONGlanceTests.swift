import Basics
import TestSupport
import Testing

@Suite struct JSONGlanceTests {
    private func glance(_ text: String) -> JSONGlance { JSONGlance(at: "action", in: Array(text.utf8)) }

    @Test(arguments: [
        #"{"action":"opened"}"#, #" {"a" : {"action": "no"}, "action" : "opened" , "b":[{"action":1}]} "#,
        #"{"x":"é \"quoted\" \u00e9 \ud83d\ude00","action":"opened","n":[-0.5e+3,0,1E9,true,false,null,[],{}]}"#,
    ])
    func `a text of the top level is found among everything else`(text: String) {
        #expect(glance(text) == .text("opened"))
    }

    @Test(arguments: ["{}", "[]", "1", #""action""#, #"{"action":null}"#, #"{"action":["opened"]}"#, #"{"b":{"action":"opened"}}"#, "null"])
    func `a document without that text is one all the same`(text: String) {
        #expect(glance(text) == .otherwise)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", #"{"a":1,}"#, #"{"a" 1}"#, "[1 2]", "01", "1.", "-", ".5", "1e", "nul", "truee", #""\x""#, #""\ud800""#,
        #""\udc00""#, "\"\n\"", "\"", #"{"action":1,"action":"b"}"#, #"{"\u0061ction":"opened"}"#, #"{"action":"\u006fpened"}"#, "{}{}",
        #"{1:2}"#, "\u{FEFF}{}",
    ])
    func `whatever is no document, or an odd one, is left to the decoder`(text: String) {
        #expect(glance(text) == .unclear)
    }

    @Test func `bytes that are no UTF-8 are left to the decoder`() {
        #expect(JSONGlance(at: "action", in: [0x22, 0xC3, 0x28, 0x22]) == .unclear)
        #expect(JSONGlance(at: "action", in: [0x22, 0x80, 0x22]) == .unclear)
    }

    @Test func `512 levels are read and one more is left to the decoder`() {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(glance(nested(512)) == .otherwise)
        #expect(glance(nested(513)) == .unclear)
        #expect(glance(String(repeating: "[", count: 100_000)) == .unclear)
    }

    @Test func `nothing behind the text is looked at`() {
        #expect(glance(#"{"action":"opened","#) == .text("opened"))
        #expect(glance(#"{"action":"opened" nonsense"#) == .text("opened"))
    }

    @Test func `what a glance tells of a document is what the decoder tells`() throws {
        let random = SeededRandom(seed: 5)
        let pieces = [
            "{", "}", "[", "]", ",", ":", #""action""#, #""opened""#, "1", "-2.5e3", "true", "null", " ", "\\", "\"", #""\u00e9""#, "é",
            "0",
            "\u{1}", #""b":"#,
        ]
        for _ in 0..<LongRun.count(20_000, long: 2_000_000) {
            let text = "{" + (0..<random.below(9)).map { _ in pieces[random.below(pieces.count)] }.joined() + "}"
            let glance = glance(text)
            if glance == .unclear { continue }
            let value: JSONValue
            do {
                value = try JSONValue(parsing: text.utf8)
            } catch {
                #expect(glance != .otherwise, "\(text)")
                continue
            }
            if glance != .otherwise, text.ranges(of: "\"action\"").count > 1 { continue }
            #expect(value["action"]?.string.map { .text($0) } ?? .otherwise == glance, "\(text)")
        }
    }
}
