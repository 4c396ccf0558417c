import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

/// Replicas that die or stand still beside others that live.
@Suite(.serialized) struct ReplicaLossTests {
    private func reads(_ stage: CrashStage) -> Int { stage.forge.requests.count { $0.path.hasSuffix("/files") } }

    @Test(arguments: CrashEngine.shared) func `with the lease users have, a killed worker's job runs again within 30 seconds`(
        _ engine: CrashEngine
    ) async throws {
        let stage = try await CrashStage(engine, lease: nil)
        try stage.open(pullRequests: 1)
        stage.forge.inject(SandboxFault(.hang(.seconds(600)), method: .get, pathSuffix: "/files"))
        try stage.start(0)
        await stage.deliver()
        #expect(try await stage.wait(.seconds(10)) { reads(stage) == 1 })
        try stage.startAll()
        stage.kill(0)
        let killed = SystemClock().uptime
        #expect(try await stage.wait(.seconds(40)) { reads(stage) == 2 })
        #expect(SystemClock().uptime - killed < .seconds(30))
        try await stage.settleAndCompare(within: .seconds(60))
    }

    @Test(arguments: CrashEngine.shared) func `a replica that was frozen in the middle of a send does nothing twice when it wakes`(
        _ engine: CrashEngine
    ) async throws {
        let stage = try await CrashStage(engine)
        try stage.open(pullRequests: 1)
        stage.forge.inject(SandboxFault(.hangAfterActing(.seconds(1)), method: .post, pathSuffix: "/reviews"))
        try stage.start(0)
        await stage.deliver()
        #expect(
            try await stage.wait(.seconds(10)) { stage.forge.requests.contains { $0.method == "POST" && $0.path.hasSuffix("/reviews") } })
        stage.servers[0]?.freeze()
        try stage.startAll()
        let name = try #require(stage.pulls.first).repository.name
        #expect(try await stage.wait(.seconds(40)) { stage.forge.checks(in: name).map(\.status) == ["completed"] })
        stage.servers[0]?.carryOn()
        try await stage.settleAndCompare(within: .seconds(60))
    }
}
