/// How often the names of interest stand in each test file.
///
/// Only names asked for are counted, so that a suite is read once and nothing is kept of the rest.
struct TestDocuments: Sendable {
    /// Counts of one kind of term over all documents.
    struct Counts: Sendable {
        /// Name to row.
        fileprivate(set) var rows: [String: Int] = [:]
        /// One row a name, one column a document.
        fileprivate(set) var table: [[Int32]] = []
        /// In how many documents each name stands.
        fileprivate(set) var documentFrequency: [Int] = []
        /// All terms of a document, those not asked for included.
        fileprivate(set) var lengths: [Int] = []

        func count(_ name: String, in document: Int) -> Int { rows[name].map { Int(table[$0][document]) } ?? 0 }
        func frequency(_ name: String) -> Int { rows[name].map { documentFrequency[$0] } ?? 0 }
        var meanLength: Double { max(1, Double(lengths.reduce(0, +)) / Double(max(1, lengths.count))) }
    }

    private(set) var names = Counts()
    /// The words names are made of, in lower case.
    private(set) var words = Counts()
    let count: Int

    init(_ documents: [[UInt8]], names wanted: Set<String>, words wantedWords: Set<String>) {
        count = documents.count
        let nameRows = Self.prepare(wanted, documents.count, &names)
        let wordRows = Self.prepare(wantedWords, documents.count, &words)
        for (document, bytes) in documents.enumerated() {
            var nameCount = 0
            var wordCount = 0
            bytes.withUnsafeBufferPointer { text in
                Identifiers.forEach(in: text) { range in
                    nameCount += 1
                    if let row = nameRows[Identifiers.hash(text, range)] { names.table[row][document] += 1 }
                    Identifiers.forEachWord(in: text, range) { word in
                        wordCount += 1
                        if let row = wordRows[Identifiers.lowercaseHash(text, word)] { words.table[row][document] += 1 }
                    }
                }
            }
            names.lengths[document] = nameCount
            words.lengths[document] = wordCount
        }
        names.documentFrequency = names.table.map { $0.count { $0 > 0 } }
        words.documentFrequency = words.table.map { $0.count { $0 > 0 } }
    }

    private static func prepare(_ wanted: Set<String>, _ documents: Int, _ counts: inout Counts) -> [UInt64: Int] {
        var rows: [UInt64: Int] = [:]
        for (row, name) in wanted.sorted().enumerated() {
            counts.rows[name] = row
            rows[Identifiers.hash(name)] = row
        }
        counts.table = [[Int32]](repeating: [Int32](repeating: 0, count: documents), count: wanted.count)
        counts.lengths = [Int](repeating: 0, count: documents)
        return rows
    }
}
