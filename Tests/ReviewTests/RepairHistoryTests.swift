import Basics
import Review
import Testing

@Suite struct RepairHistoryTests {
    @Test func `files that were repaired are counted, wide commits and other work are not`() {
        let wide = (0..<100).map { "f\($0)" }
        let commits: [(subject: UntrustedText, paths: [String])] = [
            ("Fix: race in pool", ["a", "b"]), ("fixes #3", ["a"]), ("Add a prefix", ["a"]), ("Revert \"x\"", ["b"]), ("fix all", wide),
        ]
        #expect(RepairHistory.repairs(in: commits) == ["a": 2, "b": 2])
    }
}
