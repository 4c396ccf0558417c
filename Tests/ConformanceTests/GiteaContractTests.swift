import Basics
import Forge
import ForgeClients
import HTTP
import SandboxForge
import TestSupport
import Testing
import Text

/// Every request of the Gitea client, held against the server's own description of its API. Skipped where the descriptions are absent.
struct GiteaContractTests {
    /// Addresses that appeared after 1.15: only the newer description has them.
    private static let newer = [
        "/actions/", "/permission", "/compare/", "POST /repos/{owner}/{repo}/contents", "POST /repos/{owner}/{repo}/branches",
    ]

    private func text(_ text: String) -> PublishableText { PublishableText(checked: text) }

    private func makeEveryCall() async throws -> [SandboxRequest] {
        let stage = try await ForgeUnderTest.gitea.stage()
        let client = try #require(stage.client as? GiteaClient)
        let repository = stage.repository
        let pull = try await client.pullRequest(stage.pull)
        _ = try await client.changedFiles(of: stage.pull)
        _ = try await client.file("README.md", at: pull.head.commit, in: repository, limit: 1000)
        let comments: [ReviewDraft.Comment] = [
            .init(path: "src/orders.py", side: .new, startLine: nil, line: 6, body: text("n")),
            .init(path: "src/payments.py", side: .old, startLine: nil, line: 6, body: text("o")),
        ]
        _ = try await client.createReview(on: stage.pull, ReviewDraft(commit: pull.head.commit, body: text("b"), comments: comments))
        _ = try await client.reviewComments(on: stage.pull)
        try await client.updateComment(try await client.createComment(on: stage.pull, text("c")), on: stage.pull, text("d"))
        _ = try await client.comments(on: stage.pull)
        let check = CheckDraft(
            name: "n", commit: pull.head.commit, status: .inProgress, title: text("t"), summary: text("s"), annotations: [], externalID: "k"
        )
        try await client.updateCheck(try await client.createCheck(in: repository, check), in: repository, check)
        _ = try await client.checks(on: pull.head.commit, in: repository, externalID: "k")
        _ = try await client.permission(of: "mona", in: repository)
        _ = try await client.commits(of: stage.pull)
        _ = try await client.compare(pull.base.commit, with: pull.head.commit, in: repository)
        let issue = try await client.createIssue(in: repository, IssueDraft(title: text("t"), body: text("b"), labels: ["l"]))
        try await client.updateIssue(issue, in: repository, title: text("u"), body: text("c"), isOpen: false)
        _ = try await client.issues(labelled: "l", in: repository)
        let run = try #require(
            stage.forge.addRun("CI", on: "main", of: repository.name, conclusion: "failure", jobs: [("test", "failure", "boom")]))
        _ = try await client.workflowRun(run, in: repository)
        let job = try #require(try await client.jobs(of: run, attempt: 1, in: repository).first)
        _ = try await client.log(ofJob: job.id, in: repository, limit: 1000)
        try await client.createBranch("b", at: pull.base.commit, in: repository)
        _ = try await client.commit(
            ["a": "a", "README.md": "b"], to: "b", parent: pull.base.commit, message: text("m"), in: repository)
        let draft = PullRequestDraft(title: text("t"), body: text("b"), head: "b", base: "main", isDraft: true)
        _ = try await client.openPullRequest(in: repository, draft)
        _ = try await client.openPullRequests(from: "b", in: repository)
        let id = try await client.createDeployment(of: pull.head.commit, to: "e", mark: "m", in: repository)
        try await client.reportDeployment(
            id, of: pull.head.commit, to: "e", state: .success, url: "https://e.test", description: text("d"), in: repository)
        return stage.forge.requests
    }

    @Test(.enabled(if: SharedData.root != nil), arguments: ["gitea-swagger.v1.json", "gitea-swagger-2026-03.json"])
    func `every request fits the description`(file: String) async throws {
        let description = try SwaggerDescription(try JSONValue(parsing: try #require(SharedData.bytes("data/contracts/\(file)"))))
        let isOld = file == "gitea-swagger.v1.json"
        var checked = 0
        for request in try await makeEveryCall() {
            let faults = description.faults(of: request)
            let isNewer = Self.newer.contains { "\(request.method) \(description.pattern(of: request) ?? request.path)".contains($0) }
            if isOld, isNewer { continue }
            #expect(faults.isEmpty, "\(request.method) \(request.path): \(faults)")
            checked += 1
        }
        #expect(checked > 20)
    }
}

extension GiteaContractTests {
    @Test(.enabled(if: SharedData.root != nil)) func `a request that does not fit is found`() throws {
        let bytes = try #require(SharedData.bytes("data/contracts/gitea-swagger-2026-03.json"))
        let description = try SwaggerDescription(try JSONValue(parsing: bytes))
        let faults = { (method: String, path: String, query: [String: String], body: JSONValue?) in
            description.faults(of: SandboxRequest(method: method, path: "/api/v1/repos/o/r/" + path, query: query, body: body))
        }
        #expect(faults("GET", "nowhere", [:], nil) == ["no such operation"])
        #expect(faults("GET", "raw/a/b.txt", ["ref": "x", "reff": "y"], nil) == ["unknown parameter reff"])
        #expect(faults("POST", "issues/1/comments", [:], ["bdy": "x"]) == ["body.body is missing", "body.bdy is unknown"])
        #expect(
            faults("POST", "pulls/1/reviews", [:], ["comments": [["new_position": "3"]]]) == [
                "body.comments[].new_position: expected integer"
            ])
        #expect(faults("GET", "pulls/1.diff", [:], nil).isEmpty)
    }
}

