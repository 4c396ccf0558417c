import Basics
import Testing
import Webhooks

@Suite struct AcceptancePaceTests {
    /// Begins as many as are taken, at most `limit`.
    private func fill(_ pace: inout AcceptancePace, at now: Duration, limit: Int = 10_000) -> Int {
        var taken = 0
        while taken < limit, pace.begin(at: now) { taken += 1 }
        return taken
    }

    @Test func `a burst is taken as far as it can be answered in time, and the rest is turned away at once`() {
        var pace = AcceptancePace()
        let taken = fill(&pace, at: .zero)
        #expect(taken == 201)
        pace.end(at: .milliseconds(1))
        let afterOne = fill(&pace, at: .milliseconds(1))
        #expect(afterOne == 1)
    }

    @Test func `the faster deliveries are stored the more may wait, and the slower the fewer`() {
        for (each, expected) in [(Duration.microseconds(200), 900...1100), (.milliseconds(4), 45...60), (.milliseconds(50), 32...32)] {
            var pace = AcceptancePace()
            var now = Duration.zero
            for _ in 0..<1000 {
                guard pace.begin(at: now) else { continue }
                now += each
                pace.end(at: now)
            }
            let taken = fill(&pace, at: now)
            #expect(expected.contains(taken), "\(each) each: \(taken)")
        }
    }

    @Test func `time in which nothing came says nothing of the pace`() {
        var pace = AcceptancePace()
        for hour in 0..<200 {
            let now = Duration.seconds(hour * 3600)
            let isTaken = pace.begin(at: now)
            #expect(isTaken)
            pace.end(at: now + .microseconds(500))
        }
        let taken = fill(&pace, at: .seconds(1_000_000))
        #expect(taken > 300)
    }

    @Test func `few at a time are always taken, however long the disk pauses`() {
        var pace = AcceptancePace()
        for round in 0..<100 {
            let now = Duration.seconds(round * 10)
            let taken = fill(&pace, at: now, limit: 20)
            #expect(taken == 20)
            for _ in 0..<20 { pace.end(at: now + .seconds(9)) }
        }
    }
}
