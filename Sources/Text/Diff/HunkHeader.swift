import Basics

/// `@@ -12,7 +12,9 @@ func example() {`
struct HunkHeader {
    let oldStart: Int
    let oldCount: Int
    let newStart: Int
    let newCount: Int
    let section: UntrustedText

    /// Larger than any real file, small enough that adding two never overflows.
    private static let largest = 1 << 40

    /// `nil` when the line is none.
    init?(_ line: ArraySlice<UInt8>) {
        var rest = line.dropFirst("@@ -".utf8.count)
        guard let old = Self.range(&rest), rest.starts(with: " +".utf8) else { return nil }
        rest = rest.dropFirst(2)
        guard let new = Self.range(&rest), rest.starts(with: " @@".utf8) else { return nil }
        rest = rest.dropFirst(3)
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        if rest.last == UInt8(ascii: "\r") { rest = rest.dropLast() }
        (oldStart, oldCount) = old
        (newStart, newCount) = new
        section = UntrustedText(String(decoding: rest, as: UTF8.self))
    }

    /// `12` or `12,7`; a missing count is 1.
    private static func range(_ rest: inout ArraySlice<UInt8>) -> (Int, Int)? {
        guard let start = number(&rest) else { return nil }
        guard rest.first == UInt8(ascii: ",") else { return (start, 1) }
        rest = rest.dropFirst()
        guard let count = number(&rest) else { return nil }
        return (start, count)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return value <= largest ? value : nil
    }
}
