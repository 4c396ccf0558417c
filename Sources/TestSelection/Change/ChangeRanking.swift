/// All tests, those that matter most for a change first, with why.
package struct ChangeRanking: Sendable {
    package var tests: [RankedTest]

    package struct RankedTest: Sendable {
        package var path: String
        /// The sum of the terms: comparable within one ranking only.
        package var score: Double
        package var terms: [Term]
        /// The weightiest first.
        package var reasons: [String]
    }

    package struct Term: Sendable {
        package var signal: String
        package var share: Double
    }

    /// - Parameters:
    ///   - tests: every test file with its text.
    ///   - sources: every other file that could lead from a test to the change; may be empty.
    ///   - history: past commits, newest first, not those of the change itself.
    package init(
        _ change: SourceChange, tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])] = [],
        history: [CommitFiles]
    ) {
        let code = sources.filter { FileRole.isCode($0.path) }
        self.init(change, tests: tests.map(\.path), history: history, suite: IndexedSuite(tests: tests, sources: code))
    }

    /// - Parameter tests: the paths of the suite's tests, in its order.
    init(_ change: SourceChange, tests: [String], history: [CommitFiles], suite: IndexedSuite) {
        let context = ChangeContext(change, tests: tests, history: history, suite: suite)
        let columns = SignalRegistry.signals.map { signal in signal.values(context).map { $0 * signal.weight } }
        let scores = tests.indices.map { test in columns.reduce(0) { $0 + $1[test] } }
        let order = tests.indices.sorted { a, b in
            scores[a] == scores[b] ? tests[a] < tests[b] : scores[a] > scores[b]
        }
        self.tests = order.map { test in
            let shares = zip(SignalRegistry.signals, columns).map { (signal: $0, share: $1[test]) }.filter { $0.share > 0 }
            let weighty = shares.sorted { $0.share > $1.share }
            let told = weighty.prefix(4).filter { $0.share > 0.25 }.compactMap { $0.signal.reason(test, context) }
            return RankedTest(
                path: tests[test], score: scores[test], terms: weighty.map { Term(signal: $0.signal.name, share: $0.share) },
                reasons: told.isEmpty ? ["nothing ties it to the change"] : told)
        }
    }
}
