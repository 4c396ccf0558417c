import TestSupport
import Testing

@testable import TestSelection

@Suite struct ReplayTests {
    private func table(_ rows: [(String, String, Double, Int)]) -> [UInt8] {
        Array(("cycle,test,duration,failed\n" + rows.map { "\($0),\($1),\($2),\($3)\n" }.joined()).utf8)
    }

    private func randomRows(seed: UInt64) -> [(String, String, Double, Int)] {
        var random = SplitMix(state: seed)
        return (0..<30).flatMap { cycle in
            (0..<12).map { test in ("\(cycle)", "t\(test)", Double(random.next() % 50), random.next() % 5 == 0 ? 1 : 0) }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3]) func `an order does not change when its own verdicts are inverted`(seed: UInt64) throws {
        let history = try HistoryCSV(parsing: table(randomRows(seed: seed)))
        for position in [0, 7, 29] {
            var one = HistoryReplay(gamma: 0.5)
            var other = HistoryReplay(gamma: 0.5)
            for cycle in history.cycles.prefix(position) { #expect(one.next(cycle) == other.next(cycle)) }
            var inverted = history.cycles[position]
            for index in inverted.rows.indices { inverted.rows[index].failed.toggle() }
            #expect(one.next(history.cycles[position]) == other.next(inverted))
        }
    }

    @Test func `what runs for a confidence catches that share of later red cycles, and everything runs before it can be promised`() throws {
        var random = SplitMix(state: 4)
        let rows = (0..<400).flatMap { cycle in
            (0..<20).map { test in
                ("\(cycle)", "t\(test)", 1.0, random.next() % (test < 4 ? 9 : 90) == 0 ? 1 : 0)
            }
        }
        var replay = HistoryReplay(gamma: 0.5)
        var (red, caught, spent) = (0, 0, 0)
        for (index, cycle) in try HistoryCSV(parsing: table(rows)).cycles.enumerated() {
            let (order, run) = replay.next(cycle, confidence: 0.9)
            if index < 5 { #expect(run == 20) }
            guard index >= 100, cycle.rows.contains(where: \.failed) else { continue }
            red += 1
            caught += order.prefix(run).contains { cycle.rows[$0].failed } ? 1 : 0
            spent += run
        }
        #expect(Double(caught) / Double(red) > 0.84 && spent < red * 20)
    }

    @Test func `an order follows the rows when they are shuffled`() throws {
        let history = try HistoryCSV(parsing: table(randomRows(seed: 9)))
        var one = HistoryReplay(gamma: 0.5)
        var other = HistoryReplay(gamma: 0.5)
        for cycle in history.cycles {
            var reversed = cycle
            reversed.rows.reverse()
            #expect(one.next(cycle).map { cycle.rows[$0].test } == other.next(reversed).map { reversed.rows[$0].test })
        }
    }

    @Test func `quoted fields, semicolons and Windows line ends are read`() throws {
        let bytes = Array("failed;test;duration;cycle\r\n1;\"a;\"\"b\"\"\";2.5;c1\r\n".utf8)
        let history = try HistoryCSV(parsing: bytes)
        #expect(history.cycles.map(\.id) == ["c1"])
        #expect(history.cycles.first?.rows == [TestResult(test: TestID("a;\"b\""), failed: true, duration: 2.5)])
    }

    @Test(arguments: [
        "", "cycle,test\n1,2\n", "cycle,test,duration,failed\n1,t,x,0\n", "cycle,test,duration,failed\n1,t\n",
        "cycle,test,duration,failed\n1,t,1,?\n",
    ])
    func `a table that cannot be understood is refused with its line`(text: String) {
        #expect(throws: HistoryCSV.Malformed.self) { try HistoryCSV(parsing: Array(text.utf8)) }
    }
}

/// A small generator for tests that need many values and no particular ones.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
