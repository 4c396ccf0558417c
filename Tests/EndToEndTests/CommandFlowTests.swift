import Basics
import Forge
import HTTP
import SandboxForge
import Testing

/// Commands in comments, from the signed delivery to what the conversation shows.
@Suite(.serialized) struct CommandFlowTests {
    @Test(arguments: ForgeKind.allCases) func `help lists what may be asked, once`(forge: ForgeKind) async throws {
        let stage = try Stage(on: forge)
        try await stage.perform { router in
            try await stage.say("/help", id: "1", to: router)
            try await stage.say("thanks", id: "2", to: router)
        }
        #expect(stage.answers.count == 1)
        #expect(stage.answers.first?.contains("/review") == true)
    }

    @Test(arguments: ForgeKind.allCases) func `review reads the change again although this head was reviewed`(forge: ForgeKind) async throws
    {
        let stage = try Stage(on: forge)
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let reads = stage.forge.requests.count { $0.path.contains("/pulls/1") && $0.method == "GET" }
            try await stage.say("/review", id: "2", to: router)
            #expect(stage.forge.requests.count { $0.path.contains("/pulls/1") && $0.method == "GET" } > reads)
        }
        #expect(stage.reactions == ["eyes"])
        #expect(stage.reviews.count == 1, "nothing new was found, so nothing new is said")
    }

    @Test(arguments: ForgeKind.allCases) func `who may not write is not obeyed, and sees that`(forge: ForgeKind) async throws {
        let stage = try Stage(on: forge)
        try await stage.perform { router in
            for (number, command) in ["/review", "/help", "/review --model x"].enumerated() {
                try await stage.say(command, by: "stranger", id: "\(number)", to: router)
            }
        }
        #expect(stage.answers.isEmpty)
        #expect(stage.checks.isEmpty)
        #expect(stage.reactions == ["-1", "-1", "-1"])
    }

    @Test func `a bot, our own account and an edited comment give no commands`() async throws {
        let stage = try Stage()
        try await stage.perform { router in
            try await stage.say("/help", by: "fettle-sandbox[bot]", id: "1", to: router)
            try await stage.say("/help", by: "dependabot[bot]", id: "2", to: router)
        }
        #expect(stage.answers.isEmpty)
        #expect(stage.reactions.isEmpty)
    }

    @Test(arguments: ForgeKind.allCases) func `a command in a thread is answered in the thread`(forge: ForgeKind) async throws {
        let stage = try Stage(on: forge)
        try await stage.perform { router in
            try await stage.review(id: "1", on: router)
            let thread = try #require(stage.lineComments.first)
            let before = stage.lineComments.count
            try await stage.answer("/help", inThread: thread.id, id: "2", to: router)
            let added = stage.lineComments.dropFirst(before + 1)
            #expect(added.count == 1)
            #expect(added.first?.path == thread.path)
            #expect(added.first?.line == thread.line)
            #expect(added.first?.body.contains("/review") == true)
        }
        #expect(stage.answers.isEmpty)
    }

    @Test func `a command that cannot be used is told how it is`() async throws {
        let stage = try Stage()
        try await stage.perform { router in try await stage.say("/review with gpt-9", id: "1", to: router) }
        #expect(stage.answers.first?.contains("takes nothing behind it") == true)
        #expect(stage.checks.isEmpty)
    }

    @Test func `an answer whose arrival is not known is not given twice`() async throws {
        let stage = try Stage()
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: "/issues/1/comments"))
        try await stage.perform { router in try await stage.say("/help", id: "1", to: router) }
        #expect(stage.answers.count == 1)
    }
}
