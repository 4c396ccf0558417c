import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

/// `/generate` and installation, from the signed delivery to the pull request that stands open.
@Suite(.serialized) struct SetupFlowTests {
    private static let manifest =
        #"{"name": "shop", "private": true, "scripts": {"test": "node test.js", "lint": "node lint.js"}, "engines": {"node": ">=22"}}"#
        + "\n"
    private static let base = [
        "package.json": manifest, "package-lock.json": "{\"lockfileVersion\": 3}\n", "index.js": "module.exports = 1\n", "test.js": "\n",
    ]

    private func stage(on forge: ForgeKind = .github, more: [String: String] = [:], settings: [String: String] = [:]) throws -> Stage {
        try Stage(on: forge, base: Self.base.merging(more) { $1 }, settings: settings)
    }

    private func path(_ forge: ForgeKind) -> String { forge == .gitea ? ".gitea/workflows/ci.yml" : ".github/workflows/fettle-ci.yml" }

    private func ours(_ stage: Stage) -> [SandboxPull] {
        stage.forge.pullRequests(in: stage.pull.repository.name).filter { $0.headBranch.hasPrefix("fettle/setup") }
    }

    @Test(arguments: ForgeKind.allCases) func `generate proposes files on a branch of its own, with reasons and checks`(forge: ForgeKind)
        async throws
    {
        let stage = try stage(on: forge)
        let name = stage.pull.repository.name
        let main = stage.forge.head(of: "main", in: name)
        try await stage.perform { router in try await stage.say("/generate", id: "1", to: router) }
        let pull = try #require(ours(stage).first)
        #expect(ours(stage).count == 1)
        #expect(pull.baseBranch == "main")
        #expect(stage.forge.head(of: "main", in: name) == main, "the default branch is never written")
        let workflow = try #require(stage.forge.file(path(forge), at: "fettle/setup", in: name))
        #expect(workflow.contains("npm test"))
        #expect(workflow.contains("# because: package.json:"))
        #expect(stage.forge.file(".github/workflows/ci.yml", at: "fettle/setup", in: name)?.contains("fettle:begin") == false)
        #expect(pull.body.contains("package.json:1"))
        #expect(pull.body.contains("`fettle verify workflow`: 0 errors, 0 warnings"))
        #expect(pull.body.contains("Your existing workflows"))
        #expect(pull.body.contains(".github/workflows/ci.yml:"))
        if forge == .github {
            #expect(pull.body.contains("Proposed changes to them"))
            #expect(pull.body.contains("+++ b/.github/workflows/ci.yml"))
        }
        #expect(stage.answers.count == 1)
        #expect(stage.answers.first?.contains("Proposed in") == true)
        #expect(stage.answers.first?.contains(path(forge)) == true)
    }

