/// A value that stands where a password is given by name, however simple it is: `DB_PASSWORD=letmein`, `"password": "hunter2"`,
/// `--password hunter2`, `-u name:hunter2`.
///
/// For redaction alone: as a finding on code it would be a guess.
enum NamedSecret {
    static let kind = "named-secret"
    private static let names = [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "secretkey", "apikey", "accesskey", "credentials",
    ]
    .map { Array($0.utf8) }
    /// What stands behind such a name and tells nothing.
    private static let words: Set<String> = [
        "true", "false", "none", "null", "nil", "string", "str", "bool", "required", "optional", "yes", "no", "undefined", "empty",
        "missing",
        "invalid", "incorrect", "unknown", "unset", "hidden", "default", "self", "this", "input", "value", "text", "prompt", "never",
    ]

    static func matches(in bytes: [UInt8], _ breaks: LineBreaks = .none) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "="), UInt8(ascii: ":"): if let range = assigned(at: index, in: bytes, breaks) { found.append(range) }
            case UInt8(ascii: "-"): if let range = flag(at: index, in: bytes) { found.append(range) }
            default: break
            }
        }
        return found
    }

    /// `index` is at the `=` or `:`.
    private static func assigned(at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> Range<Int>? {
        guard let name = name(endingAt: index, in: bytes), isSecret(name) else { return nil }
        var start = index + 1
        if start < bytes.count, bytes[start] == UInt8(ascii: "=") || bytes[start] == UInt8(ascii: ">") { start += 1 }
        let direct = start
        while start < bytes.count, start - direct < 4, bytes[start].isBlank { start += 1 }
        guard start < bytes.count else { return nil }
        if "\"'`".utf8.contains(bytes[start]) { return quoted(from: start, in: bytes) }
        // A blank after `=` is code; after `:` it is a setting, or a sentence.
        if bytes[index] == UInt8(ascii: "="), start > direct { return nil }
        guard let range = bare(from: start, in: bytes, breaks) else { return nil }
        let value = bytes[range]
        if value.first == UInt8(ascii: "/"), AssignedSecret.isFolder(before: index, in: bytes) { return nil }
        let isShouted = name.allSatisfy { $0.isUpper || $0.isDigit || $0 == UInt8(ascii: "_") }
        let isPlainWord = value.allSatisfy { $0.isLetter }
        if bytes[index] == UInt8(ascii: ":") {
            if isPlainWord { return nil }
            let rest = bytes[range.upperBound...].prefix { $0 != 10 && $0 != 13 }
            guard rest.contains(where: \.isLetter) else { return range }
            // What stands behind it may be the next line.
            return breaks.within((range.lowerBound + 1)..<(range.upperBound + 1)).last.map { range.lowerBound..<$0 }
        }
        return isPlainWord && !isShouted ? nil : range
    }

    private static func quoted(from start: Int, in bytes: [UInt8]) -> Range<Int>? {
        let content = bytes[(start + 1)...].prefix(257).prefix { $0 != bytes[start] && $0 != 10 && $0 != 13 }
        guard content.endIndex < bytes.count, bytes[content.endIndex] == bytes[start], (4...256).contains(content.count) else { return nil }
        let isSentence = content.contains(32) && !content.contains(where: \.isDigit)
        return isSentence || isHarmless(content) ? nil : content.startIndex..<content.endIndex
    }

    private static func bare(from start: Int, in bytes: [UInt8], _ breaks: LineBreaks = .none) -> Range<Int>? {
        let value = bytes[start...].prefix(129).prefix { $0 > 32 && $0 < 127 && !"\"'`,;&<>()[]{}|\\".utf8.contains($0) }
        guard (4...128).contains(value.count) else { return nil }
        if isHarmless(value) {
            // What stands behind it may be the next line.
            let ends = breaks.within((start + 4)..<max(start + 4, value.endIndex))
            return ends.last { !isHarmless(bytes[start..<$0]) }.map { start..<$0 }
        }
        // A call or an element: the value is computed.
        if value.endIndex < bytes.count, "([{<".utf8.contains(bytes[value.endIndex]) { return nil }
        return value.startIndex..<value.endIndex
    }

    private static func isHarmless(_ value: ArraySlice<UInt8>) -> Bool {
        if Placeholder.looksLikeOne(value) || Placeholder.isUsual(value) { return true }
        if value.allSatisfy({ $0 == value.first }) || !value.contains(where: \.isLetterOrDigit) { return true }
        return words.contains(String(decoding: value.map(\.lowered), as: UTF8.self))
    }

    /// `--password value`, `--password=value` is found at its sign; `-u name:value`.
    private static func flag(at index: Int, in bytes: [UInt8]) -> Range<Int>? {
        guard index == 0 || bytes[index - 1].isBlank || "\"'".utf8.contains(bytes[index - 1]), index + 3 < bytes.count else { return nil }
        if bytes[index + 1] == UInt8(ascii: "u"), bytes[index + 2] == 32 { return user(from: index + 3, in: bytes) }
        guard bytes[index + 1] == UInt8(ascii: "-") else { return nil }
        let name = bytes[(index + 2)...].prefix(40).prefix { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard isSecret(name), name.endIndex + 1 < bytes.count, bytes[name.endIndex] == 32 else { return nil }
        guard bytes[name.endIndex + 1] != UInt8(ascii: "-") else { return nil }
        if "\"'".utf8.contains(bytes[name.endIndex + 1]) { return quoted(from: name.endIndex + 1, in: bytes) }
        guard let range = bare(from: name.endIndex + 1, in: bytes), !bytes[range].allSatisfy(\.isLetter) else { return nil }
        return range
    }

    private static func user(from start: Int, in bytes: [UInt8]) -> Range<Int>? {
        let name = bytes[start...].prefix(100).prefix { $0.isLetterOrDigit || "_-.@".utf8.contains($0) }
        guard !name.isEmpty, name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: ":") else { return nil }
        guard let range = bare(from: name.endIndex + 1, in: bytes), !bytes[range].allSatisfy(\.isDigit) else { return nil }
        return range
    }

    /// The identifier left of the sign, quotes around it left out; `nil` without one.
    private static func name(endingAt index: Int, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var end = index
        while end > 0, index - end < 3, bytes[end - 1].isBlank || "\"'`".utf8.contains(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > 0, end - start < 64, bytes[start - 1].isLetterOrDigit || "_-.".utf8.contains(bytes[start - 1]) { start -= 1 }
        return start < end ? bytes[start..<end] : nil
    }

    private static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        // `_PASS` and `pass` alone; `bypass` and `compass` are words.
        let lowered = name.map(\.lowered)
        if lowered.elementsEqual("pass".utf8) || lowered.suffix(5).elementsEqual("_pass".utf8) { return true }
        let letters = lowered.filter(\.isLetterOrDigit)
        return names.contains { letters.count >= $0.count && letters.suffix($0.count).elementsEqual($0) }
    }
}
