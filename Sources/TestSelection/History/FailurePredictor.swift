import Glibc

/// Learns from sessions in time order, and says how likely each test is to fail in the next one.
///
/// A weighted sum in the log-odds of: the test's long-run rate, what followed the same last verdicts over all tests, two running
/// averages, its neighbours by name, and how long it has not run. A test never seen starts at the suite's first-run rate, moved by its
/// neighbours. How much each counts begins as shipped and follows the repository's own red sessions.
package struct FailurePredictor: Sendable {
    private var weights: FailureWeights
    private var records: [TestID: TestRecord] = [:]
    private var keys: [TestID: NameKey] = [:]
    private var neighbourhood = Neighbourhood()
    private var patterns = OutcomePatterns()
    private var runs = 0
    private var failures = 0
    private var firstRuns = 0
    private var firstFailures = 0
    package private(set) var sessions = 0

    package init() { self.init(weights: .shipped) }

    init(weights: FailureWeights) { self.weights = weights }

    package func knows(_ test: TestID) -> Bool { records[test] != nil }

    package func failed(_ test: TestID) -> Bool { records[test].map { $0.recentVerdicts & 1 == 1 } ?? false }

    /// Share of all verdicts that were failures, a little above zero at the start.
    package var suiteRate: Double { (Double(failures) + 1) / (Double(runs) + 10) }

    private var firstRunRate: Double { (Double(firstFailures) + 4 * suiteRate) / (Double(firstRuns) + 4) }

    package func estimate(_ test: TestID) -> FailureEstimate {
        let near = near(test)
        guard let record = records[test] else { return FailureEstimate(termsOfNew(near)) }
        return FailureEstimate(signals(of: record, near).map { .init(signal: $0.signal.name, share: weights[$0.signal] * $0.value) })
    }

    private func near(_ test: TestID) -> [Neighbour] {
        neighbourhood.nearest(to: keys[test] ?? NameKey(test), besides: test).compactMap { neighbour in
            records[neighbour.test].map { (record: $0, weight: 1 / (1 + neighbour.distance)) }
        }
    }

    /// Moves the weights by what a red session shows: its failed tests against some that passed.
    private mutating func weigh(_ verdicts: [TestID: Bool]) {
        let known = verdicts.keys.filter { records[$0] != nil }.sorted()
        let failed = known.filter { verdicts[$0] == true }
        let passed = known.filter { verdicts[$0] == false }
        guard !failed.isEmpty, !passed.isEmpty else { return }
        let some = { (tests: [TestID]) in
            stride(from: 0, to: tests.count, by: max(1, tests.count / Self.mostWeighed)).prefix(Self.mostWeighed).map { tests[$0] }
        }
        func signals(_ test: TestID) -> FailureWeights.Signals? { records[test].map { self.signals(of: $0, near(test)) } }
        let passing = some(passed).compactMap(signals)
        for failing in some(failed).compactMap(signals) { for other in passing { weights.learn(failed: failing, passed: other) } }
    }

    private static let mostWeighed = 12

    /// Learns one session. Results of one test within it are taken together: it failed when any of them did.
    package mutating func learn(_ session: TestSession) {
        let rate = suiteRate
        var verdicts: [TestID: Bool] = [:]
        for result in session.results { verdicts[result.test, default: false] = verdicts[result.test] == true || result.failed }
        weigh(verdicts)
        sessions += 1
        var added: [(key: NameKey, test: TestID)] = []
        for (test, failed) in verdicts {
            var record = records[test] ?? TestRecord(suiteRate: rate)
            if record.runs == 0 {
                let key = NameKey(test)
                keys[test] = key
                added.append((key, test))
                firstRuns += 1
                firstFailures += failed ? 1 : 0
            } else {
                patterns.add(failed, after: record)
            }
            record.add(failed: failed, session: sessions)
            records[test] = record
            runs += 1
            failures += failed ? 1 : 0
        }
        neighbourhood.insert(added)
    }

    private typealias Neighbour = (record: TestRecord, weight: Double)

    /// What the signals say of a test that ran before.
    private func signals(of record: TestRecord, _ near: [Neighbour]) -> FailureWeights.Signals {
        let suite = suiteRate
        let level = logOdds(suite)
        let around: HistorySignal = record.failures == 0 ? .neighboursOfSpotless : .neighboursOfFailed
        let absence = Double(max(1, sessions + 1 - record.lastSession))
        return [
            (.longRun, logOdds(record.longRunRate(suiteRate: suite))),
            (.pattern, logOdds(patterns.rate(after: record, suiteRate: suite))),
            (.recent, logOdds(record.recentRate)),
            (.slow, logOdds(record.slowRate)),
            (around, logOdds(mean(near, towards: suite, \.recentRate)) - level),
            (.nearest, logOdds(nearest(near, towards: suite)) - level),
            (.neighboursLongRun, logOdds(mean(near, towards: suite) { $0.longRunRate(suiteRate: suite) }) - level),
            (.absence, log(absence)),
        ]
    }

    private func termsOfNew(_ near: [Neighbour]) -> [FailureEstimate.Term] {
        let first = firstRunRate
        let started = mean(near, towards: first) { $0.firstRunFailed ? 1 : 0 }
        let lately = mean(near, towards: suiteRate, \.recentRate)
        return [
            .init(signal: "first runs of tests here", share: logOdds(first)),
            .init(signal: "first runs of neighbours", share: weights.neighboursFirstRun * (logOdds(started) - logOdds(first))),
            .init(signal: "failures of neighbours", share: weights.neighboursOfNew * (logOdds(lately) - logOdds(suiteRate))),
        ]
    }

    private func mean(_ near: [Neighbour], towards prior: Double, _ value: (TestRecord) -> Double) -> Double {
        let total = near.reduce((0.5, 0.5 * prior)) { ($0.0 + $1.weight, $0.1 + $1.weight * value($1.record)) }
        return total.1 / total.0
    }

    /// Over the two nearest, whatever their distance.
    private func nearest(_ near: [Neighbour], towards prior: Double) -> Double {
        mean(near.prefix(2).map { ($0.record, 1) }, towards: prior, \.fastRate)
    }
}
