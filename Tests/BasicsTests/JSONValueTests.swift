import Basics
import FoundationEssentials
import TestSupport
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

    @Test(arguments: ["12678901234567230.67890123455", "-0.0", "1e3", "9223372036854775808", "1e19", "0.1"])
    func `what was read and printed is read and printed the same again`(text: String) throws {
        let printed = try JSONValue(parsing: text.utf8).serialized()
        #expect(try JSONValue(parsing: printed).serialized() == printed)
    }

    @Test func `the compact form is the encoder's, byte by byte`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let random = SeededRandom(seed: 9)
        for _ in 0..<2000 {
            let value = Self.anything(random, depth: 3)
            #expect(value.serialized() == Array(try encoder.encode(value)))
        }
    }

    private static let numbers = [0.1, -0.0, 1e-7, 1e16, 1.5e300, .infinity, -.infinity, .nan, 3, 123_456.789, 1e15, 0.0001]

    private static func anything(_ random: SeededRandom, depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 7 : 5) {
        case 0: .null
        case 1: .bool(random.below(2) == 0)
        case 2: .integer(Int64(random.below(1000)) - 500)
        case 3: .number(numbers[random.below(numbers.count)])
        case 4: .string(text(random))
        case 5: .array((0..<random.below(4)).map { _ in anything(random, depth: depth - 1) })
        default:
            .object(
                Dictionary(
                    (0..<random.below(5)).map { _ in (text(random), anything(random, depth: depth - 1)) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func text(_ random: SeededRandom) -> String {
        String(String.UnicodeScalarView((0..<random.below(6)).compactMap { _ in Unicode.Scalar(UInt32(random.below(0x180))) }))
    }

    @Test func `the reason names no type of the parser`() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "not JSON".utf8) }
        #expect(error?.description == "not valid JSON: it cannot be read from its first byte to its last")
    }

    @Test(arguments: ["", "{", "nul", #"{"a":}"#, "\"\\ud800\"", "\u{0}"])
    func `text that is no JSON throws and does not trap`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func `nesting deeper than the limit is an error, not a crash`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 100_000)) }
    }
}
