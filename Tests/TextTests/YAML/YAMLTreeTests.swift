import Testing
import Text

@Suite struct YAMLTreeTests {
    @Test func `every node knows its line and column`() throws {
        let root = try #require(try YAML.root(of: "name: CI\non:\n  push:\n    branches: [main, 'v*']\njobs: {}\n"))
        #expect(root["on"]?.start == YAMLMark(line: 3, column: 3))
        let branches = try #require(root[path: "on", "push", "branches"])
        #expect(branches.isFlow)
        #expect(branches.sequence?.map(\.start) == [YAMLMark(line: 4, column: 16), YAMLMark(line: 4, column: 22)])
        #expect(branches.sequence?.compactMap(\.string) == ["main", "v*"])
        #expect(root.mapping?.map(\.key.start.line) == [1, 2, 5])
    }

    @Test func `the key on is a string and quoted scalars are never anything else`() throws {
        let root = try #require(
            try YAML.root(of: "on: yes\na: 'true'\nb: true\nc: 0x1F\nd: 1e3\ne: ~\nf: 3.10\ng: !!str 12\nh: 0o17\ni: +5\n"))
        #expect(root["on"]?.value == .string("yes"))
        #expect(root["a"]?.value == .string("true"))
        #expect(root["b"]?.value == .bool(true))
        #expect(root["c"]?.value == .int(31))
        #expect(root["d"]?.value == .float(1000))
        #expect(root["e"]?.isNull == true)
        #expect(root["f"]?.text == "3.10")
        #expect(root["g"]?.value == .string("12"))
        #expect(root["h"]?.value == .int(15))
        #expect(root["i"]?.value == .int(5))
    }

    @Test func `duplicate keys are reported with both places`() throws {
        let document = try #require(try YAML.documents(in: "a: 1\nb:\n  x: 1\n  x: 2\na: 3\n").first)
        #expect(
            document.duplicateKeys == [
                YAMLDuplicateKey(key: "x", first: YAMLMark(line: 3, column: 3), second: YAMLMark(line: 4, column: 3)),
                YAMLDuplicateKey(key: "a", first: YAMLMark(line: 1, column: 1), second: YAMLMark(line: 5, column: 1)),
            ])
        #expect(document.root?["a"]?.int == 3)
    }

    @Test func `aliases stand for their anchors and merge keys lie underneath`() throws {
        let document = try #require(
            try YAML.documents(in: "base: &b {image: redis, port: 1}\nuse:\n  <<: *b\n  port: 2\nother: &unused 1\n").first)
        let use = try #require(document.root?["use"])
        let pairs = Dictionary(use.mergedPairs.map { ($0.key.text ?? "", $0.value.text ?? "") }, uniquingKeysWith: { a, _ in a })
        #expect(pairs == ["image": "redis", "port": "2"])
        #expect(document.anchors.map(\.name) == ["b", "unused"])
        #expect(document.anchors.map(\.uses) == [1, 0])
    }

    @Test func `several documents are all read`() throws {
        let documents = try YAML.documents(in: "a: 1\n---\nb: 2\n...\n---\n- c\n")
        #expect(documents.count == 3)
        #expect(documents[2].root?[0]?.string == "c")
        #expect(try YAML.documents(in: "").isEmpty)
        #expect(try YAML.documents(in: "# only a comment\n").isEmpty)
    }

    @Test func `a byte order mark, CRLF and foreign line breaks do not move lines`() throws {
        let marked = try #require(try YAML.root(of: [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)))
        #expect(marked["b"]?.start == YAMLMark(line: 2, column: 4))
        let root = try #require(try YAML.root(of: "a: \"x\u{2028}y\"\nb: 2\n"))
        #expect(root["b"]?.start == YAMLMark(line: 2, column: 4))
    }

    @Test(arguments: [
        ("a: [1, 2\nb: 3\n", 2, "expected"), ("a: b: c\n", 1, "mapping values"), ("\ta: 1\n", 1, "cannot start"),
        ("a: *x\n", 1, "has no anchor"),
        ("a: &x [*x]\n", 1, "inside the node"), ("a: 'x\n", 2, "unexpected end"), ("- a\nb: 1\n", 2, "expected"),
    ])
    func `an error names line and reason`(text: String, line: Int, reason: String) throws {
        let error = #expect(throws: YAMLError.self) { try YAML.documents(in: text) }
        #expect(error?.line == line)
        #expect(error?.reason.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }

    @Test func `bytes that are no UTF-8 are an error on their line`() {
        let error = #expect(throws: YAMLError.self) { try YAML.documents(in: Array("a: 1\nb: ".utf8) + [0xFF, 0x0A]) }
        #expect(error?.line == 2)
    }

    @Test func `an alias bomb is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try YAML.documents(in: text) }
        #expect(error?.reason.contains("aliases") == true)
    }

    @Test func `depth, nodes and bytes are capped`() {
        #expect(throws: YAMLError.self) { try YAML.documents(in: String(repeating: "[", count: 100_000)) }
        #expect(throws: YAMLError.self) { try YAML.documents(in: String(repeating: "- a\n", count: 100), limits: YAMLLimits(nodes: 50)) }
        #expect(throws: YAMLError.self) { try YAML.documents(in: "a: bcd", limits: YAMLLimits(bytes: 3)) }
        var text = "a0: &a0 [x]\n"
        for level in 1...200 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(throws: YAMLError.self) { try YAML.documents(in: text) }
    }
}
