import FoundationEssentials

/// Any JSON document. Numbers keep `Int64` apart from `Double`; objects do not keep their order.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

/// Text that is no JSON, with the parser's reason.
package struct JSONError: Error, Sendable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { "not valid JSON: \(reason)" }
}

extension JSONValue {
    /// Reads a document from UTF-8. Nesting beyond 512 levels is an error.
    package init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        let whole = Array(bytes)
        do {
            self = try whole.withUnsafeBufferPointer { bytes throws(JSONParser.Fault) in try JSONParser.parse(bytes) }
        } catch {
            throw JSONError(reason: whole.isEmpty ? "it is empty" : "it cannot be read from its first byte to its last")
        }
    }

    /// The document as UTF-8, keys sorted, so that equal values have equal bytes.
    package func serialized(pretty: Bool = false) -> [UInt8] {
        if !pretty {
            var bytes: [UInt8] = []
            write(to: &bytes)
            return bytes
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return Array(try encoder.encode(self))
        } catch {
            preconditionFailure("a JSON value always encodes: \(error)")
        }
    }

    package var text: String { String(decoding: serialized(), as: UTF8.self) }

    package subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package subscript(index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number when it is whole and fits `Int`.
    package var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var object: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var isNull: Bool { self == .null }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            // `12345678901234567.5` is no whole number as text and is one as a double: printed, it would be read back as an integer.
            self = Int64(exactly: value).map { .integer($0) } ?? .number(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

extension JSONValue {
    /// The value as it encodes itself. Our own types only: one that cannot encode is a bug.
    package init(encoding value: some Encodable) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            self = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(value))
        } catch {
            preconditionFailure("\(type(of: value)) does not encode: \(error)")
        }
    }

    /// The typed value this document encodes.
    package func decoded<Value: Decodable>(as type: Value.Type) throws(JSONError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(serialized()))
        } catch {
            throw JSONError(reason: "not a \(type): \(error)")
        }
    }
}
