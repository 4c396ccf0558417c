/// One run of a suite, or of a part of it: what is learnt from.
package struct TestSession: Sendable, Hashable {
    /// A commit, build number or cycle; only equality matters.
    package var id: String
    package var results: [TestResult]

    package init(id: String, results: [TestResult]) {
        self.id = id
        self.results = results
    }

    package var isRed: Bool { results.contains(where: \.failed) }
}

/// What one test did in one session.
package struct TestResult: Sendable, Hashable {
    package var test: TestID
    package var failed: Bool
    /// Run time in any unit, the same for the whole history; not negative.
    package var duration: Double

    package init(test: TestID, failed: Bool, duration: Double) {
        self.test = test
        self.failed = failed
        self.duration = duration
    }
}
