import Testing
import Text

@Suite struct YAMLWriterTests {
    @Test(arguments: [
        ("npm ci", "npm ci"), ("3.10", "'3.10'"), ("on", "'on'"), ("", "''"), ("a: b", "'a: b'"), ("a #b", "'a #b'"), ("a#b", "a#b"),
        ("- x", "'- x'"),
        ("--flag", "'--flag'"), ("it's", "it's"), ("*.js", "'*.js'"), ("12:30", "'12:30'"), ("ubuntu-24.04", "ubuntu-24.04"),
        ("0123", "'0123'"),
        ("tab\there", "\"tab\\there\""), ("é", "'é'"), ("!x", "'!x'"), ("No", "'No'"), ("~", "'~'"), ("a'b: c", "'a''b: c'"),
        ("\u{202E}x", "\"\\u202Ex\""), ("1.2.3", "'1.2.3'"), ("v1.2.3", "v1.2.3"), ("C:", "'C:'"),
    ])
    func `a scalar is quoted only where some reader would misread it`(text: String, written: String) {
        #expect(YAMLWriter.scalar(text) == written)
    }

    @Test func `what is written is read back as the same string`() throws {
        let alphabet: [Character] = [
            "a", "1", " ", ":", "#", "-", "'", "\"", "\\", "\n", "\t", "[", "]", "{", "}", ",", "*", "&", "!", "%", "é", ".", "~", "\u{0}",
            "\u{2028}", "y",
        ]
        var state: UInt64 = 42
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int((state >> 33) % UInt64(alphabet.count))])
            }
            let document = "k: \(YAMLWriter.scalar(text))\nl: [\(YAMLWriter.flowScalar(text))]\n"
            let root = try #require(try YAML.root(of: document))
            #expect(root["k"]?.value == .string(text), "\(document)")
            #expect(root["l"]?[0]?.value == .string(text), "\(document)")
            if let block = YAMLWriter.literalBlock(text, indent: 4) {
                let read = try #require(try YAML.root(of: "k: \(block)\nz: 1\n"))
                #expect(read["k"]?.text == text, "\(block)")
            }
        }
    }
}
