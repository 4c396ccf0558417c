import Basics

/// File names as git writes them in diffs: with `a/` and `b/` before them, and in C-style quotes when they hold odd bytes.
///
/// Source: git-scm.com/docs/git-config, core.quotePath
enum DiffPath {
    enum Name {
        /// `/dev/null`: the file does not exist on this side.
        case none
        case path(UntrustedText)
    }

    /// The name on a `---` or `+++` line. A tab and a time may follow it.
    static func header(_ bytes: ArraySlice<UInt8>) -> Name? {
        var bytes = bytes
        if bytes.first != UInt8(ascii: "\""), let tab = bytes.firstIndex(of: UInt8(ascii: "\t")) { bytes = bytes[..<tab] }
        let name = unquoted(bytes)
        if name.elementsEqual("/dev/null".utf8) { return Name.none }
        return name.isEmpty ? nil : .path(text(withoutPrefix(name)))
    }

    /// A name without prefix: `rename from`, `copy to`.
    static func decode(_ bytes: ArraySlice<UInt8>) -> UntrustedText { text(unquoted(bytes)) }

    /// Both names of a `diff --git` line. Unquoted names with blanks are ambiguous; git itself then relies on both being equal.
    static func pair(_ bytes: ArraySlice<UInt8>) -> (old: UntrustedText, new: UntrustedText)? {
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        if bytes.first == UInt8(ascii: "\""), let end = closingQuote(bytes) {
            let new = bytes[bytes.index(after: end)...].drop { $0 == UInt8(ascii: " ") }
            return (text(withoutPrefix(unquoted(bytes[...end]))), text(withoutPrefix(unquoted(new))))
        }
        if bytes.last == UInt8(ascii: "\""), let quote = bytes.firstIndex(of: UInt8(ascii: "\"")), quote > bytes.startIndex {
            let old = bytes[..<quote].dropLast()
            return (text(withoutPrefix(old)), text(withoutPrefix(unquoted(bytes[quote...]))))
        }
        return equalHalves(bytes) ?? firstBlank(bytes)
    }

    /// `a/X b/X`
    private static func equalHalves(_ bytes: ArraySlice<UInt8>) -> (old: UntrustedText, new: UntrustedText)? {
        guard bytes.count % 2 == 1 else { return nil }
        let middle = bytes.startIndex + bytes.count / 2
        guard bytes[middle] == UInt8(ascii: " ") else { return nil }
        let old = withoutPrefix(bytes[..<middle])
        let new = withoutPrefix(bytes[(middle + 1)...])
        return old.elementsEqual(new) ? (text(old), text(new)) : nil
    }

    private static func firstBlank(_ bytes: ArraySlice<UInt8>) -> (old: UntrustedText, new: UntrustedText)? {
        guard let blank = bytes.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        return (text(withoutPrefix(bytes[..<blank])), text(withoutPrefix(bytes[(blank + 1)...])))
    }

    /// Drops `a/`, `b/`, and the letters of `diff.mnemonicPrefix` (`c/`, `i/`, `o/`, `w/`).
    private static func withoutPrefix(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let letter = name.first, "abciow".utf8.contains(letter), name.dropFirst().first == UInt8(ascii: "/") else { return name }
        return name.dropFirst(2)
    }

    private static func closingQuote(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "\"") { return index }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// The bytes inside C-style quotes; anything without quotes as it is.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.first == UInt8(ascii: "\""), let end = closingQuote(bytes) else { return bytes }
        var result: [UInt8] = []
        var rest = bytes[(bytes.startIndex + 1)..<end]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
                result.append(byte)
                continue
            }
            result.append(octal(escaped, &rest) ?? escapes[escaped] ?? escaped)
        }
        return result[...]
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11,
        UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
    ]

    /// `\303`: exactly three octal digits.
    private static func octal(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt8? {
        let digits = [first] + rest.prefix(2)
        guard digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
        rest = rest.dropFirst(2)
        return UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 48) })
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> UntrustedText { UntrustedText(String(decoding: bytes, as: UTF8.self)) }
}
