import Glibc

/// Whether a text names something.
enum Mention {
    /// The bytes stand anywhere in the text.
    static func isIn(_ text: [UInt8], _ name: String) -> Bool { !places(text, name, first: true).isEmpty }

    /// Not as a part of a longer name.
    static func isWord(_ text: [UInt8], _ name: String) -> Bool {
        places(text, name, first: false).contains { place in
            !isPart(text, place - 1) && !isPart(text, place + name.utf8.count)
        }
    }

    /// As the end of a quoted string, as in `Class.forName("a.b.Name")` or `require("./name")` of what is no import.
    static func isInQuotes(_ text: [UInt8], _ name: String) -> Bool {
        places(text, name, first: false).contains { place in
            let end = place + name.utf8.count
            guard end < text.count, text[end] == 34 || text[end] == 39, place > 0 else { return false }
            guard [34, 39, 46, 36, 58].contains(text[place - 1]) else { return false }
            return !isImport(text, place)
        }
    }

    /// One of the names, given by hash, stands in the text as a whole identifier.
    static func isAny(_ text: [UInt8], _ hashes: Set<UInt64>) -> Bool {
        var found = false
        text.withUnsafeBufferPointer { bytes in
            Identifiers.forEach(in: bytes) { range in
                if !found, hashes.contains(Identifiers.hash(bytes, range)) { found = true }
            }
        }
        return found
    }

    private static func places(_ text: [UInt8], _ name: String, first: Bool) -> [Int] {
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
        guard text.indices.contains(place) else { return false }
        switch text[place] {
        case 48...57, 65...90, 97...122, 95, 128...255: return true
        default: return false
        }
    }

    /// The line begins as an import does: such a name is a reference like any other.
    private static func isImport(_ text: [UInt8], _ place: Int) -> Bool {
        let start = text[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
        let line = String(decoding: text[start..<place], as: UTF8.self)
        return ["import ", "from ", "require", "#include", "use ", "export "].contains { line.contains($0) }
    }
}
