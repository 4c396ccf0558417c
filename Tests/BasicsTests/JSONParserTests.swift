import FoundationEssentials
import TestSupport
import Testing

@testable import Basics

/// Our parser beside the toolchain's decoder: the same documents are read, to the same values.
@Suite struct JSONParserTests {
    private func ours(_ bytes: [UInt8]) -> JSONValue? { try? JSONValue(parsing: bytes) }
    private func theirs(_ bytes: [UInt8]) -> JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

    private static let documents = [
        #"{"a":[1,-2,3.5,1e3,1E-2,0,-0,0.0,1234567890,-12345,1.0,1234567890.5],"b":null}"#,
        #"{"text":"a\"b\\c\/d\b\f\n\r\té😀é😀","":"","k":{"k":{"k":[[],{},[[]]]}},"t":true,"f":false}"#,
        #" [ "x" , { "y" : [ ] } , 1.5e300 , "  " ] "#, "null", "\"alone\"", "17", "[1e400]", "[01]", "[1,]", "{,}", "[\"\\ud83d\"]",
        "[\"\\ud83dx\"]", "[\"\\udc00\"]", "[\"\u{0}\"]", "[\"\t\"]", "{\"a\":1,\"a\":2}", "[tru]", "[+1]", "[.5]", "[1.]", "[-]",
        "\u{FEFF}[1]", "[1] x",
        "{\"a\" 1}", "[\"\\x\"]", "[\"\\u12g4\"]", "", " ", "[1e5,1e-400,5e-324]", "{\"é\":\"é\"}",
    ]

    /// Beyond 2^53 a fraction is lost, by the two in different ways: none is put in here.
    private static let large = ["[12345678901234567890,9223372036854775807,-9223372036854775808,9223372036854775808]"]

    @Test(arguments: documents + large) func `a document is read as the toolchain reads it`(text: String) {
        #expect(ours(Array(text.utf8)) == theirs(Array(text.utf8)))
    }

    @Test func `what neither reads and what both read stays so when bytes are lost, doubled or changed`() {
        let random = SeededRandom(seed: 29)
        let alphabet = Array("{}[]\",:\\u0123eE.+-tfn \n\u{e9}d8".utf8)
        var read = 0
        for source in Self.documents where !source.isEmpty {
            for _ in 0..<400 {
                var bytes = Array(source.utf8)
                for _ in 0...random.below(3) where !bytes.isEmpty {
                    let place = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(bytes[place], at: place)
                    default: bytes.insert(alphabet[random.below(alphabet.count)], at: place)
                    }
                }
                let (mine, other) = (ours(bytes), theirs(bytes))
                if mine != nil { read += 1 }
                #expect(mine == other, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
        #expect(read > 500)
    }

    @Test(arguments: [(512, true), (513, false), (200_000, false)]) func `nesting ends at 512 levels`(depth: Int, isRead: Bool) {
        #expect((ours(Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)) != nil) == isRead)
        let objects = String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        #expect((ours(Array(objects.utf8)) != nil) == isRead)
    }
}
