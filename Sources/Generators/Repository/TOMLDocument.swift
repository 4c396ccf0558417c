/// As much of TOML as manifests use, with the line of every value. Malformed lines are skipped: manifests are evidence, not input to obey.
///
/// Source: toml.io/en/v1.0.0
struct TOMLDocument {
    indirect enum Value: Equatable {
        case string(String)
        case bool(Bool)
        /// Numbers and dates, as written.
        case other(String)
        case array([Value])
        case table([String: Value])
    }

    struct Entry: Equatable {
        var value: Value
        var line: Int
    }

    /// By full dotted path, e.g. `project.requires-python`, `tool.poetry.dependencies.python`.
    private(set) var entries: [String: Entry] = [:]
    /// Headers of tables, e.g. `tool.pytest.ini_options`, with their lines.
    private(set) var tables: [String: Int] = [:]

    init(_ text: String) {
        let lines = TextLines.split(text)
        var prefix = ""
        var index = 0
        while index < lines.count {
            let number = index + 1
            let line = lines[index].drop { $0 == " " || $0 == "\t" }
            index += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                let name = line.drop { $0 == "[" }.prefix { $0 != "]" }
                prefix = Self.path(String(name))
                // Of an array of tables the first keeps the plain name.
                if line.hasPrefix("[["), tables[prefix] != nil {
                    let again = (2...1_000).first { tables["\(prefix)[\($0)]"] == nil }
                    prefix += "[\(again ?? 1_000)]"
                }
                if tables[prefix] == nil { tables[prefix] = number }
                continue
            }
            guard let equals = Self.equals(in: line) else { continue }
            let key = Self.path(String(line[..<equals]))
            var rest = String(line[line.index(after: equals)...])
            // Values that go on: arrays over several lines and triple-quoted strings.
            while index < lines.count, Self.isOpen(rest), rest.utf8.count < 200_000 {
                rest += "\n" + lines[index]
                index += 1
            }
            var reader = TOMLValueReader(rest)
            guard let value = reader.value(depth: 0) else { continue }
            store(value, at: prefix.isEmpty ? key : prefix + "." + key, line: number)
        }
    }

    private mutating func store(_ value: Value, at path: String, line: Int) {
        entries[path] = Entry(value: value, line: line)
        if case .table(let members) = value {
            for (name, member) in members { store(member, at: path + "." + name, line: line) }
        }
    }

    private static func equals(in line: Substring) -> Substring.Index? {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "=" {
                return index
            }
        }
        return nil
    }

    /// `a . "b.c"` → `a.b.c`.
    private static func path(_ text: String) -> String {
        text.split(separator: ".").map { part in String(part.filter { $0 != "\"" && $0 != "'" && $0 != " " && $0 != "\t" }) }.joined(
            separator: ".")
    }

    private static func isOpen(_ text: String) -> Bool {
        var reader = TOMLValueReader(text)
        return reader.value(depth: 0) == nil && reader.ranOut
    }

    func string(_ path: String) -> (text: String, line: Int)? {
        guard let entry = entries[path], case .string(let text) = entry.value else { return nil }
        return (text, entry.line)
    }

    func strings(_ path: String) -> [String] {
        guard case .array(let values)? = entries[path]?.value else { return [] }
        return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// Line of the table or of the first key under `path`.
    func line(of path: String) -> Int? {
        if let line = tables[path] ?? entries[path]?.line { return line }
        let under = path + "."
        return (tables.filter { $0.key.hasPrefix(under) }.values + entries.filter { $0.key.hasPrefix(under) }.values.map(\.line)).min()
    }

    /// Names directly below `path`.
    func keys(under path: String) -> [String] {
        let under = path + "."
        let all = entries.keys.filter { $0.hasPrefix(under) } + tables.keys.filter { $0.hasPrefix(under) }
        return Set(all.map { key in String(key.dropFirst(under.count).prefix { $0 != "." }) }).sorted()
    }
}

private struct TOMLValueReader {
    private let text: [Character]
    private var index = 0
    /// The text ended inside a value.
    private(set) var ranOut = false

    init(_ text: String) { self.text = Array(text) }

    mutating func value(depth: Int) -> TOMLDocument.Value? {
        skipSpace()
        guard depth < 16, index < text.count else {
            ranOut = true
            return nil
        }
        switch text[index] {
        case "\"", "'": return string().map { .string($0) }
        case "[": return array(depth)
        case "{": return table(depth)
        default:
            let start = index
            while index < text.count, !",]}#\n".contains(text[index]) { index += 1 }
            let word = String(text[start..<index]).split(separator: " ").first.map(String.init) ?? ""
            if word == "true" || word == "false" { return .bool(word == "true") }
            return word.isEmpty ? nil : .other(word)
        }
    }

    private mutating func skipSpace() {
        while index < text.count {
            if text[index].isWhitespace {
                index += 1
            } else if text[index] == "#" {
                while index < text.count, !text[index].isNewline { index += 1 }
            } else {
                return
            }
        }
    }

    private mutating func string() -> String? {
        let quote = text[index]
        let isTriple = index + 2 < text.count && text[index + 1] == quote && text[index + 2] == quote
        index += isTriple ? 3 : 1
        var result = ""
        while index < text.count {
            let character = text[index]
            if character == "\\", quote == "\"", index + 1 < text.count {
                let next = text[index + 1]
                result.append(next == "n" ? "\n" : next == "t" ? "\t" : next)
                index += 2
            } else if character == quote, !isTriple {
                index += 1
                return result
            } else if character == quote, index + 2 < text.count, text[index + 1] == quote, text[index + 2] == quote {
                index += 3
                return result
            } else if character.isNewline, !isTriple {
                return nil
            } else {
                result.append(character)
                index += 1
            }
        }
        ranOut = isTriple
        return nil
    }

    private mutating func array(_ depth: Int) -> TOMLDocument.Value? {
        index += 1
        var values: [TOMLDocument.Value] = []
        while true {
            skipSpace()
            guard index < text.count else {
                ranOut = true
                return nil
            }
            if text[index] == "]" {
                index += 1
                return .array(values)
            }
            if text[index] == "," {
                index += 1
                continue
            }
            guard let next = value(depth: depth + 1) else { return nil }
            values.append(next)
        }
    }

    private mutating func table(_ depth: Int) -> TOMLDocument.Value? {
        index += 1
        var members: [String: TOMLDocument.Value] = [:]
        while true {
            skipSpace()
            guard index < text.count else {
                ranOut = true
                return nil
            }
            if text[index] == "}" {
                index += 1
                return .table(members)
            }
            if text[index] == "," {
                index += 1
                continue
            }
            let start = index
            while index < text.count, text[index] != "=", text[index] != "}" { index += 1 }
            guard index < text.count, text[index] == "=" else { return nil }
            let key = String(text[start..<index].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
            index += 1
            guard let next = value(depth: depth + 1) else { return nil }
            members[key] = next
        }
    }
}
