/// Makes a line of plain text inert, for places that show it as it is: nothing is escaped, what could act is set in backticks or
/// pulled apart by a blank.
struct PlainHygiene {
    let links: LinkPolicy

    func inert(_ text: String) -> String {
        let flat = text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        var out: [UInt8] = []
        for byte in flat.utf8 {
            let opensTag = out.last == UInt8(ascii: "<") && (byte.isLetter || "/!?".utf8.contains(byte))
            let opensLink =
                byte == UInt8(ascii: "(") && out.last == UInt8(ascii: "]") || byte == UInt8(ascii: "[") && out.last == UInt8(ascii: "!")
            if opensTag || opensLink { out.append(32) }
            out.append(byte)
        }
        return words(out)
    }

    /// Blanks split the line here: whatever acts is wrapped with all that touches it.
    private func words(_ bytes: [UInt8]) -> String {
        bytes.split(separator: 32, omittingEmptySubsequences: false).enumerated().map { index, word in
            let plain = String(decoding: word.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "'") : $0 }, as: UTF8.self)
            if isWrapped(word), acts(word.dropFirst().dropLast(), isFirst: index == 0) { return String(decoding: word, as: UTF8.self) }
            return acts(word, isFirst: index == 0) ? "`\(plain)`" : plain
        }.joined(separator: " ")
    }

    private func isWrapped(_ word: ArraySlice<UInt8>) -> Bool {
        word.count > 2 && word.first == UInt8(ascii: "`") && word.last == UInt8(ascii: "`")
            && word.count(where: { $0 == UInt8(ascii: "`") }) == 2
    }

    private func acts(_ word: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
        if links.allows(word) { return false }
        return ProseScanner.acts(word) || isFirst && word.first == UInt8(ascii: "/") && word.dropFirst().first?.isLetter == true
    }
}
