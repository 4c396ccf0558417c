package import Basics
package import Forge

/// Makes what we publish: redacted, inert, closed, and no longer than the place takes.
package struct OutputHygiene: Sendable {
    private let redactor: Redactor
    private let prose: ProseHygiene

    /// What GitHub takes in a comment is 65,536 characters; some room stays for markers.
    package static let commentLimit = ByteCount.kibibytes(60)

    package init(redactor: Redactor, links: LinkPolicy = .standard) {
        self.redactor = redactor
        prose = ProseHygiene(links: links)
    }

    /// The text as Markdown. Blocks that do not fit are left out from the end, and a note says so; markers are kept.
    package func publish(_ markdown: Markdown, limit: ByteCount = commentLimit) -> PublishableText {
        let parts = markdown.blocks.map { (block: $0, text: render($0)) }.filter { !$0.text.isEmpty }
        let whole = parts.map(\.text).joined(separator: "\n\n")
        if whole.utf8.count <= limit.bytes { return PublishableText(checked: whole) }
        return PublishableText(checked: shortened(parts, limit: limit))
    }

    /// A text that somebody else wrote, published by itself.
    package func publish(_ text: UntrustedText, limit: ByteCount = commentLimit) -> PublishableText {
        publish(.prose(text, limit: limit), limit: limit)
    }

    /// For places that show plain text: check titles, annotations, statuses. One line each.
    package func publishPlain(_ text: UntrustedText, limit: ByteCount = .kibibytes(2)) -> PublishableText {
        let clean = redactor.redact(InvisibleCharacters.removed(from: text.raw)).text
        let inert = redactor.redact(PlainHygiene(links: prose.links).inert(clean)).text
        return PublishableText(checked: Self.capped(inert, limit: limit, note: " […]"))
    }

    /// Published as code, the text would stay exactly as it is. Only such a text may be offered for committing.
    package func keepsVerbatim(_ text: UntrustedText) -> Bool {
        clean(text) == text.raw && text.raw.split(separator: "\n").allSatisfy { ProseHygiene.withoutCommand($0) == $0 }
    }

    private func render(_ block: Markdown.Block) -> String {
        switch block {
        case .line(let segments): segments.map(render).joined()
        case .prose(let text, let limit): renderProse(text, limit: limit)
        case .fence(let text, let language): ProseHygiene.fence(clean(text), language: language)
        case .suggestion(let text): Self.suggestion(clean(text))
        case .marker(let name): "<!-- \(name.filter(Self.isMarkerCharacter)) -->"
        case .group(let blocks): blocks.map(render).filter { !$0.isEmpty }.joined(separator: "\n\n")
        }
    }

    private func render(_ segment: Markdown.Segment) -> String {
        switch segment {
        case .literal(let text): text
        case .inline(let text): redactor.redact(prose.inline(clean(text))).text
        case .code(let text): ProseHygiene.span(clean(text))
        case .link(let title, let address): "[\(title)](\(address.text))"
        case .cell(let text): Self.escapedPipes(redactor.redact(prose.inline(clean(text))).text)
        }
    }

    private func renderProse(_ text: UntrustedText, limit: ByteCount) -> String {
        // Credentials go first: a cut through one would leave half of it standing.
        let cut = Self.cut(clean(text), to: limit)
        let body = redactor.redact(prose.block(cut.text)).text
        return cut.left == 0 ? body : body + "\n\n_Shortened: \(cut.left) bytes are left out._"
    }

    private func clean(_ text: UntrustedText) -> String { redactor.redact(InvisibleCharacters.removed(from: text.raw)).text }

    private static func suggestion(_ content: String) -> String {
        let longest = content.utf8.split(whereSeparator: { $0 != UInt8(ascii: "`") }).map(\.count).max() ?? 0
        let ticks = String(repeating: "`", count: max(3, longest + 1))
        return content.isEmpty ? "\(ticks)suggestion\n\(ticks)" : "\(ticks)suggestion\n\(content)\n\(ticks)"
    }

    /// In a table a pipe ends the cell, also inside code.
    private static func escapedPipes(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "|"), result.last != UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isMarkerCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || ":._=/+- ".contains(character))
    }

    private static func isMarker(_ block: Markdown.Block) -> Bool { if case .marker = block { true } else { false } }

    private func shortened(_ parts: [(block: Markdown.Block, text: String)], limit: ByteCount) -> String {
        let markers = parts.filter { Self.isMarker($0.block) }.map(\.text)
        let note = "_The rest is left out here: this place takes no more than \(limit.bytes) bytes._"
        var room = limit.bytes - note.utf8.count - markers.reduce(0) { $0 + $1.utf8.count + 2 } - 4
        var kept: [String] = []
        for part in parts where !Self.isMarker(part.block) {
            guard part.text.utf8.count + 2 <= room else {
                if let start = beginning(of: part.block, room: room) { kept.append(start) }
                break
            }
            kept.append(part.text)
            room -= part.text.utf8.count + 2
        }
        return (kept + [note] + markers).joined(separator: "\n\n")
    }

    /// As much of a prose block as surely fits: escaping makes a text at most six times as long.
    private func beginning(of block: Markdown.Block, room: Int) -> String? {
        guard case .prose(let text, let limit) = block else { return nil }
        for share in [2, 4, 8] where room / share > 200 {
            let start = renderProse(text, limit: min(limit, ByteCount(room / share)))
            if start.utf8.count + 2 <= room { return start }
        }
        return nil
    }

    private static func capped(_ text: String, limit: ByteCount, note: String) -> String {
        if text.utf8.count <= limit.bytes { return text }
        let start = cut(text, to: ByteCount(max(0, limit.bytes - note.utf8.count))).text
        return (start.lastIndex(of: " ").map { String(start[..<$0]) } ?? "") + note
    }

    /// Cut between characters, and how many bytes were left off.
    private static func cut(_ text: String, to limit: ByteCount) -> (text: String, left: Int) {
        if text.utf8.count <= limit.bytes { return (text, 0) }
        var end = text.utf8.index(text.startIndex, offsetBy: limit.bytes)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return (String(text[..<end]), text.utf8.count - text.utf8.distance(from: text.startIndex, to: end))
    }
}
