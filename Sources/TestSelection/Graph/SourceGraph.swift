/// Which files use which, read from the names in them: no compiler is asked, so every language is read the same way.
///
/// A file uses another when one of the other's handles stands in it as an identifier or as the last part of a path. It errs towards
/// seeing a use where there is none, never the other way round for what is imported by name.
struct SourceGraph: Sendable {
    private let places: [String: Int]
    private let isTest: [Bool]
    private let paths: [String]
    /// For each file, those that use it.
    private let users: [[Int32]]

    /// A handle of more files than this tells nothing: it is dropped, and its files may seem to have no users.
    private static let mostFilesOfHandle = 100

    init(tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])]) {
        let code = sources.filter { FileRole.isCode($0.path) }
        let files = tests + code
        paths = files.map(\.path)
        isTest = tests.map { _ in true } + code.map { _ in false }
        places = Dictionary(paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var owners: [UInt64: [Int32]] = [:]
        for (place, file) in files.enumerated() {
            for name in FileHandles(file.path, text: file.text).names { owners[Identifiers.hash(name), default: []].append(Int32(place)) }
        }
        owners = owners.filter { $0.value.count <= Self.mostFilesOfHandle }
        var users = [[Int32]](repeating: [], count: files.count)
        for (place, file) in files.enumerated() {
            for used in Self.used(in: file.text, owners) where used != Int32(place) { users[Int(used)].append(Int32(place)) }
        }
        Self.addPackages(paths, &users)
        self.users = users
    }

    /// The files one text names.
    private static func used(in text: [UInt8], _ owners: [UInt64: [Int32]]) -> Set<Int32> {
        var found: Set<Int32> = []
        text.withUnsafeBufferPointer { bytes in
            FileMentions.forEachHash(in: bytes) { hash in
                if let files = owners[hash] { found.formUnion(files) }
            }
        }
        return found
    }

    /// Go files of one folder see each other without a word.
    private static func addPackages(_ paths: [String], _ users: inout [[Int32]]) {
        var folders: [String: [Int32]] = [:]
        for (place, path) in paths.enumerated() where FileName.fileExtension(path) == "go" {
            folders[FileName.folders(path).joined(separator: "/"), default: []].append(Int32(place))
        }
        for group in folders.values where group.count <= mostFilesOfHandle {
            for file in group { users[Int(file)] += group.filter { $0 != file && !users[Int(file)].contains($0) } }
        }
    }

    func knows(_ path: String) -> Bool { places[path] != nil }

    /// Tests that lead to the file over any number of uses.
    func testsReaching(_ path: String) -> Set<String> {
        guard let start = places[path] else { return [] }
        var seen: Set<Int> = [start]
        var frontier = [start]
        var found: Set<String> = []
        while let place = frontier.popLast() {
            for user in users[place] where seen.insert(Int(user)).inserted {
                // What a test is used for by others is to share set-up: those are reached as well.
                if isTest[Int(user)] { found.insert(paths[Int(user)]) }
                frontier.append(Int(user))
            }
        }
        return found
    }

    /// How near each test is to any of the files, 1 and less: halved with each step, and less where many lead the same way.
    func nearness(to files: [String]) -> [String: Double] {
        var best: [Int: Double] = [:]
        var frontier: [Int: Double] = [:]
        for file in files { if let place = places[file] { frontier[place] = 1 } }
        for _ in 0..<4 {
            var next: [Int: Double] = [:]
            for (place, value) in frontier {
                let passed = value * 0.5 / (1 + log2Of(users[place].count))
                for user in users[place] where passed > (best[Int(user)] ?? 0) {
                    best[Int(user)] = passed
                    next[Int(user)] = max(passed, next[Int(user)] ?? 0)
                }
            }
            frontier = next
        }
        var found: [String: Double] = [:]
        for (place, value) in best where isTest[place] { found[paths[place]] = value }
        return found
    }

    private func log2Of(_ count: Int) -> Double { count < 2 ? 0 : Double(Int.bitWidth - 1 - count.leadingZeroBitCount) }
}
