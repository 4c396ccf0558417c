internal import Text

/// Takes from a line what only dresses it: colours, also those a runner printed as `^[[31m`, and the time a CI server puts in front.
package struct LineCleaner {
    private var scratch: [UInt8] = []

    package init() {}

    /// Calls `body` with the line's own text, valid during the call.
    @inline(__always)
    package mutating func clean<Result>(_ line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard Self.isDressed(line) else { return body(Self.withoutPrefix(line)) }
        scratch.removeAll(keepingCapacity: true)
        Self.strip(line, into: &scratch)
        return scratch.withUnsafeBufferPointer { body(Self.withoutPrefix($0)) }
    }

    private static func isDressed(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in line {
            if byte < 0x20 && byte != 9 { return true }
            if byte == UInt8(ascii: "["), previous == UInt8(ascii: "^") { return true }
            previous = byte
        }
        return false
    }

    private static func strip(_ line: UnsafeBufferPointer<UInt8>, into scratch: inout [UInt8]) {
        guard let caret = caretEscape(in: line, from: 0) else {
            ANSIStripper.strip(line, into: &scratch)
            return
        }
        // `^[` stands for ESC: put the byte back, then strip as usual.
        var restored: [UInt8] = []
        var start = 0
        var next: Int? = caret
        while let at = next {
            restored.append(contentsOf: line[start..<at])
            restored.append(0x1B)
            start = at + 2
            next = caretEscape(in: line, from: start)
        }
        restored.append(contentsOf: line[start...])
        restored.withUnsafeBufferPointer { ANSIStripper.strip($0, into: &scratch) }
    }

    private static func caretEscape(in line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var offset = start
        while offset + 2 < line.count {
            if line[offset] == UInt8(ascii: "^"), line[offset + 1] == UInt8(ascii: "["), line[offset + 2] == UInt8(ascii: "[") {
                return offset
            }
            offset += 1
        }
        return nil
    }

    /// Without what `gh run view --log` puts before each line (job, step, tabs), without a byte order mark and without
    /// `2024-01-31T12:00:00.0000000Z ` (GitHub, Gitea, GitLab, `kubectl logs --timestamps`).
    private static func withoutPrefix(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let own = withoutTimestamp(line)
        guard own.count == line.count, let name = line.prefix(longestName).firstIndex(of: tab),
            let step = line[(name + 1)...].prefix(longestName).firstIndex(of: tab)
        else { return own }
        let rest = UnsafeBufferPointer(rebasing: line[(step + 1)...])
        let message = withoutTimestamp(rest)
        return message.count < rest.count ? message : line
    }

    private static let tab = UInt8(ascii: "\t")
    /// Bytes of a job's or a step's name; GitHub cuts longer ones.
    private static let longestName = 200

    private static func withoutTimestamp(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var line = line
        if line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { line = UnsafeBufferPointer(rebasing: line[3...]) }
        guard line.count >= 20, line[4] == UInt8(ascii: "-"), line[10] == UInt8(ascii: "T"), line[13] == UInt8(ascii: ":"),
            isDigit(line[0]),
            isDigit(line[18])
        else { return line }
        var end = 19
        while end < line.count, end < 40, line[end] != 32 { end += 1 }
        guard end == line.count || line[end] == 32, line[end - 1] == UInt8(ascii: "Z") || isDigit(line[end - 1]) else { return line }
        return UnsafeBufferPointer(rebasing: line[min(end + 1, line.count)...])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
}
