import Basics
import Forge
import HTTP
import Jobs
import Previews
import SandboxForge
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct PreviewJobTests {
    @Test func `where the base branch asks for nothing, a look costs two reads and writes nothing`() async throws {
        let stage = try await PreviewStage(settings: "review: {}\n")
        let pull = try stage.open()
        try await stage.look(at: pull)
        let calls = stage.forge.requests.filter { !$0.path.hasSuffix("access_tokens") && !$0.path.hasSuffix("/app") }
        #expect(calls.map(\.method) == ["GET", "GET"])
        #expect(try await stage.record(of: pull) == nil)
    }

    @Test func `settings on the pull request's own branch count for nothing`() async throws {
        let stage = try await PreviewStage(settings: "review: {}\n")
        let pull = try stage.open()
        stage.forge.push(to: "one", of: stage.name, changes: [".fettle.yml": PreviewStage.settings])
        try await stage.look(at: pull)
        #expect(stage.driver.state.withLock { $0.calls.isEmpty })
    }

    @Test func `a fault in the settings is told on the head, with its line`() async throws {
        let stage = try await PreviewStage(settings: "preview:\n  driver: command\n  up: sh up.sh\n  down: [x]\n")
        let pull = try stage.open()
        try await stage.look(at: pull)
        let check = try #require(stage.forge.checks(in: stage.name).first)
        #expect(check.conclusion == "neutral")
        #expect(check.summary.contains("line 3"))
    }

    @Test func `a driver the operator does not allow is told on the head`() async throws {
        let stage = try await PreviewStage(settings: "preview: {driver: compose}\n")
        let pull = try stage.open()
        try await stage.look(at: pull)
        #expect(stage.forge.checks(in: stage.name).first?.summary.contains("does not allow the driver") == true)
    }

    @Test func `a failed build's check names the cause and the next step, and quotes the log without its secrets`() async throws {
        let stage = try await PreviewStage()
        let secret = "ghp_" + String(repeating: "a1B2c3", count: 6)
        let failure = PreviewFailure(
            .buildFailed, cause: "`up` ended with status 2.", nextStep: "Mend it.", excerpt: UntrustedText("no \(secret)"))
        stage.driver.state.withLock { $0.failure = failure }
        let pull = try stage.open()
        try await stage.look(at: pull)
        let check = try #require(stage.forge.checks(in: stage.name).first)
        #expect(check.conclusion == "failure")
        #expect(check.title.contains("ended with status 2"))
        #expect(check.summary.contains("Mend it."))
        #expect(!check.summary.contains(secret))
        let record = try #require(try await stage.record(of: pull))
        #expect(record.preview.failure?.excerpt.raw.contains(secret) == false)
    }

    @Test func `a missing right to deploy is written down and the preview comes up all the same`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open()
        stage.forge.inject(SandboxFault(.status(403), method: .post, pathSuffix: "/deployments", times: 100))
        try await stage.look(at: pull)
        #expect(try await stage.record(of: pull)?.preview.phase == .running)
        let untold = try await AuditLog(database: stage.queue.database).entries(action: "preview.untold")
        #expect(!untold.isEmpty)
    }

    @Test func `no more run than the cap, and the sweep brings one that waited when there is room`() async throws {
        let stage = try await PreviewStage(settings: "preview: {driver: command, up: [up], down: [down], cap: 1}\n")
        let first = try stage.open("one")
        let second = try stage.open("two")
        try await stage.look(at: first)
        try await stage.look(at: second)
        #expect(try await stage.record(of: second)?.preview.phase == .waitingForRoom)
        #expect(stage.forge.checks(in: stage.name).last?.title.contains("Waiting for room") == true)
        stage.forge.close(first.number, in: stage.name, merged: true)
        try await stage.look(at: first)
        try await stage.look(at: second)
        #expect(try await stage.record(of: second)?.preview.phase == .running)
    }

    @Test func `an extension is obeyed once however often its job is tried`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open()
        try await stage.look(at: pull)
        // The forge fails after the command was obeyed: the job is tried again.
        let request = PreviewRequest(pullRequest: pull, ask: ["extend", "1d"])
        #expect(request.job.payload["ask"]?.array?.count == 2)
        try await stage.look(at: pull, ask: ["extend", "1d"])
        let until = try #require(try await stage.record(of: pull)?.preview.expiresAt)
        #expect(until == stage.clock.now + .seconds(4 * 86_400))
    }

    @Test func `a comment is written only where it is wanted, once, and edited in place`() async throws {
        let stage = try await PreviewStage(settings: "preview: {driver: command, up: [up], down: [down], comment: true}\n")
        let pull = try stage.open()
        try await stage.look(at: pull)
        stage.forge.push(to: "one", of: stage.name, changes: ["page.txt": "second"])
        try await stage.look(at: pull)
        stage.forge.close(pull.number, in: stage.name, merged: true)
        try await stage.look(at: pull)
        let comments = stage.forge.comments(on: pull.number, in: stage.name)
        #expect(comments.count == 1)
        #expect(comments.first?.body.contains("is gone") == true)
    }

    @Test func `deployments that no row knows are found by our mark and made inactive at the end`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open()
        try await stage.look(at: pull)
        // The rows are lost; the forge and the driver remember.
        try await stage.queue.database.write { transaction in
            for table in ["previews", "preview_deployments", "effects"] { try transaction.execute("DELETE FROM \(table)") }
        }
        stage.forge.close(pull.number, in: stage.name, merged: false)
        try await stage.queue.runDirectly(PreviewSweep.recurring.request, by: PreviewSweep(stage.world), settling: .zero, looksFirst: false)
        try await stage.look(at: pull)
        #expect(stage.driver.state.withLock { $0.running.isEmpty })
        #expect(stage.activeDeployments.isEmpty)
    }
}
