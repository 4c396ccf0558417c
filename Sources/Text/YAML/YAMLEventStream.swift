import CYAML

/// libyaml's events as Swift values. The only file that touches the library; no pointer leaves it.
enum YAMLEvent {
    struct Properties {
        var anchor: String?
        var tag: String?
    }

    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(YAMLScalar, Properties)
    case sequenceStart(Properties, isFlow: Bool)
    case sequenceEnd
    case mappingStart(Properties, isFlow: Bool)
    case mappingEnd
}

/// Owns a `yaml_parser_t` and the bytes it reads; both stay in place until `deinit`, because the parser keeps pointers to itself and to them.
final class YAMLEventStream {
    struct Located {
        var event: YAMLEvent
        var start: YAMLMark
        var end: YAMLMark
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// Only for texts with line breaks that libyaml counts and editors do not.
    private let lines: YAMLLineIndex?

    /// `nil` when libyaml has no memory.
    init?(_ bytes: [UInt8]) {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: max(bytes.count, 1))
        _ = input.update(fromContentsOf: bytes)
        lines = YAMLLineIndex(ifNeededFor: bytes)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            input.deallocate()
            return nil
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(YAMLError) -> Located {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
        defer { yaml_event_delete(&event) }
        let start = mark(event.start_mark)
        let end = mark(event.end_mark)
        guard let value = Self.value(of: event) else {
            throw YAMLError(line: start.line, column: start.column, reason: "the YAML reader gave an unknown event")
        }
        return Located(event: value, start: start, end: end)
    }

    private static func value(of event: yaml_event_t) -> YAMLEvent? {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let value = YAMLScalar(text: String(decoding: bytes, as: UTF8.self), style: style(scalar.style))
            return .scalar(value, .init(anchor: text(scalar.anchor), tag: text(scalar.tag)))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            let isFlow = sequence.style == YAML_FLOW_SEQUENCE_STYLE
            return .sequenceStart(.init(anchor: text(sequence.anchor), tag: text(sequence.tag)), isFlow: isFlow)
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            let isFlow = mapping.style == YAML_FLOW_MAPPING_STYLE
            return .mappingStart(.init(anchor: text(mapping.anchor), tag: text(mapping.tag)), isFlow: isFlow)
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return nil
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func mark(_ mark: yaml_mark_t) -> YAMLMark {
        if let lines { return lines.mark(atScalar: mark.index) }
        return YAMLMark(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }

    /// The library's complaint. Reader errors (bad UTF-8, control characters) come with a byte offset in place of a mark.
    private func error() -> YAMLError {
        let reason = parser.pointee.problem.map { String(cString: $0) } ?? "not valid YAML"
        let context = parser.pointee.context.map { String(cString: $0) }
        if parser.pointee.error == YAML_READER_ERROR {
            let before = input.prefix(Int(clamping: parser.pointee.problem_offset))
            let line = 1 + before.lazy.filter { $0 == 0x0A }.count
            let column = 1 + before.reversed().prefix { $0 != 0x0A }.count
            return YAMLError(line: line, column: column, reason: reason)
        }
        let place = mark(parser.pointee.problem_mark)
        return YAMLError(line: place.line, column: place.column, reason: context.map { "\(reason) (\($0))" } ?? reason)
    }
}

/// Where lines begin, in Unicode scalars, when a text has U+0085, U+2028 or U+2029: libyaml starts a new line there, we do not.
struct YAMLLineIndex {
    private var starts = [0]

    init?(ifNeededFor bytes: [UInt8]) {
        guard Self.hasForeignBreak(bytes) else { return nil }
        var index = 0
        var previous: Unicode.Scalar?
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            index += 1
            if scalar == "\n", previous == "\r" {
                starts[starts.count - 1] = index
            } else if scalar == "\n" || scalar == "\r" {
                starts.append(index)
            }
            previous = scalar
        }
    }

    private static func hasForeignBreak(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() where byte == 0xC2 || byte == 0xE2 {
            let rest = bytes[index...].prefix(3)
            if rest.starts(with: [0xC2, 0x85]) || rest.starts(with: [0xE2, 0x80, 0xA8]) || rest.starts(with: [0xE2, 0x80, 0xA9]) {
                return true
            }
        }
        return false
    }

    func mark(atScalar index: Int) -> YAMLMark {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return YAMLMark(line: low + 1, column: max(1, index - starts[low] + 1))
    }
}
