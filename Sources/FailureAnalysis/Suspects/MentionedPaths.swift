import Basics

/// The files that a failure's lines name: in frames, in compiler messages, in names of tests.
package struct MentionedPaths: Sendable, Hashable {
    /// As the lines write them, slashes forward, in the order of the lines.
    package let paths: [String]

    private static let most = 40
    private static let longest = 300

    package init(in report: FailureReport) {
        var seen: Set<String> = []
        var paths: [String] = []
        let quotes = [report.headline].compactMap { $0 } + report.evidence
        for text in quotes.map(\.text) + report.failedTests where paths.count < Self.most {
            for path in Self.paths(in: text) where seen.insert(path).inserted { paths.append(path) }
        }
        self.paths = Array(paths.prefix(Self.most))
    }

    /// How surely `file`, a path of the repository, is named: 3 for the whole path, 2 for its end, 1 for its name alone, else 0.
    package func weight(of file: String) -> Int {
        paths.reduce(0) { max($0, Self.weight(of: file, by: $1)) }
    }

    private static func weight(of file: String, by path: String) -> Int {
        if path == file || path.hasSuffix("/" + file) { return 3 }
        let (name, other) = (lastPart(file), lastPart(path))
        guard name == other else { return 0 }
        return path.contains("/") && file.hasSuffix("/" + path) ? 2 : 1
    }

    static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func paths(in text: UntrustedText) -> [String] {
        text.raw.utf8.prefix(2000).split { !isPathByte($0) }.compactMap { word in
            var path = String(decoding: word.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)[...]
            while let last = path.last, ".,-_".contains(last) { path.removeLast() }
            while path.hasPrefix("./") { path.removeFirst(2) }
            guard path.utf8.count <= longest, let dot = path.lastIndex(of: "."), dot > path.startIndex else { return nil }
            let ending = path[path.index(after: dot)...]
            // An ending of letters tells a file from a version, and something before it from a dotted name's start.
            guard (1...6).contains(ending.utf8.count), ending.utf8.allSatisfy(isLetter) || path.contains("/") else { return nil }
            return String(path)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (48...57).contains(byte) || "/\\._-+@".utf8.contains(byte) || byte >= 128
    }
}
