import Basics
import Testing

@Suite struct JSONValueTests {
    @Test func `equal documents have equal bytes whatever their key order`() throws {
        let a = try JSONValue(parsing: #"{"b": [1, 2.5, null], "a": {"y": true, "x": "é/"}}"#.utf8)
        let b = try JSONValue(parsing: #"{"a": {"x": "é/", "y": true}, "b": [1, 2.5, null]}"#.utf8)
        #expect(a.serialized() == b.serialized())
        #expect(a.text == #"{"a":{"x":"é/","y":true},"b":[1,2.5,null]}"#)
    }

    @Test func `whole numbers survive beyond the precision of a double`() throws {
        #expect(try JSONValue(parsing: "9007199254740993".utf8) == .integer(9_007_199_254_740_993))
    }

    @Test(arguments: ["", "{", "nul", #"{"a":}"#, "\"\\ud800\"", "\u{0}"])
    func `text that is no JSON throws and does not trap`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func `nesting deeper than the limit is an error, not a crash`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 100_000)) }
    }
}
