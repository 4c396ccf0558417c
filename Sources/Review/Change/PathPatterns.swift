/// Path filters in the syntax of `.gitignore`: the last pattern that matches decides, `!` takes back.
///
/// Source: git-scm.com/docs/gitignore, "Pattern format"
package struct PathPatterns: Sendable, Hashable, Codable {
    private struct Pattern: Sendable, Hashable, Codable {
        let glob: [UInt8]
        let isNegated: Bool
        /// Ends in `/`: a folder, and so everything in it.
        let isFolder: Bool
        /// Holds a `/` before its end: counted from the root.
        let isRooted: Bool
    }

    private let patterns: [Pattern]

    package init(_ lines: [String] = []) {
        patterns = lines.compactMap(Self.pattern)
    }

    private init(patterns: [Pattern]) {
        self.patterns = patterns
    }

    package var isEmpty: Bool { patterns.isEmpty }

    /// The second list's patterns come later and so decide.
    package static func + (a: PathPatterns, b: PathPatterns) -> PathPatterns { PathPatterns(patterns: a.patterns + b.patterns) }

    package func matches(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map { Array($0.utf8) }
        var result = false
        for pattern in patterns where Self.matches(pattern, parts) { result = !pattern.isNegated }
        return result
    }

    private static func pattern(_ line: String) -> Pattern? {
        var text = line.trimmingBlanks[...]
        guard !text.isEmpty, !text.hasPrefix("#") else { return nil }
        let isNegated = text.hasPrefix("!")
        if isNegated || text.hasPrefix("\\#") || text.hasPrefix("\\!") { text = text.dropFirst() }
        let isFolder = text.hasSuffix("/")
        if isFolder { text = text.dropLast() }
        let isRooted = text.contains("/")
        if text.hasPrefix("/") { text = text.dropFirst() }
        guard !text.isEmpty, text.utf8.count <= 1000 else { return nil }
        return Pattern(glob: Array(text.utf8), isNegated: isNegated, isFolder: isFolder, isRooted: isRooted)
    }

    /// A pattern that matches a folder matches what is in it.
    private static func matches(_ pattern: Pattern, _ parts: [[UInt8]]) -> Bool {
        let longest = pattern.isFolder ? parts.count - 1 : parts.count
        guard longest >= 1 else { return false }
        return (1...longest).contains { count in
            let candidate = pattern.isRooted ? Array(parts[..<count].joined(separator: [UInt8(ascii: "/")])) : parts[count - 1]
            return Glob.matches(pattern.glob, candidate)
        }
    }
}

/// `*` and `?` within a name, `**` over folders, `[a-z]`.
enum Glob {
    /// Dynamic programming over both texts: no pattern takes longer than their lengths multiplied.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        let tokens = tokens(pattern)
        var reachable = [Bool](repeating: false, count: text.count + 1)
        reachable[0] = true
        for token in tokens {
            var next = [Bool](repeating: false, count: text.count + 1)
            for position in 0...text.count {
                switch token {
                case .anyInName:
                    let carries = position > 0 && next[position - 1] && text[position - 1] != UInt8(ascii: "/")
                    next[position] = reachable[position] || carries
                case .anything: next[position] = reachable[position] || position > 0 && next[position - 1]
                // `**/` stands for nothing, or for whole folders.
                case .folders:
                    next[position] = reachable[position]
                    if position > 0, text[position - 1] == UInt8(ascii: "/"), reachable[..<position].contains(true) {
                        next[position] = true
                    }
                case .one(let set):
                    next[position] = position > 0 && reachable[position - 1] && set.contains(text[position - 1])
                }
            }
            reachable = next
        }
        return reachable[text.count]
    }

    private enum Token {
        case anyInName, anything, folders, one(ByteSet)
    }

    private struct ByteSet {
        let ranges: [ClosedRange<UInt8>]
        let isNegated: Bool

        func contains(_ byte: UInt8) -> Bool {
            byte != UInt8(ascii: "/") ? ranges.contains { $0.contains(byte) } != isNegated : ranges == [47...47]
        }
    }

    private static func tokens(_ pattern: [UInt8]) -> [Token] {
        var result: [Token] = []
        var rest = pattern[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*") where rest.first == UInt8(ascii: "*"):
                rest = rest.drop { $0 == UInt8(ascii: "*") }
                if rest.first == UInt8(ascii: "/") {
                    rest.removeFirst()
                    result.append(.folders)
                } else {
                    result.append(.anything)
                }
            case UInt8(ascii: "*"): result.append(.anyInName)
            case UInt8(ascii: "?"): result.append(.one(ByteSet(ranges: [], isNegated: true)))
            case UInt8(ascii: "["): result.append(.one(set(&rest) ?? ByteSet(ranges: [byte...byte], isNegated: false)))
            case UInt8(ascii: "\\"):
                let escaped = rest.popFirst() ?? byte
                result.append(.one(ByteSet(ranges: [escaped...escaped], isNegated: false)))
            default: result.append(.one(ByteSet(ranges: [byte...byte], isNegated: false)))
            }
        }
        return result
    }

    /// What stands between `[` and `]`; `nil` when it is not closed.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> ByteSet? {
        guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var body = rest[..<end]
        rest = rest[(end + 1)...]
        let isNegated = body.first == UInt8(ascii: "!") || body.first == UInt8(ascii: "^")
        if isNegated { body.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = body.popFirst() {
            if body.first == UInt8(ascii: "-"), let high = body.dropFirst().first {
                body = body.dropFirst(2)
                if low <= high { ranges.append(low...high) }
            } else {
                ranges.append(low...low)
            }
        }
        return ByteSet(ranges: ranges, isNegated: isNegated)
    }
}