    @Test(arguments: ForgeKind.allCases) func `asked again it renews the same pull request and keeps what was changed there`(
        forge: ForgeKind
    )
        async throws
    {
        let stage = try stage(on: forge)
        let (name, path) = (stage.pull.repository.name, path(forge))
        try await stage.perform { router in
            try await stage.say("/generate", id: "1", to: router)
            let head = stage.forge.head(of: "fettle/setup", in: name)
            try await stage.say("/generate", id: "2", to: router)
            #expect(stage.forge.head(of: "fettle/setup", in: name) == head, "nothing differs: nothing is written")
            let text = try #require(stage.forge.file(path, at: "fettle/setup", in: name))
            let edited = text.replacing("run: npm test", with: "run: npm test -- --shout")
            #expect(edited != text)
            stage.forge.push(to: "fettle/setup", of: name, changes: [path: edited])
            let package = Self.manifest.replacing(#""lint": "node lint.js""#, with: #""lint": "node lint.js", "build": "node build.js""#)
            stage.forge.push(to: "main", of: name, changes: ["package.json": package])
            try await stage.say("/generate", id: "3", to: router)
        }
        let text = try #require(stage.forge.file(path, at: "fettle/setup", in: name))
        #expect(text.contains("npm run build"))
        #expect(text.contains("npm test -- --shout"))
        #expect(ours(stage).count == 1)
    }

    @Test func `a pull request whose answer was lost is not opened twice`() async throws {
        let stage = try stage()
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: "/pulls"))
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "bad gateway")), method: .post, pathSuffix: "/git/refs"))
        try await stage.perform { router in try await stage.say("/generate", id: "1", to: router) }
        #expect(ours(stage).count == 1)
        #expect(stage.answers.count == 1)
    }

    @Test(arguments: ForgeKind.allCases) func `a later pull request is told when the generated files no longer follow`(forge: ForgeKind)
        async throws
    {
        let stage = try stage(on: forge)
        let (name, path) = (stage.pull.repository.name, path(forge))
        try await stage.perform { router in
            try await stage.say("/generate", id: "1", to: router)
            let workflow = try #require(stage.forge.file(path, at: "fettle/setup", in: name))
            stage.push([path: workflow])
            try await stage.review(forge == .gitea ? "synchronized" : "synchronize", id: "2", on: router)
            stage.push(["package.json": Self.manifest.replacing(#""test": "node test.js""#, with: #""vitest": "vitest""#)])
            try await stage.review(forge == .gitea ? "synchronized" : "synchronize", id: "3", on: router)
        }
        let head = try #require(stage.forge.head(of: "currency", in: name))
        if forge == .github {
            let checks = stage.checks.filter { $0.name == "fettle / generated" }
            #expect(checks.map(\.conclusion) == ["success", "neutral"])
            let last = try #require(checks.last { $0.commit == head })
            #expect(last.summary.contains("npm run vitest"))
        } else {
            let states = stage.forge.statuses(in: name).filter { $0.context == "fettle / generated" }
            #expect(states.count == 2)
            #expect(states.last?.description.contains(path) == true)
        }
    }

    @Test func `a permission that is missing is named with what to grant`() async throws {
        let stage = try stage()
        let refusal = HTTPResponse.json(403, ["message": "Resource not accessible by integration"])
        stage.forge.inject(SandboxFault(.answer(refusal), method: .post, pathSuffix: "/git/refs"))
        try await stage.perform { router in try await stage.say("/generate", id: "1", to: router) }
        #expect(ours(stage).isEmpty)
        let answer = try #require(stage.answers.first)
        for permission in ["contents: write", "pull_requests: write", "workflows: write"] { #expect(answer.contains(permission)) }
    }

    @Test func `evidence that says two things is told and nothing is proposed`() async throws {
        let stage = try stage(more: ["yarn.lock": "# yarn lockfile v1\n"])
        try await stage.perform { router in try await stage.say("/generate", id: "1", to: router) }
        #expect(ours(stage).isEmpty)
        #expect(stage.answers.first?.contains("no safe choice") == true)
        #expect(stage.answers.first?.contains("yarn.lock") == true)
    }

    @Test func `a model may name a command that is written down, and its word is kept where the owner sees it`() async throws {
        let reply: JSONValue = [
            "commands": [
                ["purpose": "test", "command": "node --test all.js", "path": "CONTRIBUTING.md"],
                ["purpose": "lint", "command": "npx lint-all", "path": "CONTRIBUTING.md"],
            ]
        ]
        let base = [
            "package.json": #"{"name": "shop", "private": true, "scripts": {"build": "node build.js"}}"# + "\n", "index.js": "\n",
            "CONTRIBUTING.md": "# How\n\nRun `node --test all.js` before you push.\n",
        ]
        let stage = try Stage(base: base) { question in question.system.contains("fettle_commands") ? .json(reply) : .empty }
        let name = stage.pull.repository.name
        try await stage.perform { router in
            try await stage.say("/generate", id: "1", to: router)
            let head = stage.forge.head(of: "fettle/setup", in: name)
            try await stage.say("/generate", id: "2", to: router)
            #expect(stage.forge.head(of: "fettle/setup", in: name) == head, "what it named once is known")
        }
        let settings = try #require(stage.forge.file(".fettle.yml", at: "fettle/setup", in: name))
        #expect(settings.contains("test: node --test all.js # CONTRIBUTING.md:3"))
        #expect(!settings.contains("lint-all"), "it stands nowhere")
        let workflow = try #require(stage.forge.file(path(.github), at: "fettle/setup", in: name))
        #expect(workflow.contains("node --test all.js"))
        #expect(workflow.contains("# because: .fettle.yml:4"))
        #expect(ours(stage).first?.body.contains("does not stand in the file it names") == true)
    }

    @Test func `an operator who wants no pull requests gets none`() async throws {
        let stage = try stage(settings: ["FETTLE_PROPOSALS": "off"])
        try await stage.perform { router in try await stage.say("/generate", id: "1", to: router) }
        #expect(ours(stage).isEmpty)
        #expect(stage.answers.first?.contains("FETTLE_PROPOSALS") == true)
    }

    private func installation(of names: [RepositoryName]) -> SandboxDelivery {
        let repositories = names.map { ["full_name": .string($0.description), "name": .string($0.name)] as JSONValue }
        return .github(
            event: "installation",
            payload: [
                "action": "created", "installation": ["id": 777, "account": ["login": "octo", "id": 1, "type": "Organization"]],
                "repositories": .array(repositories), "sender": ["login": "mona", "id": 2, "type": "User"],
            ], id: "installed-\(names.count)", secret: Stage.secret)
    }

    @Test func `installation offers CI once to repositories that have none, and takes no for an answer`() async throws {
        let stage = try stage(settings: ["FETTLE_PROPOSALS": "installation"])
        let bare = try #require(RepositoryName("octo/bare"))
        let own = stage.pull.repository.name
        stage.forge.addRepository(bare, files: Self.base)
        try await stage.perform { router in
            try await stage.send(installation(of: [bare, own]), to: router)
            try await stage.settle(router)
            let pull = try #require(stage.forge.pullRequests(in: bare).first)
            #expect(stage.forge.file(".github/workflows/ci.yml", at: "fettle/setup", in: bare) != nil)
            #expect(stage.forge.file(".github/dependabot.yml", at: "fettle/setup", in: bare) != nil)
            #expect(ours(stage).isEmpty, "it has workflows of its own")
            stage.forge.close(pull.number, in: bare, merged: false)
            try await stage.send(installation(of: [bare]), to: router)
            try await stage.settle(router)
        }
        #expect(stage.forge.pullRequests(in: bare).count == 1)
    }

    @Test func `without the operator's wish installation opens nothing`() async throws {
        let stage = try stage()
        let bare = try #require(RepositoryName("octo/bare"))
        stage.forge.addRepository(bare, files: Self.base)
        try await stage.perform { router in
            try await stage.send(installation(of: [bare]), to: router)
            try await stage.settle(router)
        }
        #expect(stage.forge.pullRequests(in: bare).isEmpty)
    }
}
