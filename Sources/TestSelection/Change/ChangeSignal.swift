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

    init(_ change: SourceChange, tests: [(path: String, text: [UInt8])], history: [CommitFiles], graph: SourceGraph) {
        self.change = change
        self.graph = graph
        self.tests = tests.map(\.path)
        let terms = ChangedTerms(change)
        self.terms = terms
        identifierQuery = terms.identifierQuery
        wordQuery = terms.wordQuery
        let names = Set(identifierQuery.keys).union(terms.declarationQuery.keys).union(terms.contextQuery.keys).union(terms.stems)
        let pathWords = tests.flatMap { Identifiers.words(FileName.testedStem($0.path)) } + terms.stems.flatMap(Identifiers.words)
        documents = TestDocuments(tests.map(\.text), names: names, words: Set(wordQuery.keys).union(pathWords))
        coChange = CoChange(history, changed: change.paths, tests: Set(self.tests))
    }

    /// Scores as shares of the best one.
    static func shares(_ scores: [Double]) -> [Double] {
        guard let best = scores.max(), best > 0 else { return scores }
        return scores.map { $0 / best }
    }

    /// The rarest names of `query` that stand in a test, for an explanation.
    static func tellingNames(_ query: [String: Double], _ counts: TestDocuments.Counts, in test: Int) -> [String] {
        let present = query.keys.filter { counts.count($0, in: test) > 0 }
        return Array(present.sorted { (counts.frequency($0), $0) < (counts.frequency($1), $1) }.prefix(3))
    }

    /// The same for a list in a sentence.
    static func list(_ names: [String]) -> String? { names.isEmpty ? nil : names.joined(separator: ", ") }
}
