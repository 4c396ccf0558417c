/// Which files use which, read from the names in them: no compiler is asked, so every language is read the same way.
///
/// A file uses another when one of the other's handles stands in it as an identifier or as the last part of a path. It errs towards
/// seeing a use where there is none, never the other way round for what is imported by name.
package struct SourceGraph: Sendable {
    private let paths: [String]
    private let isTest: [Bool]
    private let places: [String: Int32]
    /// Those that use file `n`: `users[starts[n]..<starts[n + 1]]`, each once.
    private let starts: [Int32]
    private let users: [Int32]

    /// A handle of more files than this tells nothing: it is dropped, and its files may seem to have no users.
    private static let mostFilesOfHandle = 100

    init(tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])]) {
        var index = SourceIndex()
        var files: [(path: String, key: SourceIndex.Key)] = []
        for (number, file) in (tests + sources.filter { FileRole.isCode($0.path) }).enumerated() {
            let key = SourceIndex.Key(path: file.path, content: String(number, radix: 16))
            // Who calls it a test knows better than its name does.
            index.add(SourceNames(file.path, text: file.text, part: number < tests.count ? .test : .code), for: key)
            files.append((file.path, key))
        }
        self.init(files, in: index)
    }

    /// Of the files that are tests or code, by what an index holds of them.
    package init(_ all: [(path: String, key: SourceIndex.Key)], in index: SourceIndex) {
        var paths: [String] = []
        var isTest: [Bool] = []
        var keys: [SourceIndex.Key] = []
        var handles: [UInt64] = []
        for (path, key) in all {
            _ = index.withNames(of: key) { part, names, _ in
                guard part == .test || part == .code else { return }
                // The hash above, the file's place below: sorted, the files of one handle lie together.
                for name in names { handles.append(UInt64(name) << 32 | UInt64(paths.count)) }
                paths.append(path)
                isTest.append(part == .test)
                keys.append(key)
            }
        }
        let owners = Owners(handles)
        var uses: [UInt64] = []
        for (place, key) in keys.enumerated() {
            _ = index.withNames(of: key) { _, _, mentions in
                for name in mentions { owners.forEach(of: name) { if $0 != place { uses.append(UInt64($0) << 32 | UInt64(place)) } } }
            }
        }
        Self.addPackages(paths, to: &uses)
        uses.sort()
        var starts = [Int32](repeating: 0, count: paths.count + 1)
        var users: [Int32] = []
        users.reserveCapacity(uses.count)
        var last: UInt64?
        for use in uses where use != last {
            last = use
            users.append(Int32(truncatingIfNeeded: use & 0xFFFF_FFFF))
            starts[Int(use >> 32) + 1] += 1
        }
        for place in paths.indices { starts[place + 1] += starts[place] }
        self.paths = paths
        self.isTest = isTest
        self.starts = starts
        self.users = users
        places = Dictionary(paths.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Handles to files. Most names in a text are nobody's handle: one bit tells so.
    private struct Owners {
        private let entries: [UInt64]
        private let isKnown: [UInt64]
        private static let bits = 22

        init(_ handles: [UInt64]) {
            let sorted = handles.sorted()
            var kept: [UInt64] = []
            var known = [UInt64](repeating: 0, count: 1 << (Self.bits - 6))
            var start = 0
            while start < sorted.count {
                var end = start
                while end < sorted.count, sorted[end] >> 32 == sorted[start] >> 32 { end += 1 }
                if end - start <= SourceGraph.mostFilesOfHandle {
                    kept += sorted[start..<end]
                    let bit = Int(sorted[start] >> 32) & (1 << Self.bits - 1)
                    known[bit >> 6] |= 1 << UInt64(bit & 63)
                }
                start = end
            }
            entries = kept
            isKnown = known
        }

        @inline(__always) func forEach(of name: UInt32, _ body: (Int) -> Void) {
            let bit = Int(name) & (1 << Self.bits - 1)
            guard isKnown[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return }
            let wanted = UInt64(name) << 32
            var (low, high) = (0, entries.count)
            while low < high {
                let middle = (low + high) / 2
                if entries[middle] < wanted { low = middle + 1 } else { high = middle }
            }
            while low < entries.count, entries[low] >> 32 == UInt64(name) {
                body(Int(entries[low] & 0xFFFF_FFFF))
                low += 1
            }
        }
    }

    /// Go files of one folder see each other without a word.
    private static func addPackages(_ paths: [String], to uses: inout [UInt64]) {
        var folders: [String: [Int]] = [:]
        for (place, path) in paths.enumerated() where path.hasSuffix(".go") {
            folders[FileName.folders(path).joined(separator: "/"), default: []].append(place)
        }
        for group in folders.values where group.count <= mostFilesOfHandle {
            for file in group { for user in group where user != file { uses.append(UInt64(file) << 32 | UInt64(user)) } }
        }
    }

    private func users(of place: Int) -> ArraySlice<Int32> { users[Int(starts[place])..<Int(starts[place + 1])] }

    func knows(_ path: String) -> Bool { places[path] != nil }

    /// Tests that lead to the file over any number of uses.
    func testsReaching(_ path: String) -> Set<String> {
        guard let start = places[path].map({ Int($0) }) else { return [] }
        var seen = [Bool](repeating: false, count: paths.count)
        seen[start] = true
        var frontier = [start]
        var found: Set<String> = []
        while let place = frontier.popLast() {
            for user in users(of: place) where !seen[Int(user)] {
                seen[Int(user)] = true
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
        for file in files { if let place = places[file] { frontier[Int(place)] = 1 } }
        for _ in 0..<4 {
            var next: [Int: Double] = [:]
            for (place, value) in frontier {
                let near = users(of: place)
                let passed = value * 0.5 / (1 + log2Of(near.count))
                for user in near where passed > (best[Int(user)] ?? 0) {
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
