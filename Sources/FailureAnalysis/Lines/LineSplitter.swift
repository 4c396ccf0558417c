internal import Glibc

/// Cuts a stream of bytes into lines at CRLF, LF or a bare CR, in bounded memory.
///
/// Lines are counted from 1. A line beyond `longest` bytes is handed over cut, once; the rest of it is skipped, so that a line of
/// any length costs no more than that.
package struct LineSplitter {
    package static let longest = 64 * 1024

    /// Lines handed over so far.
    package private(set) var count = 0
    /// Start of the line that the last piece ended in.
    private var carry: [UInt8] = []
    /// The line at hand was handed over already: skip to its end.
    private var isSkipping = false
    /// The last piece ended with CR: an LF that begins the next one belongs to it.
    private var sawCarriageReturn = false

    package init() {}

    /// Calls `body` with (number, bytes without line end) for every line that ends in `piece`.
    package mutating func feed(_ piece: UnsafeBufferPointer<UInt8>, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        var rest = piece
        if sawCarriageReturn, rest.first == 10 { rest = UnsafeBufferPointer(rebasing: rest[1...]) }
        if !piece.isEmpty { sawCarriageReturn = false }
        while let end = Self.lineEnd(in: rest) {
            finishLine(UnsafeBufferPointer(rebasing: rest[..<end]), body)
            var next = end + 1
            if rest[end] == 13 {
                if next == rest.count {
                    sawCarriageReturn = true
                } else if rest[next] == 10 {
                    next += 1
                }
            }
            rest = UnsafeBufferPointer(rebasing: rest[next...])
        }
        keep(rest, body)
    }

    /// Hands over a last line that has no end.
    package mutating func finish(_ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        guard !carry.isEmpty || isSkipping else { return }
        finishLine(UnsafeBufferPointer(start: nil, count: 0), body)
    }

    private mutating func finishLine(_ end: UnsafeBufferPointer<UInt8>, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        if isSkipping {
            isSkipping = false
            return
        }
        count += 1
        if carry.isEmpty {
            body(count, UnsafeBufferPointer(rebasing: end.prefix(Self.longest)))
            return
        }
        carry.append(contentsOf: end.prefix(Self.longest - carry.count))
        carry.withUnsafeBufferPointer { body(count, $0) }
        carry.removeAll(keepingCapacity: true)
    }

    private mutating func keep(_ start: UnsafeBufferPointer<UInt8>, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        guard !isSkipping, !start.isEmpty else { return }
        carry.append(contentsOf: start.prefix(Self.longest - carry.count))
        guard carry.count == Self.longest else { return }
        finishLine(UnsafeBufferPointer(start: nil, count: 0), body)
        isSkipping = true
    }

    /// The first CR or LF. `memchr` is many times faster than a loop, and bare CRs are rare.
    private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return nil }
        let feed = memchr(start, 10, bytes.count)
        let length = feed.map { UnsafeRawPointer($0) - UnsafeRawPointer(start) } ?? bytes.count
        let carriage = memchr(start, 13, length)
        return carriage.map { UnsafeRawPointer($0) - UnsafeRawPointer(start) } ?? (feed == nil ? nil : length)
    }
}
