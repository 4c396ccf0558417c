package import Basics
package import Forge

/// A text to publish, in which every part knows where it came from.
///
/// Literals stand in our source and are taken as they are; whatever is interpolated is escaped for its place:
/// `"**\(finding.title)** in \(code: finding.path)"`. Blocks are separated by blank lines.
package struct Markdown: Sendable, Hashable {
    enum Segment: Sendable, Hashable {
        case literal(String)
        case inline(UntrustedText)
        case code(UntrustedText)
        case cell(UntrustedText)
        /// A link to a page whose address we put together ourselves.
        case link(String, WebAddress)
    }

    enum Block: Sendable, Hashable {
        case line([Segment])
        case prose(UntrustedText, limit: ByteCount)
        case fence(UntrustedText, language: String)
        case suggestion(UntrustedText)
        case marker(String)
        /// Blocks that belong together: shown whole or left out whole.
        case group([Block])
    }

    var blocks: [Block]

    package init() {
        blocks = []
    }

    init(_ blocks: [Block]) {
        self.blocks = blocks
    }

    package var isEmpty: Bool { blocks.isEmpty }

    /// What somebody else wrote, as a block: paragraphs, lists and code survive, nothing in it acts.
    package static func prose(_ text: UntrustedText, limit: ByteCount = .kibibytes(8)) -> Markdown {
        Markdown([.prose(text, limit: limit)])
    }

    /// A fenced block. `language` is dropped unless it is a plain word.
    package static func fence(_ text: UntrustedText, language: String = "") -> Markdown { Markdown([.fence(text, language: language)]) }

    /// A change the reader can commit with one click: only after it was checked against the file.
    package static func suggestion(_ text: UntrustedText) -> Markdown { Markdown([.suggestion(text)]) }

    /// A hidden mark of ours, `<!-- name -->`. Characters other than letters, digits and `:._=/+-` are dropped.
    package static func marker(_ name: String) -> Markdown { Markdown([.marker(name)]) }

    /// Rows of a table, header first.
    package static func table(_ rows: [[Markdown]]) -> Markdown {
        guard let header = rows.first else { return Markdown() }
        let rule = Block.line([.literal("|" + String(repeating: "---|", count: header.count))])
        let lines = rows.map { Block.line($0.reduce(into: [.literal("|")]) { $0 += $1.asCells + [.literal("|")] }) }
        return Markdown([.group(Self.tight([lines[0], rule] + lines.dropFirst()))])
    }

    /// Parts shown whole or not at all when the text is too long.
    package static func together(_ parts: [Markdown]) -> Markdown { Markdown([.group(parts.flatMap(\.blocks))]) }

    package static func + (a: Markdown, b: Markdown) -> Markdown { Markdown(a.blocks + b.blocks) }
    package static func += (a: inout Markdown, b: Markdown) { a.blocks += b.blocks }

    /// Lines of one block: no blank line between.
    package static func lines(_ parts: [Markdown]) -> Markdown { Markdown(tight(parts.flatMap(\.blocks))) }

    private static func tight(_ blocks: [Block]) -> [Block] {
        let lines = blocks.compactMap { block -> [Segment]? in if case .line(let segments) = block { segments } else { nil } }
        return lines.isEmpty ? [] : [.line(Array(lines.joined(separator: [.literal("\n")])))]
    }

    private var asCells: [Segment] {
        blocks.flatMap { block -> [Segment] in
            guard case .line(let segments) = block else { return [] }
            return segments.map { segment in
                switch segment {
                case .inline(let text): .cell(text)
                case .code(let text): .cell(UntrustedText(ProseHygiene.span(text.raw)))
                case .literal, .cell, .link: segment
                }
            }
        }
    }
}

extension Markdown: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        blocks = [.line([.literal(value)])]
    }

    package init(stringInterpolation: StringInterpolation) {
        blocks = [.line(stringInterpolation.segments)]
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var segments: [Segment] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { segments.append(.literal(literal)) }
        package mutating func appendInterpolation(_ number: Int) { segments.append(.literal("\(number)")) }
        package mutating func appendInterpolation(_ text: UntrustedText) { segments.append(.inline(text)) }
        package mutating func appendInterpolation(code text: UntrustedText) { segments.append(.code(text)) }

        /// A link to a page of the forge. `title` is a word of our own: letters, digits, blanks, `-` and `,` are kept of it.
        package mutating func appendInterpolation(link title: String, to address: WebAddress) {
            segments.append(.link(title.filter { $0.isASCII && ($0.isLetter || $0.isNumber || " -,".contains($0)) }, address))
        }

        /// A word of our own, e.g. an enumeration's raw value; escaped like anything else all the same.
        package mutating func appendInterpolation(word: String) { segments.append(.inline(UntrustedText(word))) }

        package mutating func appendInterpolation(_ part: Markdown) {
            for case .line(let inner) in part.blocks { segments += inner }
        }
    }
}
