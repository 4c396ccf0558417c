/// Which files use which, read from the names in them: no compiler is asked, so every language is read the same way.
///
/// A file uses another when one of the other's handles stands in it as an identifier or as the last part of a path. It errs towards
/// seeing a use where there is none, never the other way round for what is imported by name.
package struct SourceGraph: Sendable {
    private let index: SourceIndex
    /// The index says so as well; here it lies close together.
    private let isTest: [Bool]
    /// Those that use file `n`: `users[starts[n]..<starts[n + 1]]`, each once, ascending.
    private let starts: [Int32]
    private let users: [Int32]

    /// A handle of more files than this tells nothing: it is dropped, and its files may seem to have no users.
    private static let mostFilesOfHandle = 100

    init(tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])]) {
        self.init(SourceIndex(tests: tests, sources: sources))
    }

    /// Of the files that are tests or code, by what an index holds of them.
    package init(_ index: SourceIndex) {
        self.index = index
        isTest = (0..<index.count).map { index.part($0) == .test }
        let isCode = (0..<index.count).map { Self.isCode(index.part($0)) }
        let owners = Owners(Self.handles(index, isCode))
        let folders = Self.goFolders(index, isCode)
        // The file used above, the user below; a file's users come in their own order.
        var uses: [UInt64] = []
        var counts = [Int32](repeating: 0, count: index.count + 1)
        var lastUser = [Int32](repeating: -1, count: index.count)
        func note(_ owner: Int, _ user: Int) {
            guard owner != user, lastUser[owner] != user else { return }
            lastUser[owner] = Int32(user)
            counts[owner + 1] += 1
            uses.append(UInt64(owner) << 32 | UInt64(user))
        }
        for user in 0..<index.count where isCode[user] {
            index.withNames(of: user) { _, _, mentions in
                for name in mentions { owners.forEach(of: name) { note($0, user) } }
            }
            for other in folders[user] ?? [] { note(other, user) }
        }
        for place in 0..<index.count { counts[place + 1] += counts[place] }
        starts = counts
        users = [Int32](unsafeUninitializedCapacity: uses.count) { buffer, initialized in
            for use in uses {
                let owner = Int(use >> 32)
                buffer[Int(counts[owner])] = Int32(truncatingIfNeeded: use & 0xFFFF_FFFF)
                counts[owner] += 1
            }
            initialized = uses.count
        }
    }

    private static func isCode(_ part: SourceNames.Part) -> Bool { part == .test || part == .code }

    /// The hash above, the file's place below: sorted, the files of one handle lie together.
    private static func handles(_ index: SourceIndex, _ isCode: [Bool]) -> [UInt64] {
        var handles: [UInt64] = []
        for place in 0..<index.count where isCode[place] {
            index.withNames(of: place) { _, names, _ in
                for name in names { handles.append(UInt64(name) << 32 | UInt64(place)) }
            }
        }
        handles.sort()
        return handles
    }

    /// Go files of one folder see each other without a word: for each its whole folder.
    private static func goFolders(_ index: SourceIndex, _ isCode: [Bool]) -> [Int: [Int]] {
        let ending: [UInt8] = [46, 103, 111]
        let files = (0..<index.count).filter { place in isCode[place] && index.withPath(place) { $0.suffix(3).elementsEqual(ending) } }
        let groups = Dictionary(grouping: files) { FileName.folders(index.path($0)).joined(separator: "/") }
        return groups.values.reduce(into: [:]) { folders, group in
            if group.count <= mostFilesOfHandle { for file in group { folders[file] = group } }
        }
    }

    /// Handles to files. Most names in a text are nobody's handle: one bit tells so.
    private struct Owners {
        /// Handles above, files below, ascending.
        private let entries: [UInt64]
        private let isKnown: [UInt64]
        /// Where the entries begin whose handles have these bits above.
        private let starts: [Int32]
        private static let bits = 22
        private static let startBits = 17

        /// - Parameter sorted: handles above, files below.
        init(_ sorted: [UInt64]) {
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
            var starts = [Int32](repeating: 0, count: 1 << Self.startBits + 1)
            for entry in kept { starts[Int(entry >> UInt64(64 - Self.startBits)) + 1] += 1 }
            for place in 1..<starts.count { starts[place] += starts[place - 1] }
            entries = kept
            isKnown = known
            self.starts = starts
        }

        @inline(__always) func forEach(of name: UInt32, _ body: (Int) -> Void) {
            let bit = Int(name) & (1 << Self.bits - 1)
            guard isKnown[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return }
            let bucket = Int(name >> UInt32(32 - Self.startBits))
            for place in Int(starts[bucket])..<Int(starts[bucket + 1]) {
                let entry = entries[place]
                if entry >> 32 < UInt64(name) { continue }
                guard entry >> 32 == UInt64(name) else { return }
                body(Int(entry & 0xFFFF_FFFF))
            }
        }
    }

    private func users(of place: Int) -> ArraySlice<Int32> { users[Int(starts[place])..<Int(starts[place + 1])] }

    func knows(_ path: String) -> Bool { place(of: path) != nil }

    private func place(of path: String) -> Int? {
        index.place(of: path).flatMap { Self.isCode(index.part($0)) ? $0 : nil }
    }

    /// Tests that lead to the file over any number of uses.
    func testsReaching(_ path: String) -> Set<String> { Set(placesReaching(path).map { index.path(Int($0)) }) }

    /// Where they stand in the index, ascending.
    func placesReaching(_ path: String) -> [Int32] {
        guard let start = place(of: path) else { return [] }
        var seen = [Bool](repeating: false, count: index.count)
        seen[start] = true
        var frontier = [Int32(start)]
        var found: [Int32] = []
        while let place = frontier.popLast() {
            for user in users(of: Int(place)) where !seen[Int(user)] {
                seen[Int(user)] = true
                // What a test is used for by others is to share set-up: those are reached as well.
                if isTest[Int(user)] { found.append(user) }
                frontier.append(user)
            }
        }
        return found.sorted()
    }

    /// How near each test is to any of the files, 1 and less: halved with each step, and less where many lead the same way.
    func nearness(to files: [String]) -> [String: Double] {
        var best = [Double](repeating: 0, count: index.count)
        var frontier = Set(files.compactMap(place)).map { (place: $0, value: 1.0) }
        for _ in 0..<4 {
            var next: [Int32] = []
            var isNext = [Bool](repeating: false, count: index.count)
            for (place, value) in frontier {
                let near = users(of: place)
                let passed = value * 0.5 / (1 + log2Of(near.count))
                for user in near where passed > best[Int(user)] {
                    best[Int(user)] = passed
                    if !isNext[Int(user)] { next.append(user) }
                    isNext[Int(user)] = true
                }
            }
            frontier = next.map { (Int($0), best[Int($0)]) }
        }
        var found: [String: Double] = [:]
        for place in best.indices where best[place] > 0 && isTest[place] { found[index.path(place)] = best[place] }
        return found
    }

    private func log2Of(_ count: Int) -> Double { count < 2 ? 0 : Double(Int.bitWidth - 1 - count.leadingZeroBitCount) }
}
