import Crypto

/// A part of a file that fettle owns: it is replaced as long as nobody else changed it.
struct ManagedBlock: Equatable {
    var name: String
    /// Margin of its marker.
    var margin: String
    var lines: [String]

    var hash: String { Self.hash(of: lines) }

    /// First 16 hex digits of the SHA-256 of the lines.
    static func hash(of lines: [String]) -> String {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        return String(Hex.encode(SHA256.digest(of: Array(lines.joined(separator: "\n").utf8))).prefix(16))
    }
}

/// Our file and the user's share of it: what stands before the first marker, after the end marker, and blocks the user changed.
struct ManagedFile {
    private static let begin = "# fettle:begin "
    private static let end = "# fettle:end"

    struct Merged: Equatable {
        var text: String
        /// Blocks left as they are because somebody edited them.
        var kept: [String] = []
    }

    /// The file as it should stand; `nil` when `existing` is not ours.
    static func merge(_ blocks: [ManagedBlock], header: [String], existing: String?) -> Merged? {
        guard let existing else { return Merged(text: render(header, blocks.map { ($0, $0.hash) }, tail: [])) }
        guard let old = parse(existing) else { return nil }
        var merged: [(ManagedBlock, String)] = []
        var kept: [String] = []
        for block in blocks {
            if let found = old.blocks.first(where: { $0.block.name == block.name }), found.isEdited {
                merged.append((found.block, found.hash))
                if ManagedBlock.hash(of: found.block.lines) != block.hash { kept.append(block.name) }
            } else {
                merged.append((block, block.hash))
            }
        }
        for found in old.blocks where found.isEdited && !blocks.contains(where: { $0.name == found.block.name }) {
            merged.append((found.block, found.hash))
            kept.append(found.block.name)
        }
        let preamble = old.preamble.isEmpty ? header : old.preamble
        return Merged(text: render(preamble, merged, tail: old.tail), kept: kept)
    }

    private static func render(_ header: [String], _ blocks: [(ManagedBlock, String)], tail: [String]) -> String {
        var lines = header
        for (block, hash) in blocks {
            lines.append("\(block.margin)\(begin)\(block.name) \(hash)")
            lines += block.lines
        }
        lines.append(end)
        lines += tail
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Parsed {
        var preamble: [String] = []
        var blocks: [(block: ManagedBlock, hash: String, isEdited: Bool)] = []
        var tail: [String] = []
    }

    private static func parse(_ text: String) -> Parsed? {
        var parsed = Parsed()
        var current: (name: String, hash: String, margin: String, lines: [String])?
        var hasEnded = false
        func close() {
            guard let open = current else { return }
            var lines = open.lines
            while lines.last?.isEmpty == true { lines.removeLast() }
            let block = ManagedBlock(name: open.name, margin: open.margin, lines: lines)
            parsed.blocks.append((block, open.hash, block.hash != open.hash))
            current = nil
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let bare = line.drop { $0 == " " }
            if hasEnded {
                parsed.tail.append(line)
            } else if bare.hasPrefix(begin) {
                close()
                let words = bare.dropFirst(begin.count).split(separator: " ")
                guard words.count == 2 else { return nil }
                current = (String(words[0]), String(words[1]), String(line.prefix { $0 == " " }), [])
            } else if line == end {
                close()
                hasEnded = true
            } else if current != nil {
                current?.lines.append(line)
            } else {
                parsed.preamble.append(line)
            }
        }
        close()
        return parsed.blocks.isEmpty ? nil : parsed
    }
}
