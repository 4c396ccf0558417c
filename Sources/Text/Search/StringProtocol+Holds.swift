extension StringProtocol {
    /// `needle` occurs in it, byte for byte; an empty one always does.
    ///
    /// The standard library's `contains(_:)` compares characters, which costs a hundred times as much: too much for every line of a file.
    package func holds(_ needle: String) -> Bool {
        var needle = needle
        return needle.withUTF8 { wanted in
            if let found = utf8.withContiguousStorageIfAvailable({ Self.occurs(wanted, in: $0) }) { return found }
            var copy = String(self)
            return copy.withUTF8 { Self.occurs(wanted, in: $0) }
        }
    }

    private static func occurs(_ needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let head = needle.first else { return true }
        guard bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where bytes[start] == head {
            var matched = 1
            while matched < needle.count, bytes[start + matched] == needle[matched] { matched += 1 }
            if matched == needle.count { return true }
        }
        return false
    }
}
