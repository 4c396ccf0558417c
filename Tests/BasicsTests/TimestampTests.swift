import Basics
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test(arguments: ["2026-11-20T19:00:00Z", "2026-11-20T20:00:00+01:00", "2026-11-20T19:00:00.000Z"])
    func `the forges' ways of writing one moment read as one moment`(text: String) {
        #expect(Timestamp(iso8601: text) == Timestamp(seconds: 1_795_201_200))
    }

    @Test(arguments: ["", "yesterday", "2026-13-40T00:00:00Z", "9999999999999999"])
    func `anything else is no moment`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `arithmetic at the edges clamps instead of trapping`() {
        #expect(Timestamp(microseconds: .max) + .seconds(1) == Timestamp(microseconds: .max))
        #expect(Timestamp(microseconds: .min) - .seconds(1) == Timestamp(microseconds: .min))
    }

    @Test func `identifiers made later sort later`() {
        let random = SeededRandom(seed: 7)
        let early = random.identifier(at: Timestamp(seconds: 1000))
        let late = random.identifier(at: Timestamp(seconds: 1001))
        #expect(early < late)
        #expect(early.utf8.count == 26)
    }
}
