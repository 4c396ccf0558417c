import Testing
import Text

@Suite struct XMLReaderTests {
    struct Recorder: XMLHandler {
        var events: [String] = []
        mutating func start(_ element: XMLElement) {
            events.append(
                "<\(element.name)" + element.attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined() + ">")
        }
        mutating func text(_ text: String) { events.append(text) }
        mutating func end(_ name: String) { events.append("</\(name)>") }
    }

    private func events(_ text: String, limits: XMLLimits = XMLLimits()) throws -> [String] {
        var recorder = Recorder()
        try XMLReader.read(Array(text.utf8), into: &recorder, limits: limits)
        return recorder.events
    }

    @Test func `elements, attributes and text come in order`() throws {
        #expect(try events("<?xml version=\"1.0\"?><a x='1' y='&lt;'>b<c/></a>") == ["<a x=1 y=<>", "b", "<c>", "</c>", "</a>"])
    }

    @Test func `a document type that declares nothing is passed over`() throws {
        let text = "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\"><coverage/>"
        #expect(try events(text) == ["<coverage>", "</coverage>"])
    }

    @Test func `entities are not read`() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
        #expect(throws: XMLError.declaresEntities(line: 1)) { try events(bomb) }
        #expect(throws: XMLError.self) { try events("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>") }
        #expect(throws: XMLError.self) { try events("<a>&undeclared;</a>") }
    }

    @Test(arguments: ["<a><b></b>", "<a", "", "<a>text", "<a><![CDATA[x"]) func `a document that breaks off is known as such`(text: String)
    {
        #expect {
            try events(text)
        } throws: { error in
            if case XMLError.truncated = error { true } else { false }
        }
    }

    @Test func `depth and size are bounded`() {
        let deep = String(repeating: "<a>", count: 300) + String(repeating: "</a>", count: 300)
        #expect(throws: XMLError.self) { try events(deep) }
        #expect(throws: XMLError.self) { try events("<a><b/><b/></a>", limits: XMLLimits(elements: 2)) }
        #expect(throws: XMLError.self) { try events("<a>1234567</a>", limits: XMLLimits(bytes: 5)) }
    }

    @Test func `mutated documents are read or refused, never trapped on`() {
        let seed = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE a><a b='c'><![CDATA[d]]>&amp;<e/></a>".utf8)
        var state: UInt64 = 1
        for _ in 0..<5000 {
            var bytes = seed
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            var recorder = Recorder()
            try? XMLReader.read(bytes, into: &recorder)
        }
    }
}
