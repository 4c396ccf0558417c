/// A file of ours, taken apart at its markers.
struct ManagedText {
    static let begin = "# fettle:begin "
    static let base = "# fettle:base "
    static let end = "# fettle:end"

    struct Found {
        var block: ManagedBlock
        /// Hash of what we wrote.
        var hash: String

        var isEdited: Bool { block.hash != hash }
    }

    private(set) var preamble: [String] = []
    private(set) var blocks: [Found] = []
    /// Marks of the lines we wrote, by block.
    private(set) var base: [String: [LineMerge.Mark]] = [:]
    private(set) var tail: [String] = []

    /// `nil` when the text has no marker of ours.
    static func parse(_ text: String) -> ManagedText? {
        var parsed = ManagedText()
        var current: (name: String, hash: String, margin: String, lines: [String])?
        var hasEnded = false
        func close() {
            guard let open = current else { return }
            var lines = open.lines
            while lines.last?.isEmpty == true { lines.removeLast() }
            parsed.blocks.append(Found(block: ManagedBlock(name: open.name, margin: open.margin, lines: lines), hash: open.hash))
            current = nil
        }
        for line in TextLines.split(text).map(String.init) {
            let bare = line.drop { $0 == " " }
            if hasEnded {
                parsed.tail.append(line)
            } else if bare.hasPrefix(begin) {
                close()
                let words = bare.dropFirst(begin.count).split(separator: " ")
                guard words.count == 2 else { return nil }
                current = (String(words[0]), String(words[1]), String(line.prefix { $0 == " " }), [])
            } else if line.hasPrefix(base) {
                close()
                parsed.readBase(line.dropFirst(base.count))
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
        return parsed.blocks.isEmpty && parsed.base.isEmpty ? nil : parsed
    }

    private mutating func readBase(_ text: Substring) {
        let words = text.split(separator: " ")
        guard let name = words.first else { return }
        var rest = words.dropFirst().first ?? ""
        while !rest.isEmpty {
            base[String(name), default: []].append(String(rest.prefix(4)))
            rest = rest.dropFirst(4)
        }
    }
}
