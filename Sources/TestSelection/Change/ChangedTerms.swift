import Basics
import Glibc
import Text

/// The names a change is about, with how often each stands there.
struct ChangedTerms: Sendable {
    /// In lines added or removed.
    private(set) var changed: [String: Int] = [:]
    /// Declarations that changed lines lie in.
    private(set) var enclosing: [String: Int] = [:]
    /// In the lines around.
    private(set) var context: [String: Int] = [:]
    /// File names without their extension.
    private(set) var stems: [String] = []

    /// Beyond this many changed lines a diff says little about any one test.
    private static let mostLines = 20_000

    init(_ change: SourceChange) {
        var lines = 0
        for file in change.files where lines < Self.mostLines {
            let stem = FileName.stem(file.path)
            if !stem.isEmpty, !stems.contains(stem) { stems.append(stem) }
            let old = EnclosingDeclarations(file.old)
            let new = EnclosingDeclarations(file.new)
            for hunk in file.hunks where lines < Self.mostLines {
                lines += hunk.changedLineCount
                read(hunk, old: old, new: new)
            }
        }
    }

    private mutating func read(_ hunk: Hunk, old: EnclosingDeclarations, new: EnclosingDeclarations) {
        var places = (old: hunk.oldStart, new: hunk.newStart)
        var inRun = false
        for line in hunk.lines {
            if line.kind == .context {
                inRun = false
                Self.count(line.text.raw, into: &context)
            } else {
                if !inRun {
                    for name in old.names(at: places.old) { enclosing[name, default: 0] += 1 }
                    for name in new.names(at: places.new) { enclosing[name, default: 0] += 1 }
                    inRun = true
                }
                Self.count(line.text.raw, into: &changed)
            }
            if line.kind != .added { places.old += 1 }
            if line.kind != .removed { places.new += 1 }
        }
    }

    private static func count(_ line: String, into counts: inout [String: Int]) {
        let text = line.drop { $0 == " " || $0 == "\t" }
        for prefix in ["*", "//", "/*", "#", "import "] where text.hasPrefix(prefix) { return }
        for name in Identifiers.list(line) { counts[name, default: 0] += 1 }
    }

    /// Search weight of each name in changed lines; a file's own name counts once more.
    var identifierQuery: [String: Double] {
        var query = Self.query(changed)
        for stem in stems { query[stem, default: 0] += 1 }
        return query
    }

    var declarationQuery: [String: Double] { enclosing.mapValues { 1 + log(Double($0)) } }
    var contextQuery: [String: Double] { Self.query(context) }

    /// The same names cut into words; declarations count twice, file names three times.
    var wordQuery: [String: Double] {
        var words: [String: Int] = [:]
        for (name, count) in changed { Self.add(name, count, to: &words) }
        for (name, count) in enclosing { Self.add(name, 2 * count, to: &words) }
        for stem in stems { Self.add(stem, 3, to: &words) }
        return Self.query(words)
    }

    private static func add(_ name: String, _ count: Int, to words: inout [String: Int]) {
        for word in Identifiers.words(name) { words[word, default: 0] += count }
    }

    private static func query(_ counts: [String: Int]) -> [String: Double] {
        counts.filter { $0.key.utf8.count > 1 && !ReservedWords.contains($0.key) }.mapValues { 1 + log(Double($0)) }
    }
}
