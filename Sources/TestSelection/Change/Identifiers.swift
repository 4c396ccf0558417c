/// Finds names in program text of any language: letters, digits, `_` and `$`, not beginning with a digit.
enum Identifiers {
    /// Calls `body` with the range of each name in `bytes`.
    @inline(__always)
    static func forEach(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var place = 0
        while place < bytes.count {
            guard isPart(bytes[place]) else {
                place += 1
                continue
            }
            let start = place
            while place < bytes.count, isPart(bytes[place]) { place += 1 }
            if !isDigit(bytes[start]) { body(start..<place) }
        }
    }

    static func list(_ line: String) -> [String] {
        var names: [String] = []
        var line = line
        line.withUTF8 { bytes in
            forEach(in: bytes) { names.append(String(decoding: bytes[$0], as: UTF8.self)) }
        }
        return names
    }

    /// Calls `body` with each word of a name: `parseXMLFile_2` has parse, XML, File. Words of one letter or digit are left out.
    @inline(__always)
    static func forEachWord(in name: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var place = range.lowerBound
        while place < range.upperBound {
            let start = place
            if isUpper(name[place]) {
                while place < range.upperBound, isUpper(name[place]) { place += 1 }
                if place < range.upperBound, isLower(name[place]) {
                    // The last capital begins the next word.
                    let word = place - 1
                    if word - start > 1 { body(start..<word) }
                    while place < range.upperBound, isLower(name[place]) { place += 1 }
                    body(word..<place)
                    continue
                }
            } else if isLower(name[place]) {
                while place < range.upperBound, isLower(name[place]) { place += 1 }
            } else if isDigit(name[place]) {
                while place < range.upperBound, isDigit(name[place]) { place += 1 }
            } else {
                place += 1
                continue
            }
            if place - start > 1 { body(start..<place) }
        }
    }

    /// The words of a name in lower case.
    static func words(_ name: String) -> [String] {
        var words: [String] = []
        var name = name
        name.withUTF8 { bytes in
            forEachWord(in: bytes, 0..<bytes.count) { words.append(String(decoding: bytes[$0], as: UTF8.self).lowercased()) }
        }
        return words
    }

    /// FNV-1a over the bytes. Source: isthe.com/chongo/tech/comp/fnv
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }

    /// The same, as if the bytes were in lower case.
    @inline(__always)
    static func lowercaseHash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(isUpper(bytes[index]) ? bytes[index] | 32 : bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }

    static func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash($0, 0..<$0.count) }
    }

    @inline(__always) private static func isUpper(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }
    @inline(__always) private static func isLower(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 || byte >= 128 }
    @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    @inline(__always) private static func isPart(_ byte: UInt8) -> Bool {
        isLower(byte) || isUpper(byte) || isDigit(byte) || byte == 95 || byte == 36
    }
}
