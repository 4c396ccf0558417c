import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

@testable import fettle

/// From a signed delivery to what the pull request shows.
@Suite(.serialized) struct ReviewFlowTests {
    @Test func `a signed delivery ends in one review, one summary and one completed check, in at most eight calls`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            #expect(try await stage.deliver("opened", id: "1", to: router).status == 202)
            try await stage.settle(router)
        }
        #expect(stage.reviews.count == 1)
        #expect(stage.summaries.count == 1)
        #expect(stage.checks.map(\.status) == ["completed"])
        #expect(Set(stage.lineComments.map(\.path)) == ["src/payments.py", "src/orders.py", ".github/workflows/greet.yml"])
        let identity = ["/app", "/access_tokens", "/app/hook/deliveries"]
        #expect(stage.forge.requests.filter { request in !identity.contains { request.path.hasSuffix($0) } }.count <= 8)
    }

    @Test func `the same delivery again and other events about the same head change nothing`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
            for (action, id) in [("opened", "1"), ("reopened", "2"), ("ready_for_review", "3")] {
                #expect(try await stage.deliver(action, id: id, to: router).status == 202)
                try await stage.settle(router)
            }
        }
        #expect(stage.reviews.count == 1)
        #expect(stage.summaries.count == 1)
        #expect(stage.checks.count == 1)
    }

    @Test func `a push edits the summary and comments only on what is new`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
            let before = stage.lineComments.count
            stage.push(["src/extra.py": "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"])
            try await stage.deliver("synchronize", id: "2", to: router)
            try await stage.settle(router)
            let added = stage.lineComments.dropFirst(before)
            #expect(!added.isEmpty)
            #expect(added.allSatisfy { $0.path == "src/extra.py" })
        }
        #expect(stage.summaries.count == 1)
        #expect(stage.checks.map(\.status) == ["completed", "completed"])
    }

    @Test func `a secret in the diff is neither prompted nor published`() async throws {
        let stage = try Stage { _ in .json(["summary": "ok", "findings": []]) }
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
        }
        let key = ["AKIA", "QYLPMN5HFIQR7XYA"].joined()
        #expect(stage.model?.questions.isEmpty == false)
        #expect(stage.model?.questions.contains { $0.body.text.contains(key) } == false)
        let published = stage.summaries.map(\.body) + stage.lineComments.map(\.body) + stage.checks.map(\.summary)
        #expect(!published.contains { $0.contains(key) })
    }

    @Test(arguments: [
        ScriptedModelServer.Answer.status(500, message: "out of order"), .empty, .withheld,
        .cutOff(#"{"summary": "x", "findings": [{"path"#),
        .text("I am a teapot."), .raw(200, contentType: "text/html", body: "<html>"), .status(404, message: "no such model"),
    ])
    func `whatever the model does, the check is completed and says it was not wholly read`(answer: ScriptedModelServer.Answer) async throws
    {
        let stage = try Stage { _ in answer }
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
        }
        let check = try #require(stage.checks.first)
        #expect(stage.checks.count == 1)
        #expect(check.status == "completed")
        #expect(check.conclusion == "neutral")
        #expect(stage.summaries.count == 1)
        #expect((stage.model?.questions.count ?? 0) <= 3)
    }

    @Test func `a draft is left alone until it is ready`() async throws {
        let stage = try Stage()
        let name = stage.pull.repository.name
        stage.forge.push(to: "draft", of: name, changes: ["a.py": "<<<<<<< a\n=======\n>>>>>>> b\n"])
        let draft = try #require(stage.forge.openPullRequest(in: name, from: "draft", title: "Later", isDraft: true))
        try await stage.perform { router in
            let delivery = try #require(stage.forge.pullRequestDelivery("opened", draft, id: "d", secret: Stage.secret))
            _ = await router.respond(
                to: HTTPRequest(method: .post, path: "/webhooks/github", headers: delivery.headers, body: delivery.body))
            try await stage.settle(router)
        }
        #expect(stage.checks.isEmpty)
        #expect(stage.forge.comments(on: draft.number, in: name).isEmpty)
    }

    @Test func `when the forge refuses the comments, every finding is told in the summary`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.status(422), method: .post, pathSuffix: "/reviews", times: 10))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
        }
        #expect(stage.lineComments.allSatisfy { $0.line == 0 }, "the gravest have a comment on their file")
        let summary = try #require(stage.summaries.first)
        #expect(summary.body.contains("is pasted into a script"))
        #expect(stage.checks.map(\.status) == ["completed"])
    }

    @Test func `a review whose answer was lost is not posted again`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: "/reviews"))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
        }
        #expect(stage.reviews.count == 1)
        #expect(stage.summaries.count == 1)
    }

    /// Under a list that lags the second attempt sees but some of the first one's comments.
    @Test func `a review posted just before a crash is not posted in part again, whatever the forge's list leaves out`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.hangAfterActing(.seconds(600)), method: .post, pathSuffix: "/reviews"))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.wait("the review to be posted") { !stage.reviews.isEmpty }
        }
        stage.forge.inject(SandboxFault(.lag, method: .get, pathSuffix: "/comments", times: 2))
        try await stage.perform { router in try await stage.settle(router) }
        #expect(stage.reviews.count == 1)
        #expect(stage.summaries.count == 1)
        #expect(stage.checks.map(\.status) == ["completed"])
    }

    @Test func `a model that finds other things after a crash adds them to the summary, not as a second review`() async throws {
        let stage = try Stage { question in
            let isFirst = question.earlier == 0
            let finding: JSONValue = [
                "path": .string(isFirst ? "src/payments.py" : "src/orders.py"),
                "quote": .string(
                    isFirst ? "return client.charge(customer.card, cents, currency)" : "return cents - round(cents * percent / 100)"),
                "side": "new", "line": 1, "severity": "high", "category": "bug", "body": "It is wrong.", "suggestion": nil,
                "confidence": 0.9,
                "title": .string(isFirst ? "The first time" : "Another time"),
            ]
            return .json(["summary": "ok", "findings": [finding]])
        }
        stage.forge.inject(SandboxFault(.hangAfterActing(.seconds(600)), method: .post, pathSuffix: "/reviews"))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.wait("the review to be posted") { !stage.reviews.isEmpty }
        }
        try await stage.perform { router in try await stage.settle(router) }
        #expect(stage.reviews.count == 1)
        #expect(stage.summaries.count == 1)
        #expect(stage.lineComments.contains { $0.body.contains("The first time") })
        #expect(stage.summaries.first?.body.contains("Another time") == true)
    }

    @Test func `without the right to write checks the review is posted all the same`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.status(403), pathSuffix: "/check-runs", times: 100))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.settle(router)
        }
        #expect(stage.reviews.count == 1)
        #expect(stage.checks.isEmpty)
    }

    @Test func `a service that ends in the middle is taken up by the next one, and the review comes once`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.hang(.seconds(600)), method: .get, pathSuffix: "/files"))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.wait("the review to be under way") { stage.forge.requests.contains { $0.path.hasSuffix("/files") } }
            #expect(stage.checks.map(\.status) == ["in_progress"])
        }
        #expect(stage.reviews.isEmpty)
        try await stage.perform { router in try await stage.settle(router) }
        #expect(stage.reviews.count == 1)
        #expect(stage.checks.map(\.status) == ["completed"])
    }

    @Test func `a pull request closed during its review leaves no open check`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.hang(.seconds(600)), method: .get, pathSuffix: "/files"))
        try await stage.perform { router in
            try await stage.deliver("opened", id: "1", to: router)
            try await stage.wait("the review to be under way") { stage.forge.requests.contains { $0.path.hasSuffix("/files") } }
            #expect(stage.checks.map(\.status) == ["in_progress"])
            stage.forge.close(stage.pull.number, in: stage.pull.repository.name, merged: false)
            try await stage.deliver("closed", id: "2", to: router)
            try await stage.settle(router)
        }
        #expect(stage.checks.map(\.conclusion) == ["cancelled"])
        #expect(stage.reviews.isEmpty)
    }
}
