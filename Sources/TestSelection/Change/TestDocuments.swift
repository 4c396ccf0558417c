/// How often the names of interest stand in each test file.
///
/// Only names asked for are counted, so that a suite is read once and nothing is kept of the rest.
struct TestDocuments: Sendable {
    /// One document in which a term stands, and how often.
    struct Posting: Sendable, Hashable {
        var document: Int32
        var count: Int32
    }

    /// Counts of one kind of term over all documents.
    struct Counts: Sendable {
        /// Name to row.
        fileprivate(set) var rows: [String: Int] = [:]
        /// For each row the documents in which the name stands, ascending.
        fileprivate(set) var postings: [[Posting]] = []
        /// All terms of a document, those not asked for included.
        fileprivate(set) var lengths: [Int] = []

        func postings(of name: String) -> [Posting] { rows[name].map { postings[$0] } ?? [] }
        /// In how many documents the name stands.
        func frequency(_ name: String) -> Int { rows[name].map { postings[$0].count } ?? 0 }
        var meanLength: Double { max(1, Double(lengths.reduce(0, +)) / Double(max(1, lengths.count))) }

        func count(_ name: String, in document: Int) -> Int {
            guard let row = rows[name] else { return 0 }
            var (low, high) = (0, postings[row].count)
            while low < high {
                let middle = (low + high) / 2
                if postings[row][middle].document < document { low = middle + 1 } else { high = middle }
            }
            guard low < postings[row].count, postings[row][low].document == document else { return 0 }
            return Int(postings[row][low].count)
        }

        fileprivate mutating func note(_ row: Int, _ count: Int32, in document: Int) {
            postings[row].append(Posting(document: Int32(document), count: count))
        }
    }

    private(set) var names = Counts()
    /// The words names are made of, in lower case.
    private(set) var words = Counts()
    let count: Int

    init(_ documents: [[UInt8]], names wanted: Set<String>, words wantedWords: Set<String>) {
        let index = SourceIndex(tests: documents.map { ("", $0) }, sources: [])
        self.init(index, Array(documents.indices), names: wanted, words: wantedWords)
    }

    /// - Parameter places: where the documents stand in the index.
    init(_ index: SourceIndex, _ places: [Int], names wanted: Set<String>, words wantedWords: Set<String>) {
        count = places.count
        let nameRows = Self.prepare(wanted, places.count, &names)
        let wordRows = Self.prepare(wantedWords, places.count, &words)
        for (document, place) in places.enumerated() {
            index.withTerms(of: place) { terms in
                names.lengths[document] = terms.nameCount
                words.lengths[document] = terms.wordCount
                for term in terms.names {
                    if let row = nameRows[TestTerms.key(ofTerm: term)] { names.note(row, TestTerms.count(ofTerm: term), in: document) }
                }
                for term in terms.words {
                    if let row = wordRows[TestTerms.key(ofTerm: term)] { words.note(row, TestTerms.count(ofTerm: term), in: document) }
                }
            }
        }
    }

    private static func prepare(_ wanted: Set<String>, _ documents: Int, _ counts: inout Counts) -> HashTable {
        let names = wanted.sorted()
        for (row, name) in names.enumerated() { counts.rows[name] = row }
        counts.postings = [[Posting]](repeating: [], count: names.count)
        counts.lengths = [Int](repeating: 0, count: documents)
        return HashTable(names.map { TestTerms.key(Identifiers.hash($0)) }, count: names.count)
    }
}

/// Places of hashes by the hash itself: most names of a text are not looked for, and are told so at the first glance.
struct HashTable: Sendable {
    private var keys: [UInt64]
    private var values: [Int32]
    private let mask: Int

    /// A hash's value is its place in the list; of equal ones the first.
    init(_ hashes: some Sequence<UInt64>, count: Int) {
        var size = 16
        while size < count * 4 { size *= 2 }
        mask = size - 1
        keys = [UInt64](repeating: 0, count: size)
        values = [Int32](repeating: -1, count: size)
        for (place, hash) in hashes.enumerated() {
            var slot = start(hash)
            while values[slot] >= 0, keys[slot] != hash { slot = (slot + 1) & mask }
            if values[slot] < 0 { (keys[slot], values[slot]) = (hash, Int32(place)) }
        }
    }

    /// FNV's low bits are its weakest.
    private func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash ^ hash >> 29) & mask }

    @inline(__always)
    subscript(hash: UInt64) -> Int? {
        var slot = start(hash)
        while values[slot] >= 0 {
            if keys[slot] == hash { return Int(values[slot]) }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
