import Text

/// What detectors read from: files with their lines, found by name.
struct DetectionContext {
    let files: any RepositoryFiles
    private let index: FileIndex
    private let memory = FileMemory()

    init(_ files: any RepositoryFiles) {
        self.files = files
        index = files.index
    }

    static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    static func name(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// It is there, but nothing we read or write: a link, a device, or below one.
    func isLeftOut(_ path: String) -> Bool {
        files.skipped.contains { path == $0.path || path.hasPrefix($0.path + "/") }
    }

    func has(_ path: String) -> Bool { index.names.contains(path) }

    /// First of `candidates` that exists in `folder`, as a full path.
    func first(_ candidates: [String], in folder: String) -> String? {
        candidates.map { join(folder, $0) }.first(where: has)
    }

    func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }

    /// Full paths of files directly in `folder`.
    func entries(of folder: String) -> [String] { index.byFolder[folder] ?? [] }

    /// Folders with files in them that lie at most `depth` below the root, sorted.
    func folders(depth: Int) -> [String] {
        index.byFolder.keys.filter { folder in
            folder.isEmpty || folder.utf8.lazy.filter { $0 == UInt8(ascii: "/") }.count < depth
        }.sorted()
    }

    /// The first file below `folder` (at most `depth` folders down) that satisfies `condition`, which is asked with the path from there; that
    /// path is also the answer.
    func firstBelow(_ folder: String, depth: Int = 12, where condition: (String) -> Bool) -> String? {
        let prefix = folder.isEmpty ? "" : folder + "/"
        for path in below(prefix) {
            let rest = path.utf8.dropFirst(prefix.utf8.count)
            guard rest.lazy.filter({ $0 == UInt8(ascii: "/") }).count <= depth else { continue }
            let relative = prefix.isEmpty ? path : String(Substring(rest))
            if condition(relative) { return relative }
        }
        return nil
    }

    /// Full paths below `folder` that satisfy `condition`.
    func files(below folder: String, where condition: (String) -> Bool) -> [String] {
        below(folder.isEmpty ? "" : folder + "/").filter(condition)
    }

    /// Paths are sorted, so what begins alike stands together.
    private func below(_ prefix: String) -> some Sequence<String> {
        var low = 0
        var high = prefix.isEmpty ? 0 : files.paths.count
        while low < high {
            let middle = (low + high) / 2
            if files.paths[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return files.paths[low...].lazy.prefix { $0.hasPrefix(prefix) }
    }

    /// Text of a file; `nil` when it is missing, too large or holds NUL bytes.
    func text(_ path: String) -> String? {
        guard let bytes = files.bytes(of: path), !bytes.prefix(8_000).contains(0) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func lines(_ path: String) -> [Substring] {
        if let known = memory.lines[path] { return known }
        let lines = has(path) ? TextLines.split(text(path) ?? "") : TextLines.split("")
        memory.lines[path] = lines
        return lines
    }

    /// First line that satisfies `condition`.
    func line(in path: String, where condition: (Substring) -> Bool) -> (number: Int, text: String)? {
        for (index, line) in lines(path).enumerated() where condition(line) { return (index + 1, String(line)) }
        return nil
    }

    func toml(_ path: String) -> TOMLDocument? {
        if let known = memory.documents[path] { return known }
        let document = text(path).map(TOMLDocument.init)
        memory.documents[path] = document
        return document
    }

    /// JSON (with comments and trailing commas forgiven) or YAML with lines.
    func tree(_ path: String) -> YAMLNode? {
        guard let text = text(path) else { return nil }
        if let root = try? YAML.root(of: text) { return root }
        // Surrogate pairs and comments are JSON(C), and no YAML.
        var cleaned = TextLines.split(text).map { line in
            line.drop { $0 == " " || $0 == "\t" }.hasPrefix("//") ? "" : String(line)
        }.joined(separator: "\n")
        for prefix in ["\\ud8", "\\ud9", "\\uda", "\\udb", "\\udc", "\\udd", "\\ude", "\\udf"] {
            for form in [prefix, prefix.uppercased().replacingFirst("\\U", "\\u")] { cleaned = cleaned.replacingAll(form, with: "\\u00") }
        }
        return try? YAML.root(of: cleaned.replacingAll("\t", with: " "))
    }

    func evidence(_ path: String, _ node: YAMLNode?) -> Evidence { Evidence(path, node?.start.line) }
}

/// Files already read: detectors ask for the same manifest many times.
private final class FileMemory {
    var lines: [String: [Substring]] = [:]
    var documents: [String: TOMLDocument] = [:]
}

/// Lines as CRLF, LF and a lone CR before LF end them; a `Character` of Swift is `\r\n` as a whole, so bytes are split.
enum TextLines {
    static func split(_ text: String) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }
}

extension String {
    func replacingFirst(_ old: String, _ new: String) -> String { hasPrefix(old) ? new + dropFirst(old.count) : self }

    /// Every occurrence of `old`, byte by byte.
    func replacingAll(_ old: String, with new: String) -> String {
        let needle = Array(old.utf8)
        let replacement = Array(new.utf8)
        let bytes = Array(utf8)
        guard !needle.isEmpty, bytes.count >= needle.count else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == needle[0], index + needle.count <= bytes.count, bytes[index..<(index + needle.count)].elementsEqual(needle) {
                result += replacement
                index += needle.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `12` of `>=12.4`, `v12`, `^12 || ^14`; `nil` without digits.
    var leadingNumber: Int? {
        let digits = drop { !$0.isNumber }.prefix(while: \.isNumber)
        return Int(digits)
    }

    /// `3.12` of `>=3.12,<4`, `v3.12.1` gives `3.12.1`.
    var firstVersion: String? {
        let rest = drop { !$0.isASCII || !$0.isNumber }
        let version = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let trimmed = version.hasSuffix(".") ? version.dropLast() : version
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}
