import Crypto

/// A part of a file that fettle owns: renewed, with the lines somebody else changed in it kept.
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

/// Our file and the user's share of it: what stands before the first marker, after the end marker, blocks taken out, and changed lines.
///
/// Each block begins with `# fettle:begin NAME HASH`, the hash of what we wrote; lines `# fettle:base NAME MARKS` before `# fettle:end`
/// hold a mark for each line we wrote, so that a later run can tell our lines from the user's without the old text.
struct ManagedFile {
    struct Merged: Equatable {
        var text: String
        /// What a person should know of the blocks somebody edited, a sentence each.
        var kept: [String] = []
    }

    /// The file as it should stand; `nil` when `existing` is not ours.
    static func merge(_ blocks: [ManagedBlock], header: [String], existing: String?) -> Merged? {
        guard let existing else { return Merged(text: render(header, blocks.map { Written($0) }, tail: [])) }
        guard let old = ManagedText.parse(existing) else { return nil }
        var merged: [Written] = []
        var kept: [String] = []
        for block in blocks {
            if let found = old.blocks.first(where: { $0.block.name == block.name }) {
                let (written, note) = merge(block, into: found, base: old.base[block.name])
                merged.append(written)
                if let note { kept.append(note) }
            } else if old.base[block.name] == nil {
                merged.append(Written(block))
            } else {
                kept.append("block '\(block.name)' was taken out by hand and stays out")
                merged.append(Written(removed: block))
            }
        }
        for found in old.blocks where found.isEdited && !blocks.contains(where: { $0.name == found.block.name }) {
            merged.append(Written(found.block, hash: found.hash, base: old.base[found.block.name]))
            kept.append("block '\(found.block.name)' was changed by hand and is left as it is")
        }
        let preamble = old.preamble.isEmpty ? header : old.preamble
        return Merged(text: render(preamble, merged, tail: old.tail), kept: kept)
    }

    private static func merge(_ block: ManagedBlock, into found: ManagedText.Found, base: [LineMerge.Mark]?) -> (Written, String?) {
        guard found.isEdited else { return (Written(block), nil) }
        guard let base, let result = LineMerge.merge(base: base, mine: found.block.lines, theirs: trimmed(block.lines)) else {
            let note = "block '\(block.name)' was changed by hand and is left as it is"
            return (Written(found.block, hash: found.hash, base: base), ManagedBlock.hash(of: found.block.lines) == block.hash ? nil : note)
        }
        let written = Written(
            ManagedBlock(name: block.name, margin: block.margin, lines: result.lines), hash: block.hash, base: marks(of: block))
        guard result.lines != trimmed(block.lines) else { return (written, nil) }
        var note = "block '\(block.name)' was changed by hand: the lines that differ are kept"
        if let first = result.contested.first {
            note += "; near its line \(first.lowerBound) this run would write something else"
        }
        return (written, note)
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func marks(of block: ManagedBlock) -> [LineMerge.Mark] { trimmed(block.lines).map(LineMerge.mark) }

    /// A block as it goes into the file, with what we ourselves wrote of it.
    private struct Written {
        var block: ManagedBlock?
        var name: String
        var hash: String
        var base: [LineMerge.Mark]?

        init(_ block: ManagedBlock, hash: String? = nil, base: [LineMerge.Mark]? = nil) {
            self.block = block
            name = block.name
            self.hash = hash ?? block.hash
            self.base = hash == nil ? ManagedFile.marks(of: block) : base
        }

        init(removed block: ManagedBlock) {
            name = block.name
            hash = block.hash
            base = ManagedFile.marks(of: block)
        }
    }

    private static func render(_ header: [String], _ blocks: [Written], tail: [String]) -> String {
        var lines = header
        for written in blocks {
            guard let block = written.block else { continue }
            lines.append("\(block.margin)\(ManagedText.begin)\(block.name) \(written.hash)")
            lines += block.lines
        }
        for written in blocks {
            guard let base = written.base else { continue }
            for start in stride(from: 0, to: max(base.count, 1), by: 30) {
                lines.append("\(ManagedText.base)\(written.name) \(base[start..<min(start + 30, base.count)].joined())")
            }
        }
        lines.append(ManagedText.end)
        lines += tail
        return trimmed(lines).joined(separator: "\n") + "\n"
    }
}
