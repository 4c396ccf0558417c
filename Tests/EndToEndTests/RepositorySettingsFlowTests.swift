import Basics
import Forge
import SandboxForge
import Testing

/// What a repository's `.fettle.yml` changes, read from the base branch alone.
@Suite(.serialized) struct RepositorySettingsFlowTests {
    @Test(arguments: ForgeKind.allCases) func `a repository switches reviews off`(forge: ForgeKind) async throws {
        let stage = try Stage(on: forge, base: [".fettle.yml": "review:\n  enabled: false\n"])
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        #expect(stage.checks.isEmpty && stage.reviews.isEmpty && stage.summaries.isEmpty)
    }

    @Test func `a pull request cannot change what it is judged by`() async throws {
        let stage = try Stage()
        stage.push([".fettle.yml": "review:\n  enabled: false\n"])
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        #expect(stage.reviews.count == 1)
    }

    @Test func `comments are limited and rules switched off as the base branch says`() async throws {
        let stage = try Stage(base: [".fettle.yml": "review:\n  max_comments: 1\n  disabled_rules: [committed-secret]\n"])
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        #expect(stage.lineComments.count == 1)
        #expect(stage.summaries.first?.body.contains("AWS") == false)
    }

    @Test func `faults of the file are one line of the summary and stop nothing`() async throws {
        let stage = try Stage(base: [".fettle.yml": "review:\n  max_comments: lots\n  model: gpt-9\n  severity_floor: high\n"])
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        let summary = try #require(stage.summaries.first?.body)
        #expect(summary.contains("on the base branch: line 2:"))
        #expect(summary.contains("line 3:"))
        #expect(stage.reviews.count == 1)
    }

    @Test(arguments: [
        ("drafts: true", "labels: [skip]", true), ("drafts: true", "labels: [other]", false), ("titles: [Charge]", "bots: true", true),
    ])
    func `labels and titles are skipped, and a command overrides that`(first: String, second: String, isSkipped: Bool) async throws {
        let stage = try Stage(base: [".fettle.yml": "review:\n  skip:\n    \(first)\n    \(second)\n"])
        stage.forge.setLabels(["skip"], of: stage.pull.number, in: stage.pull.repository.name)
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            #expect(stage.checks.isEmpty == isSkipped)
            try await stage.say("/review", id: "2", to: router)
        }
        #expect(stage.checks.count == 1)
    }
}
