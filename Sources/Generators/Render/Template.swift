/// Pieces of text with `<<name>>` in them.
enum Template {
    /// Lines of the template; a line whose placeholder has no value is left out, one that is only a placeholder takes many lines.
    static func lines(_ name: String, _ values: [String: String] = [:], _ blocks: [String: [String]] = [:]) -> [String] {
        guard let text = EmbeddedTemplates.all[name] else { preconditionFailure("there is no template '\(name)'") }
        var result: [String] = []
        for line in text.description.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("<<"), bare.hasSuffix(">>"), let block = blocks[String(bare.dropFirst(2).dropLast(2))] {
                let margin = String(line.prefix { $0 == " " })
                result += block.map { $0.isEmpty ? "" : margin + $0 }
            } else if let filled = fill(String(line), values) {
                result.append(filled)
            }
        }
        while result.last?.isEmpty == true { result.removeLast() }
        return withoutEmptyWith(withoutDoubleGaps(result))
    }

    private static func fill(_ line: String, _ values: [String: String]) -> String? {
        var result = ""
        var rest = line
        while let open = rest.firstRange(of: "<<") {
            let after = String(rest[open.upperBound...])
            guard let close = after.firstRange(of: ">>") else { break }
            let name = String(after[..<close.lowerBound])
            guard let value = name.hasPrefix("pin:") ? ActionPins.reference(String(name.dropFirst(4))) : values[name] else { return nil }
            result += rest[..<open.lowerBound] + value
            rest = String(after[close.upperBound...])
        }
        return result + rest
    }

    /// A block that was left out leaves one empty line, not two.
    private static func withoutDoubleGaps(_ lines: [String]) -> [String] {
        lines.enumerated().filter { index, line in !line.isEmpty || index == 0 || !lines[index - 1].isEmpty }.map(\.element)
    }

    /// `with:` whose inputs were all left out goes as well.
    private static func withoutEmptyWith(_ lines: [String]) -> [String] {
        lines.enumerated().filter { index, line in
            guard line.drop(while: { $0 == " " }) == "with:" else { return true }
            let margin = line.prefix { $0 == " " }.count
            return index + 1 < lines.count && lines[index + 1].prefix { $0 == " " }.count > margin
        }.map(\.element)
    }
}
