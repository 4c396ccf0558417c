import Policy

/// Code made comparable: how much may differ grows with the tolerance.
enum NormalizedCode {
    enum Tolerance: CaseIterable {
        case exact
        /// Blanks at the end of a line.
        case lineEnd
        /// Indentation, tabs, any run of blanks, invisible characters.
        case blanks
        /// No blanks at all.
        case none
    }

    static func line(_ text: String, _ tolerance: Tolerance) -> String {
        switch tolerance {
        case .exact: text.last == "\r" ? String(text.dropLast()) : text
        case .lineEnd: withoutTrailingBlanks(text)
        case .blanks: line(text)
        case .none: String(decoding: InvisibleCharacters.removed(from: text).utf8.filter { $0 > 32 }, as: UTF8.self)
        }
    }

    /// Single blanks between words, none at either end, nothing invisible.
    static func line(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in InvisibleCharacters.removed(from: text).utf8 {
            if byte > 32 {
                result.append(byte)
            } else if let last = result.last, last != 32 {
                result.append(32)
            }
        }
        if result.last == 32 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    /// Equal for lines that are equal with all blanks left out. FNV-1a.
    static func key(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in InvisibleCharacters.removed(from: text).utf8 where byte > 32 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }

    static func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { $0 <= 32 } }

    private static func withoutTrailingBlanks(_ text: String) -> String {
        let bytes = text.utf8
        let end = bytes.lastIndex { $0 > 32 }.map { bytes.index(after: $0) } ?? bytes.startIndex
        return String(text[..<end])
    }
}
