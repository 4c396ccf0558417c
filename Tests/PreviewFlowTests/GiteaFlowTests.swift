import Basics
import Forge
import Jobs
import Previews
import SandboxForge
import Synchronization
import TestSupport
import Testing

/// The same life on Gitea: a commit status with the address, and one comment edited in place.
@Suite struct GiteaFlowTests {
    private func statuses(_ stage: PreviewStage, _ context: String) -> [String] {
        stage.forge.statuses(in: stage.name).filter { $0.context == context }.map(\.state)
    }

    @Test func `a preview comes, changes and goes with statuses on its heads and one comment`() async throws {
        let stage = try await PreviewStage(kind: .gitea)
        let pull = try stage.open()
        let environment = PreviewIdentity(pull).environment
        try await stage.look(at: pull)
        #expect(statuses(stage, "deploy/\(environment)").last == "success")
        #expect(stage.forge.statuses(in: stage.name).contains { $0.targetURL.hasSuffix(".test") })
        let first = try #require(stage.forge.comments(on: pull.number, in: stage.name).first)
        #expect(first.body.contains(".test"))
        stage.forge.push(to: "one", of: stage.name, changes: ["page.txt": "second"])
        try await stage.look(at: pull)
        try await stage.look(at: pull)
        stage.forge.close(pull.number, in: stage.name, merged: true)
        try await stage.look(at: pull)
        let comments = stage.forge.comments(on: pull.number, in: stage.name)
        #expect(comments.count == 1)
        #expect(comments.first?.id == first.id)
        #expect(comments.first?.body.contains("is gone") == true)
        #expect(stage.driver.state.withLock { $0.calls.map(\.name) } == ["up", "up", "down"])
    }

    @Test func `a failed build's status and comment say why`() async throws {
        let stage = try await PreviewStage(kind: .gitea)
        let failure = PreviewFailure(.buildFailed, cause: "`up` ended with status 2.", nextStep: "Mend it.", excerpt: "boom")
        stage.driver.state.withLock { $0.failure = failure }
        let pull = try stage.open()
        try await stage.look(at: pull)
        #expect(statuses(stage, "deploy/\(PreviewIdentity(pull).environment)").last == "failure")
        #expect(statuses(stage, PreviewCheck.name).last == "failure")
        let body = try #require(stage.forge.comments(on: pull.number, in: stage.name).first?.body)
        #expect(body.contains("ended with status 2") && body.contains("Mend it.") && body.contains("boom"))
    }

    @Test func `a fork waits for an approval of its very head there too`() async throws {
        let stage = try await PreviewStage(kind: .gitea)
        let pull = try stage.open(fork: RepositoryName("mallory/demo"))
        try await stage.look(at: pull)
        #expect(stage.driver.state.withLock { $0.calls.isEmpty })
        let head = try #require(stage.forge.head(of: "one", in: stage.name))
        try await stage.look(at: pull, ask: ["approve", head.hex])
        #expect(stage.driver.state.withLock { $0.calls.map(\.name) } == ["up"])
        stage.forge.push(to: "one", of: stage.name, changes: ["page.txt": "worse"])
        try await stage.look(at: pull)
        try await stage.look(at: pull, ask: ["approve", head.hex])
        #expect(stage.driver.state.withLock { $0.calls.count } == 1, "an approval of one head does not serve another")
    }
}
