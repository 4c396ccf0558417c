import Text

/// Shell text into commands of words: enough to tell what is called.
enum ShellWords {
    /// The text without `$(…)` and backticks, and what stood in them.
    static func substitutions(_ text: String) -> (outer: String, inner: [String]) {
        var outer = ""
        var inner: [String] = []
        var rest = text[...]
        while let mark = rest.firstIndex(where: { $0 == "$" || $0 == "`" }) {
            outer += rest[..<mark]
            let after = rest[rest.index(after: mark)...]
            if rest[mark] == "`", let end = after.firstIndex(of: "`") {
                inner.append(String(after[..<end]))
                outer += "_"
                rest = after[after.index(after: end)...]
            } else if rest[mark] == "$", after.first == "(", let end = closing(after) {
                inner.append(String(after[after.index(after: after.startIndex)..<end]))
                outer += "_"
                rest = after[after.index(after: end)...]
            } else {
                outer.append(rest[mark])
                rest = after
            }
        }
        return (outer + rest, inner)
    }

    private static func closing(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// Words of each command; quotes are taken off.
    static func commands(_ text: String) -> [[String]] {
        var commands: [[String]] = []
        var words: [String] = []
        var word = ""
        var quote: Character?
        var last: Character = " "
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        func endCommand() {
            endWord()
            if !words.isEmpty { commands.append(words) }
            words = []
        }
        for character in text {
            defer { last = character }
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "#", word.isEmpty {
                break
            } else if character == "&", last == ">" || last == "<" {
                word.append(character)
            } else if ";|&()\n".contains(character) {
                endCommand()
            } else if character == " " || character == "\t" {
                endWord()
            } else {
                word.append(character)
            }
        }
        endCommand()
        return commands
    }
}
