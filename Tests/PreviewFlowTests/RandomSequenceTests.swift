import Basics
import Forge
import Glibc
import HTTP
import Jobs
import Previews
import SandboxForge
import Storage
import Synchronization
import TestSupport
import Testing

/// Fails now and then, in every way a network and a dying process can look like to a client.
private final class UnreliableHTTPClient: HTTPClient {
    private let inner: LoopbackHTTPClient
    private let random: SeededRandom
    let isReliable = Mutex(false)

    init(_ forge: SandboxForge, _ random: SeededRandom) {
        inner = LoopbackHTTPClient(forge)
        self.random = random
    }

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let chance = isReliable.withLock { $0 } ? 1 : random.unit()
        if chance < 0.03 { throw .notConnected(host: "sandbox", reason: "the line is dead") }
        let response = try await inner.send(request)
        if chance < 0.06 { throw .interrupted(host: "sandbox", reason: "the answer was lost") }
        return response
    }
}

@Suite struct RandomSequenceTests {
    @Test func `after any sequence with crashes in between, closing leaves no environment, no active deployment and no orphan`()
        async throws
    {
        // Some in `make test`; `FETTLE_PREVIEW_SEQUENCES=1000` for the whole promise.
        let count = getenv("FETTLE_PREVIEW_SEQUENCES").flatMap { UInt64(String(cString: $0)) } ?? UInt64(LongRun.count(8, long: 1000))
        for seed in 1...max(1, count) { try await play(seed) }
    }

    private func play(_ seed: UInt64) async throws {
        let random = SeededRandom(seed: seed)
        let forge = SandboxForge()
        let http = UnreliableHTTPClient(forge, random)
        let stage = try await PreviewStage(seed: seed, http: http, forge: forge)
        stage.driver.state.withLock { $0.crash = { random.unit() < 0.1 } }
        let pulls = try ["one", "two"].map { branch in
            try stage.open(branch, fork: random.unit() < 0.2 ? RepositoryName("mallory/demo") : nil)
        }
        for _ in 0..<12 {
            let turn = random.below(2)
            happen(to: pulls[turn], turn == 0 ? "one" : "two", stage, random)
            await attempt { try await stage.look(at: pulls[turn], ask: ask(random)) }
        }
        for pull in pulls { forge.close(pull.number, in: stage.name, merged: true) }
        http.isReliable.withLock { $0 = true }
        stage.driver.state.withLock { $0.crash = nil }
        // The closing events are lost: the hourly look finds them.
        try await sweep(stage)
        #expect(stage.driver.state.withLock { $0.running.isEmpty }, "seed \(seed)")
        #expect(stage.activeDeployments.isEmpty, "seed \(seed)")
        for pull in pulls {
            let record = try await stage.record(of: pull)
            #expect(record?.preview.mayExist != true, "seed \(seed)")
        }
    }

    /// The hourly look, and the looks it asks for.
    private func sweep(_ stage: PreviewStage) async throws {
        try await stage.queue.runDirectly(PreviewSweep.recurring.request, by: PreviewSweep(stage.world), settling: .zero, looksFirst: false)
        let records = try await stage.queue.database.read { try PreviewRecords.all(in: $0) }
        for record in records { try await stage.look(at: record.pullRequest) }
    }

    private func happen(to pull: PullRequestReference, _ branch: String, _ stage: PreviewStage, _ random: SeededRandom) {
        switch random.below(8) {
        case 0, 1: stage.forge.push(to: branch, of: stage.name, changes: ["page.txt": "\(random.next())\n"])
        case 2: stage.forge.close(pull.number, in: stage.name, merged: false)
        case 3: stage.forge.reopen(pull.number, in: stage.name)
        case 4: stage.clock.advance(by: .seconds(Int64(random.below(300_000))))
        case 5:
            stage.driver.state.withLock { $0.failure = random.unit() < 0.5 ? PreviewFailure(.buildFailed, cause: "x", nextStep: "y") : nil }
        default: break
        }
    }

    private func ask(_ random: SeededRandom) -> [String]? {
        switch random.below(10) {
        case 0: []
        case 1: ["stop"]
        case 2: ["approve"]
        case 3: ["extend", "2d"]
        default: nil
        }
    }

    /// A job that fails stays for its next attempt, which is another event here.
    private func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch {}
    }
}
