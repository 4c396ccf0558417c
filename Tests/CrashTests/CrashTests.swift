import Basics
import Glibc
import HTTP
import Jobs
import SandboxForge
import TestSupport
import Testing

/// The real binary against a forge, killed at the worst moments. `make crash` runs the long version.
@Suite(.serialized) struct CrashTests {
    private static func number(_ name: String, default standard: Int) -> Int {
        getenv(name).flatMap { Int(String(cString: $0)) } ?? standard
    }

    @Test(arguments: CrashPoint.allCases) func `killed at any named moment, nothing is lost and nothing is done twice`(
        _ point: CrashPoint
    ) async throws {
        // One review has four effects: the check, the comments, the summary, the check's verdict. Each is met after its send.
        let turns = point == .effectSent ? 4 : point == .effectIntended ? Self.number("FETTLE_CRASH_TURNS", default: 1) : 1
        for turn in 1...turns {
            let stage = try CrashStage()
            try stage.open(pullRequests: 1)
            try stage.start(crashAt: "\(point.rawValue):\(turn)")
            await stage.sendUnanswered()
            #expect(try await stage.died(within: .seconds(20)), "\(point.rawValue) was not reached \(turn) times")
            try await stage.settleAndCompare(within: .seconds(60))
        }
    }

    @Test func `killed at random, with answers lost and limits met, nothing is lost and nothing is done twice`() async throws {
        let seed = Self.number("FETTLE_CRASH_SEED", default: 20_261)
        let deliveries = Self.number("FETTLE_CRASH_DELIVERIES", default: 8)
        let kills = Self.number("FETTLE_CRASH_KILLS", default: 4)
        let hasFaults = Self.number("FETTLE_CRASH_FAULTS", default: 1) > 0
        StandardStreams.writeError("crash run: seed \(seed), \(deliveries) deliveries, \(kills) kills\n")
        let chance = SeededRandom(seed: UInt64(seed))
        let stage = try CrashStage()
        for round in 0..<kills {
            try stage.open(pullRequests: deliveries * (round + 1) / kills - deliveries * round / kills)
            if hasFaults, chance.below(2) == 0 { stage.inject(Self.fault(chance)) }
            try stage.start()
            await stage.sendUnanswered()
            try await SystemClock().sleep(for: .milliseconds(chance.below(400)))
            stage.kill()
        }
        try await stage.settleAndCompare(within: .seconds(60 + deliveries))
    }

    /// Of those a forge gives: a server error after the write, a lost answer, a limit, a list that lags.
    private static func fault(_ chance: SeededRandom) -> SandboxFault {
        let after = chance.below(6)
        switch chance.below(4) {
        case 0: return SandboxFault(.answerAfterActing(.json(502, .null)), method: .post, after: after)
        case 1: return SandboxFault(.status(503), after: after)
        case 2: return SandboxFault(.secondaryLimit(retryAfter: 1), method: .post, after: after)
        default: return SandboxFault(.lag, method: .get, pathSuffix: "comments", after: after)
        }
    }
}
