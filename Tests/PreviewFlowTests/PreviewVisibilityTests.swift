import Basics
import Forge
import Jobs
import Previews
import SandboxForge
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Dashboard

/// What people see of previews beside the forge: the page, the counts, and what is left behind.
@Suite struct PreviewVisibilityTests {
    @Test func `the page shows state, head, address and age, and the last log escaped`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open()
        try await stage.look(at: pull)
        let failing = try stage.open("two")
        let failure = PreviewFailure(
            .buildFailed, cause: "`up` ended with status 2.", nextStep: "Mend it.", excerpt: "<script>alert(1)</script>")
        stage.driver.state.withLock { $0.failure = failure }
        try await stage.look(at: failing)
        let page = try await DashboardReader(queue: stage.queue).previewsPage(now: stage.clock.now + .seconds(7200)).markup
        let address = try #require(try await stage.record(of: pull)?.preview.address)
        for words in ["running", "failed", address, "2 h", "ended with status 2", "Mend it.", "&lt;script&gt;"] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("<script>alert"))
    }

    @Test func `counts by state are what the rows say, and nothing is left behind when all is closed`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open()
        try await stage.look(at: pull)
        #expect(try await stage.queue.database.read { try PreviewRecords.counts(in: $0) } == ["running": 1])
        let leaks = PreviewLeaks(world: stage.world, database: stage.queue.database)
        #expect(try await leaks.report() == [])
        // Somebody lost the row: what runs without one is named.
        try await stage.queue.database.write { _ = try $0.execute("DELETE FROM previews") }
        let identity = PreviewIdentity(pull)
        #expect(try await leaks.report() == ["\(identity): the driver command runs it and no row knows it"])
        let sweep = {
            try await stage.queue.runDirectly(
                PreviewSweep.recurring.request, by: PreviewSweep(stage.world), settling: .zero, looksFirst: false)
        }
        try await sweep()
        let found = try await stage.queue.database.read { try PreviewRecords.leaks(in: $0) }
        #expect(found == ["\(identity): the driver command runs it and no row knows it"], "kept for the page and the metric")
        let page = { try await DashboardReader(queue: stage.queue).previewsPage(now: stage.clock.now).markup }
        #expect(try await page().contains("no row knows it"))
        try await sweep()
        #expect(try await stage.queue.database.read { try PreviewRecords.leaks(in: $0) } == [], "the sweep took it into the rows")
        #expect(try await page().contains("Nothing is leaked."))
        stage.forge.close(pull.number, in: stage.name, merged: true)
        try await stage.look(at: pull)
        #expect(try await leaks.report() == [])
        #expect(try await stage.queue.database.read { try PreviewRecords.counts(in: $0) } == ["absent": 1])
    }
}