/// As much of a Swagger 2 description as these requests need: paths, query parameters, and the properties and types of bodies.
private struct SwaggerDescription {
    private let document: JSONValue
    private let paths: [(pattern: [Substring], name: String)]

    init(_ document: JSONValue) throws {
        self.document = document
        paths = (document["paths"]?.object ?? [:]).keys.map { ($0.split(separator: "/"), $0) }
    }

    /// The described path a request is for; the one with most literal parts where several fit.
    func pattern(of request: SandboxRequest) -> String? {
        let path = request.path.dropFirst("/api/v1".count).split(separator: "/")
        let fitting = paths.filter { pattern, _ in fits(pattern, path) }
        return fitting.max { a, b in literals(a.pattern) < literals(b.pattern) }?.name
    }

    private func literals(_ pattern: [Substring]) -> Int { pattern.count { !$0.contains("{") } * 10 + pattern.count { $0.contains(".") } }

    private func fits(_ pattern: [Substring], _ path: [Substring]) -> Bool {
        let takesRest = pattern.last == "{filepath}" || pattern.last == "{branch}"
        guard takesRest ? path.count >= pattern.count : path.count == pattern.count else { return false }
        return zip(pattern, path).allSatisfy { part, segment in
            if !part.contains("{") { return part == segment }
            // `{index}.diff`, `{index}.{diffType}`
            return !part.contains("}.") || segment.contains(".")
        }
    }

    func faults(of request: SandboxRequest) -> [String] {
        guard let pattern = pattern(of: request), let operation = document["paths"]?[pattern]?[request.method.lowercased()] else {
            return ["no such operation"]
        }
        let parameters = operation["parameters"]?.array ?? []
        let queries = parameters.filter { $0["in"]?.string == "query" }.compactMap { $0["name"]?.string }
        // Lists take pages everywhere although not every description says so.
        var faults = request.query.keys.filter { !queries.contains($0) && $0 != "page" && $0 != "limit" }.map { "unknown parameter \($0)" }
        let schema = parameters.first { $0["in"]?.string == "body" }?["schema"]
        if let body = request.body {
            faults += schema.map { self.faults(of: body, $0, at: "body") } ?? ["a body where none is described"]
        }
        return faults
    }

    private func faults(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        let schema = resolved(schema)
        switch (schema["type"]?.string, value) {
        case ("object", .object(let members)):
            let properties = schema["properties"]?.object ?? [:]
            let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
            return missing.map { "\(place).\($0) is missing" }
                + members.flatMap { name, member in
                    properties[name].map { faults(of: member, $0, at: "\(place).\(name)") } ?? ["\(place).\(name) is unknown"]
                }
        case ("array", .array(let elements)):
            return elements.flatMap { faults(of: $0, schema["items"] ?? [:], at: place + "[]") }
        case ("string", .string(let text)):
            let allowed = schema["enum"]?.array ?? []
            return allowed.isEmpty || allowed.contains(.string(text)) ? [] : ["\(place): '\(text)' is not allowed"]
        case ("integer", .integer), ("boolean", .bool), (nil, _): return []
        default: return ["\(place): expected \(schema["type"]?.string ?? "?")"]
        }
    }

    private func resolved(_ schema: JSONValue) -> JSONValue {
        guard let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last else { return schema }
        return document["definitions"]?[String(name)] ?? schema
    }
}
