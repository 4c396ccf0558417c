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

    /// `FETTLE_CRASH_ENGINE` names one of `sqlite`, `one`, `three` replicas.
    private static let engines: [CrashEngine] = {
        switch getenv("FETTLE_CRASH_ENGINE").map({ String(cString: $0) }) {
        case "sqlite": [.sqlite]
        case "one": [.one]
        case "three": [.three]
        default: CrashEngine.all
        }
    }()

    /// All of them in the long run; the short one takes the smallest, and kills the others at random only.
    private static let enginesAtPoints = getenv("FETTLE_CRASH_TURNS") == nil ? [.sqlite] : engines

    @Test(arguments: CrashPoint.allCases, enginesAtPoints) func `killed at any named moment, nothing is lost and nothing is done twice`(
        _ point: CrashPoint, _ engine: CrashEngine
    ) async throws {
        // One review has four effects: the check, the comments, the summary, the check's verdict. Each is met after its send.
        let isEffect = point == .effectSent || point == .effectIntended
        let usual = point == .effectSent && engine.kind == .sqlite ? 4 : 1
        let turns = isEffect ? Self.number("FETTLE_CRASH_TURNS", default: usual) : 1
        for turn in 1...turns {
            let stage = try await CrashStage(engine)
            try stage.open(pullRequests: 1)
            try stage.start(crashAt: "\(point.rawValue):\(Self.firstTurn(of: point) + turn - 1)")
            await stage.deliver()
            #expect(try await stage.died(within: .seconds(20)), "\(point.rawValue) was not reached \(turn) times")
            try await stage.settleAndCompare(within: .seconds(60))
        }
    }

    /// The sweep for lost deliveries is a job too: it is claimed, and ends, before the review.
    private static func firstTurn(of point: CrashPoint) -> Int {
        switch point {
        case .jobClaimed, .jobFinishing, .jobFinished: 2
        case .deliveryStored, .deliveryHandled, .effectIntended, .effectSent, .effectConfirmed: 1
        }
    }

    @Test(arguments: engines) func `killed at random, with answers lost and limits met, nothing is lost and nothing is done twice`(
        _ engine: CrashEngine
    ) async throws {
        let seed = Self.number("FETTLE_CRASH_SEED", default: 20_261)
        let deliveries = Self.number("FETTLE_CRASH_DELIVERIES", default: 8)
        let kills = Self.number("FETTLE_CRASH_KILLS", default: 4)
        let hasFaults = Self.number("FETTLE_CRASH_FAULTS", default: 1) > 0
        StandardStreams.writeError("crash run: \(engine.testDescription), seed \(seed), \(deliveries) deliveries, \(kills) kills\n")
        let chance = SeededRandom(seed: UInt64(seed))
        let stage = try await CrashStage(engine)
        for round in 0..<kills {
            try stage.open(pullRequests: deliveries * (round + 1) / kills - deliveries * round / kills)
            if hasFaults, chance.below(2) == 0 { stage.forge.inject(Self.fault(chance)) }
            try stage.startAll()
            await stage.deliver { chance.below($0) }
            try await SystemClock().sleep(for: .milliseconds(chance.below(400)))
            stage.kill(chance.below(engine.replicas))
        }
        try await stage.settleAndCompare(within: .seconds(60 + deliveries))
        StandardStreams.writeError("crash run: \(engine.testDescription), seed \(seed): compared\n")
    }

    @Test(arguments: CrashEngine.behindPooler) func `behind a transaction pooler too, nothing is lost and nothing is done twice`(
        _ engine: CrashEngine
    ) async throws {
        let chance = SeededRandom(seed: 7)
        let stage = try await CrashStage(engine)
        for _ in 0..<4 {
            try stage.open(pullRequests: 2)
            try stage.startAll()
            await stage.deliver { chance.below($0) }
            try await SystemClock().sleep(for: .milliseconds(chance.below(400)))
            stage.kill(chance.below(engine.replicas))
        }
        try await stage.settleAndCompare(within: .seconds(60))
    }

    /// Of those a forge gives: a server error after the write, a lost answer, a limit, a list that lags.
    private static func fault(_ chance: SeededRandom) -> SandboxFault {
        let after = chance.below(6)
        switch chance.below(4) {
        case 0: return SandboxFault(.answerAfterActing(.json(502, .null)), method: .post, after: after)
        case 1: return SandboxFault(.status(503), after: after)
        case 2: return SandboxFault(.secondaryLimit(retryAfter: 1), method: .post, after: after)
        default: return SandboxFault(.lagBehind(.seconds(3)), method: .get, pathSuffix: "comments", after: after)
        }
    }
}
