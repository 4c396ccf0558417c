import Basics
import Text

/// A GitHub or Gitea workflow, read line by line: indentation and keys, no more. Good for a file that is only partly there.
struct WorkflowText {
    struct Line {
        let number: Int
        let text: String
        /// Columns before the first character that is no blank; `- ` counts as part of the text.
        let indent: Int
        let isAdded: Bool
    }

    let path: UntrustedText
    let lines: [Line]
    /// Every line of the file is here.
    let isWhole: Bool

    static func isWorkflow(_ path: String) -> Bool {
        let path = path.lowercased()
        guard path.hasSuffix(".yml") || path.hasSuffix(".yaml") else { return false }
        let folders = [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"]
        if folders.contains(where: { path.hasPrefix($0) || path.contains("/" + $0) }) { return true }
        let name = path.split(separator: "/").last ?? ""
        return name == "action.yml" || name == "action.yaml"
    }

    init?(_ file: Change.File) {
        guard file.diff.newPath != nil, Self.isWorkflow(file.path) else { return nil }
        path = file.diff.path
        var added: Set<Int> = []
        var shown: [(Int, String)] = []
        for line in file.diff.hunks.joined where line.newNumber != nil {
            guard let number = line.newNumber else { continue }
            if line.kind == .added { added.insert(number) }
            shown.append((number, line.text.raw))
        }
        if let whole = file.headText {
            lines = whole.raw.textLines.enumerated().map { Self.line($0.offset + 1, $0.element, added) }
            isWhole = true
        } else {
            lines = shown.map { Self.line($0.0, $0.1, added) }
            isWhole = file.diff.change == .added && file.diff.isWhole
        }
    }

    private static func line(_ number: Int, _ text: String, _ added: Set<Int>) -> Line {
        let text = text.last == "\r" ? String(text.dropLast()) : text
        return Line(number: number, text: text, indent: text.prefix { $0 == " " }.count, isAdded: added.contains(number))
    }

    /// Lines that belong to the scalar of a `run:` key (or another key of that name), the key's own line included.
    func scalarLines(of key: String) -> [Line] {
        var result: [Line] = []
        var block: Int?
        for line in lines {
            if let indent = block {
                if line.indent > indent || NormalizedCode.isBlank(line.text) {
                    result.append(line)
                    continue
                }
                block = nil
            }
            guard let (column, value) = Self.value(of: key, in: line) else { continue }
            result.append(line)
            // A value may go on in deeper lines with or without `|`.
            block = value.isEmpty || value.hasPrefix("|") || value.hasPrefix(">") || !Self.isQuotedWhole(value) ? column : nil
        }
        return result
    }

    /// The value of `key: value`, and the column of the key; also after `- `.
    static func value(of key: String, in line: Line) -> (column: Int, value: String)? {
        var text = line.text[...].dropFirst(line.indent)
        var column = line.indent
        while text.hasPrefix("- ") {
            let rest = text.dropFirst(2).drop { $0 == " " }
            column += text.count - rest.count
            text = rest
        }
        for spelled in [key, "\"\(key)\"", "'\(key)'"] where text.hasPrefix(spelled + ":") {
            return (column, String(text.dropFirst(spelled.count + 1)).trimmingBlanks)
        }
        return nil
    }

    private static func isQuotedWhole(_ value: String) -> Bool {
        guard let quote = value.first, quote == "\"" || quote == "'" else { return false }
        return value.count > 1 && value.last == quote
    }
}

extension [Hunk] {
    /// All lines of all hunks, in order.
    var joined: [DiffLine] { flatMap(\.lines) }
}
