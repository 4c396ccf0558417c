import Text

/// A text without what splits or encodes it, and where each of its bytes stood: a secret broken by colours, line ends or escapes is whole
/// in one of these.
struct TextView {
    let bytes: [UInt8]
    /// Where its lines were joined.
    let breaks: LineBreaks
    /// Where byte `i` began in the text as it came, and where it ended.
    private let starts: [Int]
    private let ends: [Int]

    /// Bytes at these offsets of the text, all others left out.
    init(_ text: [UInt8], keeping offsets: [Int]) {
        bytes = offsets.map { text[$0] }
        starts = offsets
        ends = offsets.map { $0 + 1 }
        breaks = .none
    }

    private init(bytes: [UInt8], starts: [Int], ends: [Int], breaks: LineBreaks = .none) {
        self.breaks = breaks
        self.bytes = bytes
        self.starts = starts
        self.ends = ends
    }

    /// The stretch of the text as it came, all that was left out inside included.
    func original(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last, starts.indices.contains(first), ends.indices.contains(last) else {
            return 0..<0
        }
        return starts[first]..<max(starts[first], ends[last])
    }

    /// Every view that differs from the text itself.
    static func all(of text: [UInt8]) -> [TextView] {
        var views: [TextView] = []
        let plain = withoutControls(text)
        if let plain { views.append(plain) }
        if let unwrapped = unwrapped(plain ?? TextView(text, keeping: Array(text.indices))) {
            views.append(unwrapped)
            // What is broken may be escaped as well.
            views += [percentDecoded(unwrapped.bytes), unescaped(unwrapped.bytes)].compactMap { $0?.over(unwrapped) }
        }
        if let decoded = percentDecoded(text) { views.append(decoded) }
        if let unescaped = unescaped(text) { views.append(unescaped) }
        return views
    }

    /// A view of a view's bytes as one of the text below it.
    private func over(_ base: TextView) -> TextView {
        var breaks: [Int] = []
        for (offset, start) in starts.enumerated() where base.breaks.contains(start) { breaks.append(offset) }
        return TextView(
            bytes: bytes, starts: starts.map { base.starts[$0] }, ends: ends.map { base.ends[$0 - 1] }, breaks: LineBreaks(breaks))
    }

    private static func withoutControls(_ text: [UInt8]) -> TextView? {
        guard text.withUnsafeBufferPointer({ ANSIStripper.needsStripping($0) }) else { return nil }
        return TextView(text, keeping: ANSIStripper.keptOffsets(in: text))
    }

    /// Lines joined: no line ends, no indents after them, no time stamps of a CI server, no continuation marks before them, and nothing that
    /// a logger put before both lines (`web-1  | `, `#12 5.123 `, a job's name).
    private static func unwrapped(_ view: TextView) -> TextView? {
        let bytes = view.bytes
        guard bytes.contains(where: { $0 == 10 || $0 == 13 }) else { return nil }
        var kept: [Int] = []
        kept.reserveCapacity(bytes.count)
        var breaks: [Int] = []
        var index = 0
        var lineStart = bytes.firstIndex { $0 > 32 } ?? 0
        while index < bytes.count {
            guard bytes[index] == 10 || bytes[index] == 13 else {
                kept.append(index)
                index += 1
                continue
            }
            if let last = kept.last, bytes[last] == UInt8(ascii: "\\") { kept.removeLast() }
            while index < bytes.count, bytes[index] <= 32 { index += 1 }
            let start = index
            index = max(endOfTimestamp(bytes, from: start), start + sharedPrefix(bytes, lineStart, start))
            lineStart = start
            breaks.append(kept.count)
        }
        return TextView(
            bytes: kept.map { bytes[$0] }, starts: kept.map { view.starts[$0] }, ends: kept.map { view.ends[$0] },
            breaks: LineBreaks(breaks))
    }

    /// How many bytes two lines have in common up to a blank; one digit counts as another.
    private static func sharedPrefix(_ bytes: [UInt8], _ first: Int, _ second: Int) -> Int {
        var length = 0
        var shared = 0
        while length < 200, first + length < second, second + length < bytes.count {
            let (a, b) = (bytes[first + length], bytes[second + length])
            guard a == b || a.isDigit && b.isDigit, a != 10, a != 13 else { break }
            length += 1
            if a.isBlank { shared = length }
        }
        return shared
    }

    /// Behind `2026-04-22T16:09:37.3317193Z `, as runners put before every line; else where it began.
    private static func endOfTimestamp(_ bytes: [UInt8], from start: Int) -> Int {
        guard start + 20 < bytes.count, bytes[start].isDigit, bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 10] == UInt8(ascii: "T")
        else {
            return start
        }
        var end = start
        while end < bytes.count, end - start < 36, bytes[end].isDigit || "-:.T".utf8.contains(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "Z") else { return start }
        end += 1
        return end < bytes.count && bytes[end].isBlank ? end + 1 : end
    }

    private static func percentDecoded(_ text: [UInt8]) -> TextView? {
        decoded(text, mark: UInt8(ascii: "%")) { index in
            guard index + 2 < text.count, let high = text[index + 1].hexValue, let low = text[index + 2].hexValue else { return nil }
            return (high << 4 | low, 3)
        }
    }

    /// Without the escapes of JSON and of string literals. Source: RFC 8259, section 7
    private static func unescaped(_ text: [UInt8]) -> TextView? {
        decoded(text, mark: UInt8(ascii: "\\")) { index in
            guard index + 1 < text.count else { return nil }
            switch text[index + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): return (text[index + 1], 2)
            case UInt8(ascii: "n"): return (10, 2)
            case UInt8(ascii: "u"):
                guard index + 5 < text.count else { return nil }
                let digits = text[(index + 2)...(index + 5)].map(\.hexValue)
                guard digits[0] == 0, digits[1] == 0, let high = digits[2], let low = digits[3], high < 8 else { return nil }
                return (high << 4 | low, 6)
            default: return nil
            }
        }
    }

    /// `decode` gives the byte that an escape at an offset stands for and the escape's length; `nil` when it is none.
    private static func decoded(_ text: [UInt8], mark: UInt8, _ decode: (Int) -> (UInt8, Int)?) -> TextView? {
        guard text.contains(mark) else { return nil }
        var (bytes, starts, ends): ([UInt8], [Int], [Int]) = ([], [], [])
        var found = false
        var index = 0
        while index < text.count {
            let escape = text[index] == mark ? decode(index) : nil
            if escape != nil { found = true }
            let (byte, length) = escape ?? (text[index], 1)
            bytes.append(byte)
            starts.append(index)
            ends.append(index + length)
            index += length
        }
        return found ? TextView(bytes: bytes, starts: starts, ends: ends) : nil
    }
}

extension UInt8 {
    var hexValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}
