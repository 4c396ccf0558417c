import CExpat

/// Takes the parts of a document in order.
package protocol XMLHandler {
    mutating func start(_ element: XMLElement)
    /// Character data; one text may come in several pieces.
    mutating func text(_ text: String)
    mutating func end(_ name: String)
}

extension XMLHandler {
    package mutating func text(_ text: String) {}
    package mutating func end(_ name: String) {}
}

/// The opening of an element.
package struct XMLElement: Sendable, Hashable {
    /// As written, with its prefix.
    package var name: String
    package var attributes: [String: String]

    package subscript(_ attribute: String) -> String? { attributes[attribute] }
}

/// How large a document may be.
package struct XMLLimits: Sendable, Hashable {
    package var bytes: Int
    package var depth: Int
    /// Elements in all.
    package var elements: Int

    package init(bytes: Int = 256 << 20, depth: Int = 200, elements: Int = 5_000_000) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
    }
}

package enum XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Line counts from 1.
    case malformed(line: Int, reason: String)
    /// The document breaks off before its last element ends.
    case truncated(line: Int)
    /// It declares entities of its own, which nothing we read needs.
    case declaresEntities(line: Int)
    case tooLarge(String)

    package var description: String {
        switch self {
        case .malformed(let line, let reason): "line \(line): \(reason)"
        case .truncated(let line): "line \(line): the document breaks off"
        case .declaresEntities(let line): "line \(line): the document declares entities of its own, which are not read"
        case .tooLarge(let what): "the document has \(what)"
        }
    }
}

/// Reads XML with expat: no entities but the five of XML itself, nothing fetched, bounded.
///
/// A document type is allowed as long as it declares nothing: coverage reports name one. Encodings: UTF-8, UTF-16, Latin-1, ASCII.
package enum XMLReader {
    package static func read<Handler: XMLHandler>(
        _ bytes: [UInt8], into handler: inout Handler, limits: XMLLimits = XMLLimits()
    ) throws(XMLError) {
        guard bytes.count <= limits.bytes else { throw .tooLarge("more than \(limits.bytes) bytes") }
        guard let parser = XML_ParserCreate(nil) else { throw .malformed(line: 0, reason: "no memory to read it") }
        defer { XML_ParserFree(parser) }
        let box = Box(handler, limits, parser)
        install(on: parser, box)
        defer { handler = box.handler as? Handler ?? handler }
        try feed(bytes, parser, box)
    }

    /// In pieces, because the library counts lengths in 32 bits.
    private static func feed(_ bytes: [UInt8], _ parser: XML_Parser, _ box: Box) throws(XMLError) {
        var place = 0
        repeat {
            let end = min(bytes.count, place + (1 << 20))
            let status = bytes[place..<end].withUnsafeBytes { piece in
                XML_Parse(parser, piece.bindMemory(to: CChar.self).baseAddress, Int32(piece.count), end == bytes.count ? 1 : 0)
            }
            place = end
            if status != XML_STATUS_OK {
                let line = Int(clamping: XML_GetCurrentLineNumber(parser))
                if let refusal = box.refusal { throw refusal }
                let code = XML_GetErrorCode(parser)
                let atEnd = [XML_ERROR_NO_ELEMENTS, XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR, XML_ERROR_UNCLOSED_CDATA_SECTION]
                if atEnd.contains(code) { throw .truncated(line: line) }
                throw .malformed(line: line, reason: XML_ErrorString(code).map { String(cString: $0) } ?? "not well-formed")
            }
        } while place < bytes.count
    }

    private static func install(on parser: XML_Parser, _ box: Box) {
        XML_SetUserData(parser, Unmanaged.passUnretained(box).toOpaque())
        XML_SetElementHandler(
            parser, { data, name, attributes in Box.of(data)?.start(name, attributes) }, { data, name in Box.of(data)?.end(name) })
        XML_SetCharacterDataHandler(parser) { data, text, count in Box.of(data)?.text(text, count) }
        XML_SetDoctypeDeclHandler(
            parser,
            { data, _, _, _, hasSubset in
                if hasSubset != 0 { Box.of(data)?.refuse { .declaresEntities(line: $0) } }
            }, nil)
    }
}

/// What the callbacks write to. It lives as long as the call that made it.
private final class Box {
    var handler: any XMLHandler
    private(set) var refusal: XMLError?
    private let limits: XMLLimits
    private let parser: XML_Parser
    private var depth = 0
    private var elements = 0

    init(_ handler: any XMLHandler, _ limits: XMLLimits, _ parser: XML_Parser) {
        self.handler = handler
        self.limits = limits
        self.parser = parser
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> Box? { data.map { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue() } }

    func start(_ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
        guard refusal == nil, let name else { return }
        depth += 1
        elements += 1
        if depth > limits.depth { return refuse { _ in .tooLarge("elements nested deeper than \(self.limits.depth)") } }
        if elements > limits.elements { return refuse { _ in .tooLarge("more than \(self.limits.elements) elements") } }
        var values: [String: String] = [:]
        var pair = attributes
        while let place = pair, let key = place[0], let value = place[1] {
            values[String(cString: key)] = String(cString: value)
            pair = place + 2
        }
        handler.start(XMLElement(name: String(cString: name), attributes: values))
    }

    func end(_ name: UnsafePointer<CChar>?) {
        guard refusal == nil, let name else { return }
        depth -= 1
        handler.end(String(cString: name))
    }

    func text(_ text: UnsafePointer<CChar>?, _ count: Int32) {
        guard refusal == nil, let text, count > 0 else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
        handler.text(String(decoding: bytes, as: UTF8.self))
    }

    func refuse(_ error: (Int) -> XMLError) {
        guard refusal == nil else { return }
        refusal = error(Int(clamping: XML_GetCurrentLineNumber(parser)))
        XML_StopParser(parser, XML_Bool(0))
    }
}
