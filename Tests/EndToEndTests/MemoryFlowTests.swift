import Basics
import Forge
import HTTP
import Jobs
import Review
import SandboxForge
import TestSupport
import Testing

/// What a pull request's earlier reviews, and what people said about them, change in later ones.
@Suite(.serialized) struct MemoryFlowTests {
    private static let secretRule = "committed-secret"

    @Test(arguments: ForgeKind.allCases) func `a dismissed finding is not raised again`(
        forge: ForgeKind
    ) async throws {
        let stage = try Stage(on: forge)
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let thread = try #require(stage.lineComments.first { $0.path == "src/orders.py" })
            let before = stage.lineComments.count
            try await stage.answer("/ignore the marker is meant", inThread: thread.id, id: "2", to: router)
            #expect(stage.lineComments.dropFirst(before + 1).first?.body.contains("Dismissed") == true)
            try await stage.say("/review", id: "3", to: router)
        }
        let summary = try #require(stage.summaries.first { $0.body.contains("fettle summary") })
        let dismissed = try #require(stage.lineComments.first { $0.path == "src/orders.py" })
        #expect(!summary.body.contains("`src/orders.py:\(dismissed.startLine ?? dismissed.line)`"), "\(summary.body)")
    }

    @Test func `why a finding was dismissed is known to the model in later reviews of the repository`() async throws {
        let stage = try Stage { _ in .json(["summary": "ok", "findings": []]) }
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let thread = try #require(stage.lineComments.first)
            try await stage.answer("/ignore we sign these on purpose", inThread: thread.id, id: "2", to: router)
            try await stage.say("/review", id: "3", to: router)
        }
        let questions = stage.model?.questions ?? []
        #expect(questions.count == 2)
        #expect(questions.map { $0.prompt.contains("Reason: we sign these on purpose") } == [false, true])
        #expect(!questions.contains { $0.system.contains("we sign these") }, "material, not an instruction")
    }

    @Test func `ignore outside a thread of ours, or without a reason, is explained and dismisses nothing`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            try await stage.say("/ignore because", id: "2", to: router)
            try await stage.say("/ignore", id: "3", to: router)
        }
        #expect(stage.answers.contains { $0.contains("belongs in the thread") })
        #expect(stage.answers.contains { $0.contains("needs a reason") })
    }

    @Test func `a stranger cannot dismiss`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let thread = try #require(stage.lineComments.first)
            let count = stage.lineComments.count
            try await stage.answer("/ignore it is fine", inThread: thread.id, by: "stranger", id: "2", to: router)
            #expect(stage.lineComments.count == count + 1, "the stranger's own comment")
        }
        #expect(stage.reactions == ["-1"])
    }

    @Test func `a pause silences pushes, a command still works, and resuming catches up`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.say("/pause", id: "1", to: router)
            try await stage.review(id: "2", on: router)
            #expect(stage.checks.isEmpty)
            try await stage.say("/review", id: "3", to: router)
            #expect(stage.checks.count == 1)
            stage.push(["src/extra.py": "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"])
            try await stage.review("synchronize", id: "4", on: router)
            #expect(stage.checks.count == 1)
            try await stage.say("/resume", id: "5", to: router)
        }
        #expect(stage.checks.count == 2)
        #expect(stage.lineComments.contains { $0.path == "src/extra.py" })
    }

    @Test func `what a push fixed is told once as fixed, and told again as a finding when it comes back`() async throws {
        let stage = try Stage()
        let broken = "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"
        stage.push(["src/extra.py": broken])
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let told = stage.lineComments.count { $0.path == "src/extra.py" }
            #expect(told >= 1)
            stage.push(["src/extra.py": "x = 1\n"])
            try await stage.review("synchronize", id: "2", on: router)
            #expect(stage.summaries.first?.body.contains("Fixed since an earlier push") == true)
            #expect(stage.lineComments.count { $0.path == "src/extra.py" } == told)
            stage.push(["src/extra.py": broken])
            try await stage.review("synchronize", id: "3", on: router)
            #expect(stage.lineComments.count { $0.path == "src/extra.py" } > told)
        }
    }

    @Test func `a thread resolved by somebody who may write counts no more; a stranger's resolving changes nothing`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            for (number, thread) in stage.lineComments.enumerated() {
                for sender in ["stranger", "mona"] {
                    try await stage.send(
                        stage.forge.resolvedDelivery(
                            thread: thread.id, on: stage.pull, id: "\(sender)-\(number)", secret: Stage.secret, sender: sender), to: router)
                    try await stage.settle(router)
                }
            }
            try await stage.say("/review", id: "9", to: router)
        }
        let summary = try #require(stage.summaries.first { $0.body.contains("fettle summary") })
        #expect(!summary.body.contains("critical") && !summary.body.contains("`src/payments.py:5`"), "\(summary.body)")
        #expect(stage.reviews.filter { $0.author != "mona" }.count == 1)
    }

    @Test func `a question is answered from the change, in its thread, inert`() async throws {
        let stage = try Stage { question in
            question.body.text.contains("fettle_ask")
                ? .json(["answer": "Because @everyone said so: fixes #1 ![x](http://e.vil/x.png)"])
                : .json(["summary": "ok", "findings": []])
        }
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            try await stage.say("/ask why is this safe?", id: "2", to: router)
        }
        let answer = try #require(stage.answers.first)
        #expect(answer.contains("said so"))
        let own = answer.split(separator: "\n").filter { !$0.hasPrefix("<!-- fettle answer") }.joined(separator: "\n")
        #expect(Actions(in: own).found.isEmpty, "\(answer)")
        #expect(stage.model?.questions.contains { $0.body.text.contains("why is this safe?") } == true)
    }

    @Test func `a task may have a model of its own`() async throws {
        let stage = try Stage(settings: ["FETTLE_LLM_TASKS": "ask=small"]) { question in
            question.body.text.contains("fettle_ask") ? .json(["answer": "Yes."]) : .json(["summary": "ok", "findings": []])
        }
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            try await stage.say("/ask is this safe?", id: "2", to: router)
        }
        #expect(stage.model?.questions.map { $0.body["model"]?.string } == ["scripted", "small"])
        #expect(stage.answers.first?.contains("Yes.") == true)
    }

    @Test func `without a model a question gets a sentence`() async throws {
        let stage = try Stage()
        try await stage.perform { router in try await stage.say("/ask why?", id: "1", to: router) }
        #expect(stage.answers.first?.contains("No model is configured") == true)
    }
}
