/// Takes terminal control out of text: CSI and OSC sequences, other escapes, backspaces' and bells' bytes.
///
/// Byte for byte and in order, so that offsets only shrink; never traps on cut-off sequences.
/// Source: ECMA-48 (control functions), xterm "Control Sequences" (OSC ends with BEL or ST)
package enum ANSIStripper {
    private static let escape: UInt8 = 0x1B

    /// `true` when there is something to strip: one quick scan, so that clean lines are not copied.
    package static func needsStripping(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.contains { $0 < 0x20 && isControl($0) }
    }

    /// Appends `bytes` to `output` without control sequences. A sequence that is cut off at the end is dropped.
    package static func strip(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == escape {
                offset = endOfSequence(bytes, after: offset)
            } else {
                if !isControl(byte) { output.append(byte) }
                offset += 1
            }
        }
    }

    package static func strip(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        bytes.withUnsafeBufferPointer { strip($0, into: &output) }
        return output
    }

    /// Offsets of the bytes that stay, in order.
    package static func keptOffsets(in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBufferPointer { bytes in
            var kept: [Int] = []
            kept.reserveCapacity(bytes.count)
            var offset = 0
            while offset < bytes.count {
                if bytes[offset] == escape {
                    offset = max(offset + 1, endOfSequence(bytes, after: offset))
                } else {
                    if !isControl(bytes[offset]) { kept.append(offset) }
                    offset += 1
                }
            }
            return kept
        }
    }

    package static func strip(_ text: String) -> String {
        String(decoding: strip(Array(text.utf8)), as: UTF8.self)
    }

    /// NUL, BEL, BS, ESC and the shifts. Tab and line ends are text.
    private static func isControl(_ byte: UInt8) -> Bool {
        byte == 0x1B || byte == 0x00 || byte == 0x07 || byte == 0x08 || byte == 0x0E || byte == 0x0F
    }

    private static func endOfSequence(_ bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
        let kind = start + 1
        guard kind < bytes.count else { return bytes.count }
        switch bytes[kind] {
        case UInt8(ascii: "["): return endOfCSI(bytes, from: kind + 1)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            return endOfString(bytes, from: kind + 1)
        case 0x20...0x2F: return min(kind + 2, bytes.count)
        default: return kind + 1
        }
    }

    /// Parameters 0x30–0x3F, intermediates 0x20–0x2F, one final byte 0x40–0x7E. Anything else ends it and stays.
    private static func endOfCSI(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count, (0x20...0x3F).contains(bytes[offset]) { offset += 1 }
        guard offset < bytes.count else { return offset }
        return (0x40...0x7E).contains(bytes[offset]) ? offset + 1 : offset
    }

    /// Up to BEL or ESC \. A string without an end stops at the line's end: it must not swallow the log.
    private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x07: return offset + 1
            case 10, 13: return offset
            case escape: return offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\\") ? offset + 2 : offset
            default: offset += 1
            }
        }
        return offset
    }
}
