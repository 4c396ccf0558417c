import Basics

/// The packages a lock file holds, with what each needs.
///
/// Only formats that say which package needs which: without that, who is touched by a changed package cannot be told.
/// Sources: docs.npmjs.com (package-lock.json, lockfileVersion 2 and 3), doc.rust-lang.org/cargo (Cargo.lock), python-poetry.org and
/// docs.astral.sh/uv (lock files)
struct LockFile: Sendable {
    struct Package: Sendable, Hashable {
        /// All that is said of it; equal texts are equal packages.
        var text: String
        var needs: Set<String>
    }

    private(set) var packages: [String: [Package]] = [:]
    /// What stands outside of packages.
    private(set) var rest = ""

    /// `nil` for formats that are not read, and for files that are not as they should be.
    init?(_ path: String, _ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch FileName.last(path) {
        case "package-lock.json", "npm-shrinkwrap.json": readNPM(bytes)
        case "poetry.lock", "uv.lock", "Cargo.lock", "pdm.lock": readTOML(text)
        default: return nil
        }
        if packages.isEmpty { return nil }
    }

    private mutating func readNPM(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let entries = json["packages"]?.object else { return }
        for (path, entry) in entries {
            // The root repeats package.json.
            guard let name = path.ranges(of: "node_modules/").last.map({ String(path[$0.upperBound...]) }) else { continue }
            let needs = ["dependencies", "peerDependencies", "optionalDependencies"].flatMap { entry[$0]?.object?.keys.map { $0 } ?? [] }
            packages[name, default: []].append(Package(text: entry.text, needs: Set(needs)))
        }
        rest = entries[""]?.text ?? ""
    }

    /// `[[package]]` tables up to the next table that is none of theirs.
    private mutating func readTOML(_ text: String) {
        var block: [String]?
        for line in text.split(whereSeparator: \.isNewline).map(String.init) + ["[end]"] {
            if line == "[[package]]" || (line.hasPrefix("[") && !line.hasPrefix("[package.") && !line.hasPrefix("[[package.")) {
                if let block { add(block) }
                block = line == "[[package]]" ? [] : nil
            } else if block != nil {
                block?.append(line)
                continue
            }
            if block == nil, !Self.isDigest(line) { rest += line + "\n" }
        }
    }

    /// A digest of the manifest or of the file itself changes with everything and says nothing.
    private static func isDigest(_ line: String) -> Bool {
        ["content-hash", "content_hash", "# This file", "# It is not", "[end]"].contains { line.hasPrefix($0) }
    }

    private mutating func add(_ block: [String]) {
        guard let name = block.first(where: { $0.hasPrefix("name = ") }).flatMap(Self.quoted) else { return }
        var needs: Set<String> = []
        var isNeeds = false
        for line in block {
            if line.hasPrefix("[") { isNeeds = line.contains("dependencies") }
            if line.hasPrefix("dependencies = [") { isNeeds = true }
            if isNeeds, let word = Self.neededName(line) { needs.insert(word) }
            if line == "]" { isNeeds = false }
        }
        packages[Self.canonical(name), default: []].append(Package(text: block.joined(separator: "\n"), needs: needs))
    }

    /// `"syn 1.0"`, `{ name = "idna" },` or `idna = ">=2"`.
    private static func neededName(_ line: String) -> String? {
        let line = String(line.drop { $0 == " " })
        guard !line.hasPrefix("["), !line.hasPrefix("dependencies"), line != "]" else { return nil }
        if let place = line.firstRange(of: "name = ") { return quoted(String(line[place.lowerBound...])).map(canonical) }
        let word = line.hasPrefix("\"") ? quoted(line) : line.split(separator: "=").first.map(String.init)
        return word.flatMap { $0.split(separator: " ").first.map { canonical(String($0)) } }
    }

    private static func quoted(_ line: String) -> String? {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// Source: packaging.python.org, name normalization
    static func canonical(_ name: String) -> String { String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 }) }

    /// Packages that differ between two files; `nil` when something else differs too.
    static func changed(_ old: LockFile, _ new: LockFile) -> Set<String>? {
        guard old.rest == new.rest else { return nil }
        return Set(old.packages.keys).union(new.packages.keys).filter {
            Set(old.packages[$0] ?? []) != Set(new.packages[$0] ?? [])
        }
    }

    /// The package and all that need it, over any number of steps.
    func dependents(of name: String) -> Set<String> {
        var found: Set<String> = [name]
        var frontier: Set<String> = [name]
        while !frontier.isEmpty {
            let next = packages.filter { entry in entry.value.contains { !$0.needs.isDisjoint(with: frontier) } }.map(\.key)
            frontier = Set(next).subtracting(found)
            found.formUnion(frontier)
        }
        return found
    }
}
