import Forge
import SandboxForge
import Testing

/// `/analyze` on a pull request, from the comment to the one answer.
@Suite(.serialized) struct AnalyzeFlowTests {
    static let forges: [ForgeKind] = [.github, .gitea]

    private func stage(_ kind: ForgeKind) throws -> (FailureStage, pull: Int) {
        let stage = try FailureStage(kind)
        stage.forge.push(to: "topic", of: stage.name, changes: ["src/a.c": "int b\n"])
        return (stage, try #require(stage.forge.openPullRequest(in: stage.name, from: "topic", title: "Topic")).number)
    }

    @Test(arguments: forges) func `analyze tells the failed runs of the head in one comment, and edits it when asked again`(
        kind: ForgeKind
    ) async throws {
        let (stage, pull) = try stage(kind)
        try await stage.perform { router in
            let run = try stage.run([("build", FailingLog.compile)], on: "topic", pullRequest: pull)
            try await stage.say("/analyze", on: pull, id: "1", to: router)
            #expect(stage.answers(pull).count == 1)
            #expect(stage.answers(pull).first?.contains("expected ';'") == true)
            stage.rerun(run, [("build", FailingLog.test)])
            try await stage.say("/analyze", on: pull, id: "2", to: router)
            #expect(stage.answers(pull).count == 1)
            #expect(stage.answers(pull).first?.contains("test_refund") == true)
            try await stage.say("/analyze", on: pull, id: "3", to: router)
            #expect(stage.answers(pull).count == 1)
        }
        #expect(stage.reactions == ["eyes", "eyes", "eyes"])
        #expect(stage.issues.isEmpty)
    }

    @Test(arguments: forges) func `a fork's failures are told where somebody with the right asks for them`(kind: ForgeKind) async throws {
        let (stage, pull) = try stage(kind)
        let fork = try #require(RepositoryName("stranger/shop"))
        try await stage.perform { router in
            let run = try stage.run([("build", FailingLog.compile)], on: "topic", pullRequest: kind == .gitea ? pull : nil, fork: fork)
            if kind == .github {
                try await stage.tell(run, router)
                #expect(stage.answers(pull).isEmpty)
            }
            try await stage.say("/analyze", on: pull, by: "stranger", id: "1", to: router)
            #expect(stage.answers(pull).isEmpty)
            try await stage.say("/analyze", on: pull, id: "2", to: router)
            #expect(stage.answers(pull).count == 1)
        }
        #expect(stage.reactions == ["-1", "eyes"])
    }

    @Test(arguments: forges) func `analyze says so when no run of the head failed, and takes nothing behind it`(kind: ForgeKind)
        async throws
    {
        let (stage, pull) = try stage(kind)
        try await stage.perform { router in
            try await stage.say("/analyze", on: pull, id: "1", to: router)
            _ = try stage.run([("build", nil)], on: "topic", pullRequest: pull)
            try await stage.say("/analyze", on: pull, id: "2", to: router)
            try await stage.say("/analyze everything with model x", on: pull, id: "3", to: router)
        }
        let answers = stage.answers(pull)
        #expect(answers.count == 3)
        #expect(answers.first?.contains("No run is known") == true)
        #expect(answers.dropFirst().first?.contains("failed; 1 is finished") == true)
        #expect(answers.last?.contains("takes nothing behind it") == true)
    }
}
