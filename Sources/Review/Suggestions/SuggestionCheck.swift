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
        return Brackets(present) == Brackets(replacement) ? .fine : .broken("it opens or closes other brackets than the lines it replaces")
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

        init(_ lines: [String]) {
            for byte in lines.joined(separator: "\n").utf8 {
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
