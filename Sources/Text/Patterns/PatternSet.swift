/// Many patterns over one text at the speed of one scan: a pattern runs only where one of its literals was seen.
package struct PatternSet: Sendable {
    package struct Entry: Sendable {
        package enum Scope: Sendable {
            /// A match lies within one line: only lines that hold a literal are searched.
            case line
            /// A match may span lines: the whole text is searched once a literal is seen.
            case text
        }

        package let pattern: Pattern
        /// Every match holds at least one of these, ASCII case ignored. Empty: the pattern always runs.
        package let literals: [String]
        package let scope: Scope

        package init(_ pattern: Pattern, literals: [String], scope: Scope = .line) {
            self.pattern = pattern
            self.literals = literals
            self.scope = scope
        }
    }

    package let entries: [Entry]
    private let scanner: LiteralScanner
    /// Entry of each literal given to the scanner.
    private let entryOfLiteral: [UInt16]
    private let alwaysRun: PatternIndexes

    /// At most 256 entries.
    package init(_ entries: [Entry]) {
        precondition(entries.count <= PatternIndexes.capacity)
        self.entries = entries
        var literals: [[UInt8]] = []
        var owners: [UInt16] = []
        var always = PatternIndexes()
        for (index, entry) in entries.enumerated() {
            if entry.literals.isEmpty { always.insert(index) }
            literals += entry.literals.map { Array($0.utf8) }
            owners += entry.literals.map { _ in UInt16(index) }
        }
        scanner = LiteralScanner(literals)
        entryOfLiteral = owners
        alwaysRun = always
    }

    /// The entries that could match somewhere in `subject`.
    package func candidates(in subject: UnsafeBufferPointer<UInt8>) -> PatternIndexes {
        var found = alwaysRun
        entryOfLiteral.withUnsafeBufferPointer { owners in
            scanner.scan(subject) { literal, _ in found.insert(Int(owners[literal])) }
        }
        return found
    }

    /// Every match of every entry, entry by entry, each from left to right. A pattern that hits a ceiling is given to `failed`
    /// with the range it was searching, so that a caller that must fail closed can treat all of that range as matched.
    package func forEachMatch(
        in subject: UnsafeBufferPointer<UInt8>, failed: (Int, Range<Int>, PatternError) -> Void = { _, _, _ in },
        _ body: (Int, PatternMatch) -> Void
    ) {
        var lines = [[Range<Int>]](repeating: [], count: entries.count)
        var whole = alwaysRun
        scanner.scan(subject) { literal, end in
            let entry = Int(entryOfLiteral[literal])
            if entries[entry].scope == .text {
                whole.insert(entry)
            } else if (lines[entry].last?.upperBound ?? -1) < end {
                lines[entry].append(Self.line(around: end - 1, in: subject))
            }
        }
        for (index, entry) in entries.enumerated() {
            for range in whole.contains(index) ? [0..<subject.count] : lines[index] {
                do throws(PatternError) {
                    try entry.pattern.forEachMatch(in: UnsafeBufferPointer(rebasing: subject[range])) { match in
                        body(index, match.shifted(by: range.lowerBound))
                        return true
                    }
                } catch {
                    failed(index, range, error)
                }
            }
        }
    }

    /// The line that holds `offset`, without its end.
    private static func line(around offset: Int, in subject: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start = offset
        while start > 0, !isLineEnd(subject[start - 1]) { start -= 1 }
        var end = offset
        while end < subject.count, !isLineEnd(subject[end]) { end += 1 }
        return start..<end
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
}

/// A set of up to 256 small indexes, kept in four words.
package struct PatternIndexes: Sendable, Hashable, Sequence, IteratorProtocol {
    package static let capacity = 256
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init() {}

    package var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    @inline(__always)
    package mutating func insert(_ index: Int) {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: index & 63)
        switch index >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    package func contains(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: index & 63)
        return switch index >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    /// Takes out the smallest index.
    package mutating func next() -> Int? {
        if words.0 != 0 { return Self.pop(&words.0) }
        if words.1 != 0 { return 64 + Self.pop(&words.1) }
        if words.2 != 0 { return 128 + Self.pop(&words.2) }
        if words.3 != 0 { return 192 + Self.pop(&words.3) }
        return nil
    }

    private static func pop(_ word: inout UInt64) -> Int {
        let index = word.trailingZeroBitCount
        word &= word &- 1
        return index
    }

    package static func == (a: PatternIndexes, b: PatternIndexes) -> Bool { a.words == b.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
