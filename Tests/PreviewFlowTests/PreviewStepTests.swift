import Basics
import Forge
import Jobs
import Previews
import SandboxForge
import Synchronization
import Testing

/// A preview kept by a workflow's steps, which remember nothing.
@Suite struct PreviewStepTests {
    private func run(_ stage: PreviewStage, _ pull: PullRequestReference, mayExist: Bool = true) async throws -> PreviewStep.Outcome {
        try await PreviewStep(stage.world).run(pull, mayExist: mayExist, now: stage.clock.now)
    }

    private func calls(_ stage: PreviewStage) -> [String] { stage.driver.state.withLock { $0.calls.map(\.name) } }

    @Test(arguments: ["command", "workflow"]) func `it comes, is updated, and goes, whatever ran before`(driver: String) async throws {
        let stage = try await PreviewStage(settings: "preview: {driver: \(driver), up: [up], down: [down]}\n")
        let pull = try stage.open()
        guard case .up(let address, let commit) = try await run(stage, pull, mayExist: false) else { throw PreviewStage.Missing() }
        #expect(address == "http://\(commit.short).test")
        stage.forge.push(to: "one", of: stage.name, changes: ["page.txt": "second\n"])
        guard case .up(_, let second) = try await run(stage, pull) else { throw PreviewStage.Missing() }
        #expect(second != commit)
        stage.forge.close(pull.number, in: stage.name, merged: true)
        for _ in 0..<2 { #expect(try await run(stage, pull) == .down(because: "the pull request is closed")) }
        #expect(calls(stage) == ["up", "up", "down", "down"])
        #expect(stage.driver.state.withLock { $0.running.isEmpty } && stage.activeDeployments.isEmpty)
    }

    @Test func `of a fork nothing is run, neither up nor down`() async throws {
        let stage = try await PreviewStage()
        let pull = try stage.open(fork: RepositoryName("mallory/demo"))
        #expect(try await run(stage, pull) == .nothing(because: "a fork's head runs nothing here"))
        stage.forge.close(pull.number, in: stage.name, merged: false)
        #expect(try await run(stage, pull) == .nothing(because: "a fork's head runs nothing here"))
        #expect(calls(stage).isEmpty)
    }

    @Test func `one that is not wanted any more goes, and one that never was is left alone`() async throws {
        let stage = try await PreviewStage(settings: "preview: {driver: command, up: [up], down: [down], label: demo}\n")
        let pull = try stage.open()
        let reason = "it does not have the label for previews"
        #expect(try await run(stage, pull, mayExist: false) == .nothing(because: reason))
        #expect(try await run(stage, pull) == .down(because: reason))
        #expect(calls(stage) == ["down"])
    }

    @Test func `a fault of the settings and a driver that is not allowed are failures, no settings are none`() async throws {
        let fault = try await PreviewStage(settings: "preview:\n  driver: command\n  up: x\n")
        let faulty = await #expect(throws: PreviewFailure.self) { try await run(fault, fault.open()) }
        #expect(faulty?.cause.contains("line 3") == true)
        let other = try await PreviewStage(settings: "preview: {driver: compose}\n")
        let refused = await #expect(throws: PreviewFailure.self) { try await run(other, other.open()) }
        #expect(refused?.cause.contains("does not allow the driver `compose`") == true)
        let none = try await PreviewStage(settings: "review: {}\n")
        #expect(try await run(none, none.open()) == .nothing(because: "the base branch asks for none"))
    }

    @Test func `a build that fails is told with the end of its output`() async throws {
        let stage = try await PreviewStage()
        stage.driver.state.withLock {
            $0.failure = PreviewFailure(.buildFailed, cause: "`up` ended with status 3.", nextStep: "Mend it.", excerpt: "no such file")
        }
        let failure = await #expect(throws: PreviewFailure.self) { try await run(stage, stage.open()) }
        #expect(failure?.excerpt.raw == "no such file")
    }
}
