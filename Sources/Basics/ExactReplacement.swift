extension String {
    /// Every occurrence of `old` replaced, byte by byte.
    ///
    /// Swift's own `replacing` compares characters: it passes over a carriage return that a line feed follows and a bracket with an accent on
    /// it, which every other reader of the text sees. Whatever guards a border uses this one.
    package func replacingExactly(_ old: String, with new: String) -> String {
        let (text, pattern) = (Array(utf8), Array(old.utf8))
        guard let first = pattern.first, pattern.count <= text.count else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == first, text[index...].starts(with: pattern) {
                result.append(contentsOf: new.utf8)
                index += pattern.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
