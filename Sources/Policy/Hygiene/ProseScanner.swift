/// One line of prose, byte by byte. See `ProseHygiene` for what it guarantees.
struct ProseScanner {
    private let bytes: [UInt8]
    private let links: LinkPolicy
    private var index = 0
    private var out: [UInt8] = []

    /// A longer run of backticks never opens a span. (cmark gives up at 80.)
    private static let longestTicks = 10
    /// Escapes we write ourselves and must not escape again.
    private static let ownEntities = ["&lt;", "&gt;", "&amp;", "&quot;", "&#96;", "&#58;"].map { Array($0.utf8) }

    init(_ bytes: [UInt8], links: LinkPolicy) {
        self.bytes = Self.withoutIdleEscapes(bytes)
        self.links = links
    }

    mutating func run() -> String {
        while index < bytes.count { step() }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func step() {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\\"): backslash()
        case UInt8(ascii: "`"): backticks()
        case UInt8(ascii: "<"): emit("&lt;")
        case UInt8(ascii: "["): emit("\\[")
        case UInt8(ascii: "|"): emit("\\|")
        case UInt8(ascii: "$"): emit("\\$")
        case UInt8(ascii: "&"): ampersand()
        default:
            if Self.belongsToWord(byte) { word() } else { copy() }
        }
    }

    private mutating func copy() {
        out.append(bytes[index])
        index += 1
    }

    private mutating func emit(_ text: String) {
        out.append(contentsOf: text.utf8)
        index += 1
    }

    // MARK: Escapes

    private mutating func backslash() {
        guard index + 1 < bytes.count, bytes[index + 1].isPunctuation else { return emit("\\\\") }
        index += 1
        switch bytes[index] {
        case UInt8(ascii: "`"): emit("&#96;")
        case UInt8(ascii: "<"): emit("&lt;")
        case UInt8(ascii: "&"): emit("&amp;")
        default:
            out.append(UInt8(ascii: "\\"))
            copy()
        }
    }

    /// The line without backslashes before characters that act all the same once rendered: the forges look for mentions and
    /// references in the rendered text.
    private static func withoutIdleEscapes(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var length = 1
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1].isPunctuation {
                let isIdle = isIdleEscape(bytes[index + 1], index + 2 < bytes.count ? bytes[index + 2] : 0)
                if isIdle { index += 1 } else { length = 2 }
            } else if bytes[index] == UInt8(ascii: "`") {
                let run = run(at: index, in: bytes)
                length = run
                if run <= longestTicks, let close = closer(after: index + run, length: run, in: bytes) { length = close + run - index }
            }
            result.append(contentsOf: bytes[index..<(index + length)])
            index += length
        }
        return result
    }

    private static func isIdleEscape(_ byte: UInt8, _ after: UInt8) -> Bool {
        "@:/.".utf8.contains(byte) || (byte == UInt8(ascii: "#") || byte == UInt8(ascii: "-")) && after.isDigit
    }

    private mutating func ampersand() {
        if let own = Self.ownEntities.first(where: { bytes[index...].starts(with: $0) }) {
            out.append(contentsOf: own)
            index += own.count
        } else {
            emit("&amp;")
        }
    }

    // MARK: Code spans

    private mutating func backticks() {
        let length = Self.run(at: index, in: bytes)
        guard length <= Self.longestTicks, let close = Self.closer(after: index + length, length: length, in: bytes) else {
            for _ in 0..<length { emit("&#96;") }
            return
        }
        separate()
        out.append(contentsOf: bytes[index..<(close + length)])
        index = close + length
    }

    private static func closer(after start: Int, length: Int, in bytes: [UInt8]) -> Int? {
        var position = start
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "`") else {
                position += 1
                continue
            }
            let run = run(at: position, in: bytes)
            if run == length { return position }
            position += run
        }
        return nil
    }

    private static func run(at start: Int, in bytes: [UInt8]) -> Int {
        bytes[start...].prefix { $0 == UInt8(ascii: "`") }.count
    }

    /// Two spans must not touch: their backticks would join.
    private mutating func separate() {
        if out.last == UInt8(ascii: "`") { out.append(UInt8(ascii: " ")) }
    }

    // MARK: Words

    private static func belongsToWord(_ byte: UInt8) -> Bool { byte > 32 && !"`<>\\[]|\"$&".utf8.contains(byte) }

    private mutating func word() {
        // No link can stand here, its `[` is escaped; the blank keeps lesser readers from seeing one.
        if bytes[index] == UInt8(ascii: "("), out.last == UInt8(ascii: "]") { out.append(32) }
        let end = bytes[index...].firstIndex { !Self.belongsToWord($0) } ?? bytes.count
        let isCommand = bytes[index] == UInt8(ascii: "/") && out.allSatisfy(\.isBlank) && index + 1 < end && bytes[index + 1].isLetter
        guard isCommand || Self.acts(bytes[index..<end]) else {
            out.append(contentsOf: bytes[index..<end])
            index = end
            return
        }
        let start = bytes[index..<end].firstIndex { !"(*_~'{,;:".utf8.contains($0) } ?? end
        let last = bytes[start..<end].lastIndex { !")*_~'}.,;:!?".utf8.contains($0) } ?? start
        let inner = bytes[start..<min(last + 1, end)]
        out.append(contentsOf: bytes[index..<start])
        if isAllowedLink(inner, wordEnd: end) {
            out.append(contentsOf: inner)
        } else if !inner.isEmpty {
            separate()
            out.append(UInt8(ascii: "`"))
            out.append(contentsOf: inner)
            out.append(UInt8(ascii: "`"))
        }
        out.append(contentsOf: bytes[inner.endIndex..<end])
        index = end
    }

    /// The forge's own reader takes a link up to the next blank: only then is the host that we checked the host that it links.
    private func isAllowedLink(_ inner: ArraySlice<UInt8>, wordEnd: Int) -> Bool {
        guard wordEnd == bytes.count || bytes[wordEnd].isBlank, links.allows(inner) else { return false }
        guard bytes[inner.endIndex..<wordEnd].allSatisfy({ ").,;:!?".utf8.contains($0) }) else { return false }
        return out.last.map { $0.isBlank || $0 == UInt8(ascii: "(") } ?? true
    }

    /// Mentions and mail addresses, `#12`, `GH-12`, `owner/name#12`, addresses.
    static func acts(_ word: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in word.indices {
            let byte = word[index]
            let next = word.index(after: index) < word.endIndex ? word[word.index(after: index)] : 0
            switch byte {
            case UInt8(ascii: "@"): return true
            case UInt8(ascii: "#") where next.isDigit: return true
            case UInt8(ascii: ":") where word[index...].starts(with: "://".utf8): return true
            case UInt8(ascii: "-") where next.isDigit && previous.lowered == UInt8(ascii: "h") && endsInGH(word[..<index]): return true
            case UInt8(ascii: "w"), UInt8(ascii: "W"):
                if word[index...].prefix(4).map(\.lowered) == Array("www.".utf8) { return true }
            default: break
            }
            previous = byte
        }
        return false
    }

    private static func endsInGH(_ word: ArraySlice<UInt8>) -> Bool { word.suffix(2).map(\.lowered) == Array("gh".utf8) }

    /// `:--` alone is the delimiter row of a table with one column.
    static func isDelimiterRow(_ line: String) -> Bool {
        line.utf8.contains(UInt8(ascii: ":")) && line.utf8.contains(UInt8(ascii: "-"))
            && line.utf8.allSatisfy { $0.isBlank || $0.isDigit || ":->*+.)".utf8.contains($0) }
    }
}
