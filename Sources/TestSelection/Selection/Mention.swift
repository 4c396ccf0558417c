import Glibc

/// Whether a text names something.
enum Mention {
    /// The bytes stand anywhere in the text.
    static func isIn(_ text: [UInt8], _ name: String) -> Bool { !places(text, name, first: true).isEmpty }

    /// The name found at `place` is no part of a longer one.
    static func stands(_ text: [UInt8], _ place: Int, _ name: String) -> Bool {
        !isPart(text, place - 1) && !isPart(text, place + name.utf8.count)
    }

    /// Where the bytes stand.
    static func places(_ text: [UInt8], _ name: String, first: Bool) -> [Int] {
        let wanted = Array(name.utf8)
        guard let head = wanted.first, wanted.count <= text.count else { return [] }
        var found: [Int] = []
        text.withUnsafeBytes { bytes in
            var place = 0
            while place + wanted.count <= bytes.count, let start = bytes.baseAddress {
                guard let hit = memchr(start + place, Int32(head), bytes.count - wanted.count - place + 1) else { break }
                place = UnsafeRawPointer(hit) - start
                if wanted.withUnsafeBytes({ memcmp(hit, $0.baseAddress ?? UnsafeRawPointer(hit), wanted.count) }) == 0 {
                    found.append(place)
                    if first { break }
                }
                place += 1
            }
        }
        return found
    }

    private static func isPart(_ text: [UInt8], _ place: Int) -> Bool {
        text.indices.contains(place) && isPart(text[place])
    }

    /// Of a name, in most languages.
    @inline(__always) static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 95, 128...255: true
        default: false
        }
    }

    /// The line begins as an import does: such a name is a reference like any other.
    static func isImport(_ text: [UInt8], _ place: Int) -> Bool {
        let start = text[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
        let line = String(decoding: text[start..<place], as: UTF8.self)
        return ["import ", "from ", "require", "#include", "use ", "export "].contains { line.contains($0) }
    }
}
