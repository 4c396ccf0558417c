/// One reason why a test may matter for a change: a value from 0 up for each test, and words for it.
protocol ChangeSignal: Sendable {
    static var name: String { get }
    /// What a value of 1 adds to the log-odds. Never negative: no signal speaks against a test.
    static var weight: Double { get }

    static func values(_ context: ChangeContext) -> [Double]
    /// Why this test got its value; `nil` when there is nothing to say.
    static func reason(_ test: Int, _ context: ChangeContext) -> String?
}

/// All signals. The weights were fitted together on pairs of tests of nine projects in two languages, and hold when any one is left out.
enum SignalRegistry {
    static let signals: [any ChangeSignal.Type] = [
        ChangedTestSignal.self,
        NameSignal.self,
        WordSignal.self,
        IdentifierSignal.self,
        DeclarationSignal.self,
        ContextSignal.self,
        ReferenceSignal.self,
        GraphSignal.self,
        PathSignal.self,
        CoChangeSignal.self,
        RecencySignal.self,
        SizeSignal.self,
    ]
}

/// What all signals read: made once for a change.
struct ChangeContext: Sendable {
    let tests: [String]
    let change: SourceChange
    let terms: ChangedTerms
    let documents: TestDocuments
    let coChange: CoChange
    let graph: SourceGraph
    let identifierQuery: [String: Double]
    let wordQuery: [String: Double]
    /// The rarest names of each query that stand in a test, for explanations.
    let tellingIdentifiers: TellingNames
    let tellingDeclarations: TellingNames
    let tellingWords: TellingNames

    init(_ change: SourceChange, tests: [String], history: [CommitFiles], suite: IndexedSuite) {
        self.change = change
        graph = suite.graph
        self.tests = tests
        let terms = ChangedTerms(change)
        self.terms = terms
        identifierQuery = terms.identifierQuery
        wordQuery = terms.wordQuery
        let names = Set(identifierQuery.keys).union(terms.declarationQuery.keys).union(terms.contextQuery.keys).union(terms.stems)
        let pathWords = tests.flatMap { Identifiers.words(FileName.testedStem($0)) } + terms.stems.flatMap(Identifiers.words)
        documents = TestDocuments(suite.index, suite.tests, names: names, words: Set(wordQuery.keys).union(pathWords))
        tellingIdentifiers = TellingNames(identifierQuery, documents.names)
        tellingDeclarations = TellingNames(terms.declarationQuery, documents.names)
        tellingWords = TellingNames(wordQuery, documents.words)
        coChange = CoChange(history, changed: change.paths, tests: Set(self.tests))
    }

    /// Scores as shares of the best one.
    static func shares(_ scores: [Double]) -> [Double] {
        guard let best = scores.max(), best > 0 else { return scores }
        return scores.map { $0 / best }
    }

    /// Names as a list in a sentence.
    static func list(_ names: [String]) -> String? { names.isEmpty ? nil : names.joined(separator: ", ") }
}

/// For each document the three rarest names of a query that stand in it.
struct TellingNames: Sendable {
    private let names: [String]
    /// Three places a document, -1 where there are fewer.
    private let places: [Int32]
    private static let most = 3

    init(_ query: [String: Double], _ counts: TestDocuments.Counts) {
        let names = query.keys.sorted { (counts.frequency($0), $0) < (counts.frequency($1), $1) }
        var places = [Int32](repeating: -1, count: counts.lengths.count * Self.most)
        for (place, name) in names.enumerated() {
            for posting in counts.postings(of: name) {
                let start = Int(posting.document) * Self.most
                if let free = (start..<start + Self.most).first(where: { places[$0] < 0 }) { places[free] = Int32(place) }
            }
        }
        self.names = names
        self.places = places
    }

    subscript(document: Int) -> [String] {
        places[document * Self.most..<(document + 1) * Self.most].filter { $0 >= 0 }.map { names[Int($0)] }
    }
}
