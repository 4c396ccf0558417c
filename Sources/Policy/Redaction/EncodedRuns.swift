/// Runs of base64 or hexadecimal that hold readable text: a credential inside one is as good as a plain one.
///
/// Digests, commit ids and compressed data decode to bytes that are not readable within a few, and are passed over.
struct EncodedRuns {
    private static let shortest = 24
    /// Readable bytes before it is worth searching.
    private static let shortestText = 12
    /// A run is read so far: longer ones are files, not credentials.
    private static let longest = 64 * 1024

    struct Run {
        let range: Range<Int>
        let text: [UInt8]
        /// Where lines of the run began, in its text.
        let breaks: LineBreaks
    }

    private struct Decoded {
        let text: [UInt8]
        /// Digits before the first that was read.
        let offset: Int
        let bitsPerDigit: Int
    }

    /// The text of every run, where it is readable.
    static func all(in bytes: [UInt8], _ breaks: LineBreaks = .none) -> [Run] {
        var runs: [Run] = []
        var index = 0
        while index < bytes.count {
            guard digit(bytes[index]) != nil else {
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, digit(bytes[index]) != nil { index += 1 }
            guard index - start >= shortest else { continue }
            while index < bytes.count, bytes[index] == UInt8(ascii: "=") { index += 1 }
            // A line that ends in a word may stand above: what is encoded begins with a line then.
            var covered = start
            for first in [start] + breaks.within((start + 1)..<index) where first >= covered && index - first >= shortest {
                for decoded in texts(of: bytes[first..<min(index, first + longest)]) {
                    let begin = first + decoded.offset
                    let inside = breaks.within(begin..<index).map { ($0 - begin) * decoded.bitsPerDigit / 8 }
                    runs.append(Run(range: first..<index, text: decoded.text, breaks: LineBreaks(inside)))
                    covered = max(covered, first + decoded.text.count)
                }
            }
        }
        return runs
    }

    /// Read as base64 from each of its first four digits, for what stands before the encoded part may look like a part of it; and as hex.
    private static func texts(of run: ArraySlice<UInt8>) -> [Decoded] {
        var texts: [Decoded] = []
        for offset in 0..<4 {
            let text = base64(run.dropFirst(offset))
            if text.count >= shortestText { texts.append(Decoded(text: text, offset: offset, bitsPerDigit: 6)) }
        }
        for offset in 0..<2 {
            let text = hex(run.dropFirst(offset))
            if text.count >= shortestText { texts.append(Decoded(text: text, offset: offset, bitsPerDigit: 4)) }
        }
        return texts
    }

    /// Up to the first byte that is not readable.
    private static func base64(_ run: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in run {
            guard let value = digit(byte) else { break }
            bits = (bits << 6 | UInt32(value)) & 0xFFFFFF
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            let decoded = UInt8(truncatingIfNeeded: bits >> UInt32(count))
            guard isReadable(decoded) else { break }
            text.append(decoded)
        }
        return text
    }

    private static func hex(_ run: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var high: UInt8?
        for byte in run {
            guard let value = byte.hexValue else { break }
            guard let first = high else {
                high = value
                continue
            }
            high = nil
            let decoded = first << 4 | value
            guard isReadable(decoded) else { break }
            text.append(decoded)
        }
        return text
    }

    private static func isReadable(_ byte: UInt8) -> Bool { (32...126).contains(byte) || byte == 10 || byte == 13 || byte == 9 }

    /// Of standard base64 and of the one for addresses.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
