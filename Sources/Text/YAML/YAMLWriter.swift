/// Scalars written so that every YAML reader, 1.1 or 1.2, reads the same string back.
package enum YAMLWriter {
    /// `text` plain where that is safe, else quoted; always one line.
    package static func scalar(_ text: String) -> String {
        if isPlainSafe(text) { return text }
        let isPrintable = text.unicodeScalars.allSatisfy(isPrintable)
        return isPrintable ? singleQuoted(text) : doubleQuoted(text)
    }

    /// As `scalar`, inside `[…]` or `{…}` where commas and brackets also end a plain scalar.
    package static func flowScalar(_ text: String) -> String {
        let hasFlowMark = text.unicodeScalars.contains { ",[]{}".unicodeScalars.contains($0) }
        return hasFlowMark && text.unicodeScalars.allSatisfy(isPrintable) ? singleQuoted(text) : scalar(text)
    }

    /// Lines below `key:` for text of one or more lines: `|` blocks keep every line, `|-` when no line break ends the text.
    ///
    /// `nil` when a block cannot carry the text: control characters, or a first line that begins with a space.
    package static func literalBlock(_ text: String, indent: Int) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isPrintable = text.unicodeScalars.allSatisfy { $0 == "\n" || Self.isPrintable($0) }
        guard isPrintable, let first = lines.first(where: { !$0.isEmpty }), !first.hasPrefix(" ") else { return nil }
        guard lines.first?.isEmpty == false, !lines.contains(where: { !$0.isEmpty && $0.allSatisfy { $0 == " " } }) else { return nil }
        let endsInBreak = lines.last?.isEmpty == true
        if endsInBreak { lines.removeLast() }
        guard lines.last?.isEmpty == false else { return nil }
        let margin = String(repeating: " ", count: indent)
        return (endsInBreak ? "|\n" : "|-\n") + lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }

    package static func singleQuoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    package static func doubleQuoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default: result += escape(scalar.value)
            }
        }
        return result + "\""
    }

    private static func escape(_ value: UInt32) -> String {
        let (mark, width) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
        let digits = String(value, radix: 16, uppercase: true)
        return "\\" + mark + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Characters every reader takes unescaped on one line; invisible and bidirectional controls are written as escapes on purpose.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0xA0, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF: false
        case 0xA1...0xD7FF, 0xE000...0xFFFD: true
        case 0x1_0000...0xD_FFFF: true
        default: false
        }
    }

    private static func isPlainSafe(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) else { return false }
        if first == 0x20 || last == 0x20 || last == UInt8(ascii: ":") { return false }
        if "!&*{}[]|>@`\"'%#,?=<~".utf8.contains(first) { return false }
        if first == UInt8(ascii: "-"), bytes.count == 1 || bytes[1] == 0x20 || bytes[1] == UInt8(ascii: "-") { return false }
        if first == UInt8(ascii: ":") || text.hasPrefix("...") { return false }
        for (index, byte) in bytes.enumerated().dropFirst() {
            if byte == UInt8(ascii: "#"), bytes[index - 1] == 0x20 { return false }
            if byte == 0x20, bytes[index - 1] == UInt8(ascii: ":") { return false }
        }
        return !readsAsSomethingElse(text, bytes)
    }

    /// Words and numbers that YAML 1.1 or 1.2 reads as null, bool, number or date.
    private static func readsAsSomethingElse(_ text: String, _ bytes: [UInt8]) -> Bool {
        let words: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", "+.inf", ".nan"]
        if words.contains(text.lowercased()) { return true }
        let lead =
            bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: ".") ? bytes.dropFirst() : bytes[...]
        guard let digit = lead.first, digit == UInt8(ascii: ".") || (digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9")) else {
            return false
        }
        // Anything made of digits and number signs alone might be a number, sexagesimal or date to some reader.
        return lead.allSatisfy { "0123456789abcdefABCDEFxXoO._:+-TZ ".utf8.contains($0) }
    }
}
