import CLZ4

/// Bytes as they lie in the file: long ones compressed, as PostgreSQL does with its own. A delivery shrinks to about a seventh, and most of
/// what storing one costs is copying it to the log and from there to the file.
///
/// A packed value begins with a mark and its length; what lacks the mark is taken as it is.
/// Source: lz4_Block_format.md
enum PackedBytes {
    private static let mark: [UInt8] = [0x00, 0x4C, 0x5A, 0x34]
    private static let headSize = 8
    /// Shorter ones gain nothing.
    private static let shortest = 512
    /// The library's “acceleration”: a third less time for a twentieth more room.
    private static let haste: Int32 = 4
    /// More than any value here has, and less than a damaged length would ask for.
    private static let longest = 256 << 20

    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        let isMarked = bytes.starts(with: mark)
        guard bytes.count >= shortest || isMarked, let length = Int32(exactly: bytes.count), bytes.count <= longest else { return bytes }
        let bound = LZ4_compressBound(length)
        let packed = [UInt8](unsafeUninitializedCapacity: headSize + Int(bound)) { buffer, count in
            for (index, byte) in mark.enumerated() { buffer[index] = byte }
            for index in 0..<4 { buffer[4 + index] = UInt8(truncatingIfNeeded: length >> (8 * Int32(index))) }
            let written = bytes.withUnsafeBytes { source in
                LZ4_compress_fast(
                    source.baseAddress?.assumingMemoryBound(to: CChar.self),
                    buffer.baseAddress.map { UnsafeMutableRawPointer($0 + headSize).assumingMemoryBound(to: CChar.self) }, length, bound,
                    haste)
            }
            count = written > 0 ? headSize + Int(written) : 0
        }
        // What happens to look packed must be packed, whatever it takes.
        return packed.count > 0 && (packed.count < bytes.count || isMarked) ? packed : bytes
    }

    /// `nil` for a packed value that is damaged.
    static func unpack(_ stored: UnsafeRawBufferPointer) -> [UInt8]? {
        guard stored.count >= headSize, stored.starts(with: mark) else { return Array(stored) }
        let length = (0..<4).reduce(0) { $0 | Int(stored[4 + $1]) << (8 * $1) }
        guard length <= longest, let packedLength = Int32(exactly: stored.count - headSize) else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: max(length, 1)) { buffer, count in
            let written = LZ4_decompress_safe(
                stored.baseAddress.map { ($0 + headSize).assumingMemoryBound(to: CChar.self) },
                buffer.baseAddress.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }, packedLength, Int32(length))
            count = max(Int(written), 0)
        }
        return bytes.count == length ? bytes : nil
    }
}
