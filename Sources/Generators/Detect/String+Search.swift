import Text

extension String {
    /// First occurrence of `needle`, byte by byte.
    func firstRange(of needle: String) -> Range<Index>? {
        let wanted = Array(needle.utf8)
        guard let head = wanted.first else { return nil }
        let bytes = utf8
        var index = bytes.startIndex
        while let start = bytes[index...].firstIndex(of: head) {
            let rest = bytes[start...]
            if rest.starts(with: wanted) { return start..<bytes.index(start, offsetBy: wanted.count) }
            index = bytes.index(after: start)
        }
        return nil
    }
}
