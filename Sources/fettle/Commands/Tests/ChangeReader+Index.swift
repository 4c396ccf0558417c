import Basics
import Git
import TestSelection

/// What is to be known of all files of the head, without reading what did not change since an index was made.
extension ChangeReader {
    struct Indexed {
        var index: SourceIndex
        /// So much had to be read that the index is worth keeping.
        var isNew: Bool
        /// Where the tests stand.
        var tests: [Int]
        /// What cannot be told of the files; `nil` when all of them were seen.
        var problem: String?
    }

    /// Reading fewer files and directories again takes less time than writing the index does.
    private static let worthKeeping = 100
    private static let deepest = 200
    private static let mostFiles = 1_000_000

    func indexed(from known: consuming SourceIndex) async throws -> Indexed {
        let root = try await repository.tree(of: head)
        let isEmpty = known.count == 0
        var update = SourceIndexUpdate(known)
        try await walk(root, "", depth: 0, &update)
        let read = try await readMissing(&update)
        let isNew = isEmpty || read + update.changedDirectories > Self.worthKeeping
        let index = update.finished()
        return Indexed(index: index, isNew: isNew, tests: index.tests, problem: Self.problem(index))
    }

    private static func problem(_ index: SourceIndex) -> String? {
        let unread = index.unread
        guard let first = unread.first else { return nil }
        return
            "\(unread.count) of \(index.count) files are not in this partial clone (\(index.path(first)) is one), so what leads to the change is not known: check the head out, or clone without --filter"
    }

    private func walk(_ tree: ObjectID, _ path: String, depth: Int, _ update: inout SourceIndexUpdate) async throws {
        guard let digest = SourceIndex.Digest(hex: tree.hex), depth < Self.deepest else {
            throw GitError.failed(operation: "reading a tree", reason: "directories are nested too deeply")
        }
        if update.keep(path, tree: digest) { return }
        update.begin(path, tree: digest)
        for item in try await repository.directory(tree) {
            let below = path.isEmpty ? item.name : "\(path)/\(item.name)"
            guard let kind = item.kind else {
                try await walk(item.id, below, depth: depth + 1, &update)
                continue
            }
            guard update.count < Self.mostFiles else {
                throw GitError.tooLarge(path: "tree", size: Self.mostFiles + 1, limit: ByteCount(Self.mostFiles))
            }
            if let content = SourceIndex.Digest(hex: item.id.hex) { update.add(below, kind: SourceIndex.Kind(kind), content: content) }
        }
        update.end()
    }

    /// What is not here is not taken for empty: it is looked for again the next time.
    ///
    /// - Returns: how many files were read.
    private func readMissing(_ update: inout SourceIndexUpdate) async throws -> Int {
        let missing = update.missing.compactMap { place in ObjectID(update.content(place).hex).map { (place: place, id: $0) } }
        let absent = try await repository.absent(missing.map(\.id))
        let here = missing.filter { !absent.contains($0.id) }
        for start in stride(from: 0, to: here.count, by: 500) {
            let some = here[start..<min(here.count, start + 500)]
            let texts = try await repository.contents(of: some.map(\.id), limit: Self.largestFile)
            for (place, id) in some { update.fill(place, update.path(place), text: texts[id]) }
        }
        return here.count
    }

    /// The tests with their texts, or without where they are not asked for.
    func tests(_ indexed: Indexed, withTexts: Bool) async throws -> [(path: String, text: [UInt8])] {
        guard withTexts else { return indexed.tests.map { (indexed.index.path($0), []) } }
        return try await texts(indexed.tests, in: indexed.index)
    }

    func texts(_ places: [Int], in index: SourceIndex) async throws -> [(path: String, text: [UInt8])] {
        let ids = places.map { ObjectID(index.content($0).hex) }
        let texts = try await repository.contents(of: ids.compactMap { $0 }, limit: Self.largestFile)
        return zip(places, ids).map { (index.path($0), $1.flatMap { texts[$0] } ?? []) }
    }

    /// Adds the texts of these tests where they were not read before.
    func addTexts(of units: [TestID], to situation: inout SelectionSituation) async throws {
        guard let suite = situation.suite else { return }
        let wanted = Set(units.map(\.name))
        let rows = situation.tests.indices.filter { situation.tests[$0].text.isEmpty && wanted.contains(situation.tests[$0].path) }
        let texts = try await texts(rows.map { suite.tests[$0] }, in: suite.index)
        for (row, test) in zip(rows, texts) { situation.tests[row].text = test.text }
    }

    /// The texts beside the tests that a change's rules look into, up to a total size.
    func sources(for demand: SourceDemand, in index: SourceIndex) async throws -> [(path: String, text: [UInt8])] {
        let entries = demand.places(in: index).compactMap { place in
            ObjectID(index.content(place).hex).map { TreeEntry(path: index.path(place), kind: .file, id: $0) }
        }
        return try await sources(among: entries)
    }
}

extension SourceIndex.Kind {
    fileprivate init(_ kind: TreeEntry.Kind) {
        switch kind {
        case .file: self = .file
        case .executable: self = .executable
        case .link: self = .link
        case .submodule: self = .submodule
        }
    }
}
