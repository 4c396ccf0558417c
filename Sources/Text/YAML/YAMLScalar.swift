/// A scalar as written: the text after unescaping and folding, and its style. What it means is decided on demand.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package var text: String
    package var style: Style

    package init(text: String, style: Style) {
        self.text = text
        self.style = style
    }
}

/// A scalar by the core schema of YAML 1.2: `on`, `yes` and `off` are strings. Source: yaml.org/spec/1.2.2, 10.3.2
package enum YAMLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case float(Double)
    case string(String)
}

extension YAMLScalar {
    /// The value under an explicit `tag`, or by the core schema when it is `nil`. Only plain scalars are ever anything but strings.
    package func value(tag: String? = nil) -> YAMLValue {
        let standard = "tag:yaml.org,2002:"
        guard let tag else { return style == .plain ? Self.coreValue(of: text) : .string(text) }
        guard tag.hasPrefix(standard), tag != standard + "str" else { return .string(text) }
        return Self.coreValue(of: text)
    }

    static func coreValue(of text: String) -> YAMLValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: return number(in: text) ?? .string(text)
        }
    }

    private static func number(in text: String) -> YAMLValue? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first,
            first == UInt8(ascii: "+") || first == UInt8(ascii: "-") || first == UInt8(ascii: ".") || isDigit(first)
        else { return nil }
        if text.hasPrefix("0o") { return radix(text.dropFirst(2), 8) }
        if text.hasPrefix("0x") { return radix(text.dropFirst(2), 16) }
        guard let isWhole = decimalShape(bytes) else { return nil }
        if isWhole, let value = Int64(text.hasPrefix("+") ? String(text.dropFirst()) : text) { return .int(value) }
        return Double(text).map(YAMLValue.float)
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> YAMLValue? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return Int64(digits, radix: radix).map(YAMLValue.int)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`: `true` for whole numbers, `false` for floats, `nil` for neither.
    private static func decimalShape(_ bytes: [UInt8]) -> Bool? {
        var rest = bytes[...]
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var isWhole = true
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            isWhole = false
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return nil }
        if let e = rest.first, e == UInt8(ascii: "e") || e == UInt8(ascii: "E") {
            isWhole = false
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            let exponent = rest.prefix(while: isDigit).count
            guard exponent > 0 else { return nil }
            rest = rest.dropFirst(exponent)
        }
        return rest.isEmpty ? isWhole : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
