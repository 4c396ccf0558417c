import Basics
import Text

/// Whether a replacement leaves its file as readable as it was, where that can be told without a compiler.
struct SuggestionCheck {
    enum Outcome: Sendable, Hashable {
        case fine
        /// Our own words.
        case broken(String)
    }

    let change: Change

    /// JSON, YAML and XML are read again as a whole where the whole is at hand; everything else must close the brackets it opens.
    func check(_ replacement: [String], for lines: ClosedRange<Int>, in file: Int, present: [String]) -> Outcome {
        let subject = change.files[file]
        if let format = Format(subject.path), let whole = whole(subject), lines.upperBound <= whole.count, lines.lowerBound >= 1 {
            let before = whole.joined(separator: "\n")
            let after = (whole[..<(lines.lowerBound - 1)] + replacement + whole[lines.upperBound...]).joined(separator: "\n")
            // A file that was broken before can hardly be made worse, and is no proof of anything.
            if format.reads(before) { return format.reads(after) ? .fine : .broken("with it the file is no \(format.rawValue) any more") }
        }
        if Brackets(present) != Brackets(replacement) { return .broken("it opens or closes other brackets than the lines it replaces") }
        return layout(replacement, present: present, path: subject.path)
    }

    /// What can be told from blanks and marks alone.
    private func layout(_ replacement: [String], present: [String], path: String) -> Outcome {
        let (old, new) = (present.filter { !NormalizedCode.isBlank($0) }, replacement.filter { !NormalizedCode.isBlank($0) })
        // Taking lines away is for the brackets above to judge, and for the block below.
        guard let first = new.first, let last = new.last, let before = old.first, let end = old.last else {
            return Self.isIndented(path) && old.contains(where: Self.opensBlock)
                ? .broken("it takes away the beginning of a block") : .fine
        }
        if new.allSatisfy({ $0.first == "+" || $0.first == "-" }), !old.allSatisfy({ $0.first == "+" || $0.first == "-" }) {
            return .broken("it is a diff, not code")
        }
        if Self.indentation(first) != Self.indentation(before) {
            return .broken("it begins with another indentation than the lines it replaces")
        }
        guard Self.isIndented(path) else { return .fine }
        if Self.opensBlock(last) != Self.opensBlock(end) || Self.opensBlock(end) && Self.indentation(last) != Self.indentation(end) {
            return .broken("the block after it would belong to something else")
        }
        return Self.stepsInOnlyBelowOpeners(new) ? .fine : .broken("a line in it is indented for no reason")
    }

    /// Languages in which blanks are grammar.
    private static func isIndented(_ path: String) -> Bool {
        ["py", "pyi", "nim", "coffee", "sass", "pug", "haml"].contains(path.split(separator: ".").last?.lowercased() ?? "")
    }

    private static func indentation(_ line: String) -> Substring { line.prefix { $0 == " " || $0 == "\t" } }

    private static func opensBlock(_ line: String) -> Bool {
        let code = line.firstRange(of: " #").map { line[..<$0.lowerBound] } ?? line[...]
        return code.last { $0 != " " && $0 != "\t" } == ":"
    }

    /// No line of Python goes deeper than the one before it but after a colon, in brackets, or where a line is continued.
    private static func stepsInOnlyBelowOpeners(_ lines: [String]) -> Bool {
        var open = 0
        var isInString = false
        var previous: String?
        for line in lines {
            defer {
                for byte in line.utf8 where !isInString {
                    if "([{".utf8.contains(byte) { open += 1 }
                    if ")]}".utf8.contains(byte) { open -= 1 }
                }
                let quotes = line.ranges(of: "\"\"\"").count + line.ranges(of: "'''").count
                if !quotes.isMultiple(of: 2) { isInString.toggle() }
                previous = line
            }
            guard let previous, open <= 0, !isInString, !previous.hasSuffix("\\") else { continue }
            let (now, before) = (indentation(line), indentation(previous))
            if now.count > before.count, !opensBlock(previous) { return false }
            if opensBlock(previous), now.count <= before.count || !now.hasPrefix(before) { return false }
        }
        return true
    }

    /// The file's lines, where every one of them is known.
    private func whole(_ file: Change.File) -> [String]? {
        if let text = file.headText { return text.raw.textLines }
        guard file.diff.change == .added, file.diff.content == .text else { return nil }
        return file.diff.hunks.flatMap(\.lines).filter { $0.kind == .added }.map(\.text.raw)
    }

    private enum Format: String {
        case json = "JSON"
        case yaml = "YAML"
        case xml = "XML"

        init?(_ path: String) {
            switch path.split(separator: ".").last?.lowercased() {
            case "json": self = .json
            case "yml", "yaml": self = .yaml
            case "xml", "svg", "plist", "csproj": self = .xml
            default: return nil
            }
        }

        func reads(_ text: String) -> Bool {
            switch self {
            case .json: return (try? JSONValue(parsing: text.utf8)) != nil
            case .yaml: return (try? YAML.root(of: text)) != nil
            case .xml:
                var nobody = NoXMLHandler()
                return (try? XMLReader.read(Array(text.utf8), into: &nobody)) != nil
            }
        }
    }

    private struct NoXMLHandler: XMLHandler {
        mutating func start(_ element: XMLElement) {}
    }

    /// What a stretch of code leaves open, kind by kind. Quotes are not followed: an apostrophe in a comment would hide half a file.
    private struct Brackets: Equatable {
        var round = 0
        var square = 0
        var curly = 0
        /// `/*` against `*/`.
        var comments = 0
        /// Whether a text of several lines stays open.
        var isInText = false

        init(_ lines: [String]) {
            let text = lines.joined(separator: "\n")
            comments = text.ranges(of: "/*").count - text.ranges(of: "*/").count
            isInText = !(text.ranges(of: "\"\"\"").count + text.ranges(of: "'''").count).isMultiple(of: 2)
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "("): round += 1
                case UInt8(ascii: ")"): round -= 1
                case UInt8(ascii: "["): square += 1
                case UInt8(ascii: "]"): square -= 1
                case UInt8(ascii: "{"): curly += 1
                case UInt8(ascii: "}"): curly -= 1
                default: break
                }
            }
        }
    }
}
