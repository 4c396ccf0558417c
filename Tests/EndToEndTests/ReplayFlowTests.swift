import Basics
import Forge
import HTTP
import Jobs
import Policy
import Review
import SandboxForge
import Storage
import TestSupport
import Testing

/// The record of a review gives the published texts again.
@Suite(.serialized) struct ReplayFlowTests {
    private static let reply: JSONValue = [
        "summary": "Charges in a currency.",
        "findings": [
            [
                "path": "src/payments.py", "quote": "    return client.charge(customer.card, cents, currency)", "side": "new", "line": 1,
                "severity": "high", "category": "bug", "title": "The currency is not checked", "body": "Any text is taken.",
                "suggestion": nil, "confidence": 0.9,
            ]
        ],
    ]

    private func bundle(_ stage: Stage) async throws -> ReviewBundle? {
        let database = try SQLiteDatabase(.file(path: "\(stage.folder.path)/fettle.sqlite"))
        let name = ReviewRequest.concurrencyKey(stage.pull)
        let bytes = try await database.read { try ReviewBundles.bundle(of: name, $0) }
        await database.close()
        return try bytes.map { try ReviewBundle.read($0) }
    }

    @Test(arguments: ForgeKind.allCases) func `what was published is had again byte for byte, offline`(forge: ForgeKind) async throws {
        let stage = try Stage(on: forge, settings: ["FETTLE_LLM_PRICES": "scripted=2/8@2020-01-01"]) { _ in .json(Self.reply) }
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        let bundle = try #require(try await bundle(stage))
        let plan = try #require(await bundle.replayedPlan(redactor: Redactor()))
        #expect(stage.summaries.map(\.body) == [plan.summary.text])
        #expect(stage.lineComments.map(\.body) == plan.review?.comments.map(\.body.text))
        #expect(stage.lineComments.contains { $0.body.contains("The currency is not checked") })
    }

    @Test func `the record of a second review knows what stood before it, and of a refused one what was refused`() async throws {
        let stage = try Stage { _ in .json(Self.reply) }
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            stage.forge.inject(SandboxFault(.status(422), method: .post, pathSuffix: "/reviews", times: 20))
            stage.push(["src/extra.py": "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"])
            try await stage.review("synchronize", id: "2", on: router)
        }
        let bundle = try #require(try await bundle(stage))
        let plan = try #require(await bundle.replayedPlan(redactor: Redactor()))
        #expect(stage.summaries.map(\.body) == [plan.summary.text])
        let onFiles = stage.lineComments.filter { $0.line == 0 }.map(\.body)
        #expect(!onFiles.isEmpty && onFiles == plan.fileComments.map(\.body.text))
    }

    @Test func `nothing is kept where the operator does not want it`() async throws {
        let stage = try Stage(settings: ["FETTLE_REVIEW_KEEP_DAYS": "0"]) { _ in .json(Self.reply) }
        try await stage.perform { router in try await stage.review(id: "1", on: router) }
        #expect(try await bundle(stage)?.version == nil)
    }
}
