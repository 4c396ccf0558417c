import Basics
import Forge
import ForgeClients
import HTTP
import SandboxForge
import TestSupport
import Testing
import Text

/// The table of permissions is what the code uses: no more, no less.
struct GitHubPermissionTests {
    private func text(_ text: String) -> PublishableText { PublishableText(checked: text) }

    /// Every call the client can make, as an App.
    private func makeEveryCall() async throws -> [SandboxRequest] {
        let stage = try await ForgeUnderTest.gitHubApp.stage()
        let client = try #require(stage.client as? GitHubClient)
        let repository = stage.repository
        let pull = try await client.pullRequest(stage.pull)
        _ = try await client.changedFiles(of: stage.pull)
        _ = try await client.file("README.md", at: pull.head.commit, in: repository, limit: 1000)
        _ = try await client.createReview(on: stage.pull, ReviewDraft(commit: pull.head.commit, body: text("b"), comments: []))
        _ = try await client.reviewComments(on: stage.pull)
        let comment = try await client.createComment(on: stage.pull, text("c"))
        try await client.updateComment(comment, on: stage.pull, text("d"))
        _ = try await client.comments(on: stage.pull)
        let check = CheckDraft(
            name: "n", commit: pull.head.commit, status: .inProgress, title: text("t"), summary: text("s"), annotations: [], externalID: "k"
        )
        try await client.updateCheck(try await client.createCheck(in: repository, check), in: repository, check)
        _ = try await client.checks(on: pull.head.commit, in: repository, externalID: "k")
        stage.forge.annotate(
            pull.head.commit, in: repository.name, by: "lint",
            [["path": "README.md", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"]])
        #expect(try await client.annotations(on: pull.head.commit, in: repository, limit: 1).count == 1)
        _ = try await client.permission(of: "mona", in: repository)
        try await client.react(.eyes, to: comment, isOnLine: false, in: repository)
        let onLine = ReviewDraft.Comment(path: ".github/workflows/greet.yml", side: .new, startLine: nil, line: 1, body: text("e"))
        _ = try await client.createReview(on: stage.pull, ReviewDraft(commit: pull.head.commit, body: text("b"), comments: [onLine]))
        let line = try #require(try await client.reviewComments(on: stage.pull).first)
        _ = try await client.reply(to: line, on: stage.pull, text("f"))
        try await client.react(.agree, to: line.id, isOnLine: true, in: repository)
        _ = try await client.commits(of: stage.pull)
        _ = try await client.compare(pull.base.commit, with: pull.head.commit, in: repository)

        let issue = try await client.createIssue(in: repository, IssueDraft(title: text("t"), body: text("b"), labels: ["l"]))
        try await client.updateIssue(issue, in: repository, title: nil, body: nil, isOpen: false)
        _ = try await client.issues(labelled: "l", in: repository)
        #expect(try await client.issue(issue, in: repository)?.title.raw == "t")

        let run = try #require(
            stage.forge.addRun("CI", on: "main", of: repository.name, conclusion: "failure", jobs: [("test", "failure", "boom")]))
        _ = try await client.workflowRun(run, in: repository)
        let job = try #require(try await client.jobs(of: run, attempt: 1, in: repository).first)
        _ = try await client.log(ofJob: job.id, in: repository, limit: 1000)

        try await client.createBranch("b", at: pull.base.commit, in: repository)
        _ = try await client.commit(["a": "a"], to: "b", parent: pull.base.commit, message: text("m"), in: repository)
        let draft = PullRequestDraft(title: text("t"), body: text("b"), head: "b", base: "main", isDraft: false)
        let opened = try await client.openPullRequest(in: repository, draft)
        try await client.updatePullRequest(opened, in: repository, title: text("u"), body: text("v"))
        _ = try await client.defaultBranch(of: repository)
        _ = try await client.tip(of: "main", in: repository)
        _ = try await client.tree(at: pull.base.commit, in: repository)
        _ = try await client.openPullRequests(from: "b", in: repository)
        let deployment = try await client.createDeployment(of: pull.head.commit, to: "e", mark: "m", in: repository)
        _ = try await client.deployments(to: "e", in: repository)
        _ = try await client.stateOfDeployment(deployment, in: repository)
        try await client.reportDeployment(
            deployment, of: pull.head.commit, to: "e", state: .success, url: nil, description: text("d"), in: repository)

        let unknown = RepositoryReference(forge: .github, name: repository.name, installation: nil)
        _ = try await stage.access.client(for: unknown)
        let delivery = try #require(stage.forge.pullRequestDelivery("opened", stage.pull, id: "d", secret: Secret("s")))
        _ = try await stage.forge.send(delivery, to: "http://x.test/", with: ScriptedHTTPClient([.success(.json(500, [:]))]))
        let log = try #require(stage.access as? any HookDeliveryLog)
        for delivery in try await log.deliveries(since: Timestamp(seconds: 0)) { try await log.redeliver(delivery.id) }
        return stage.forge.requests
    }

    private func matches(_ endpoint: GitHubPermissions.Endpoint, _ request: SandboxRequest) -> Bool {
        guard endpoint.method == request.method else { return false }
        let pattern = endpoint.pattern.split(separator: "/")
        let path = request.path.split(separator: "/")
        let takesRest = pattern.last?.hasSuffix("...}") == true
        guard takesRest ? path.count >= pattern.count : path.count == pattern.count else { return false }
        return zip(pattern, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    @Test func `every endpoint called is in the table, and every row is called`() async throws {
        let requests = try await makeEveryCall().filter { !$0.path.hasPrefix("/blobs/") }
        for request in requests {
            #expect(GitHubPermissions.endpoints.contains { matches($0, request) }, "\(request.method) \(request.path)")
        }
        for endpoint in GitHubPermissions.endpoints {
            #expect(requests.contains { matches(endpoint, $0) }, "\(endpoint.method) \(endpoint.pattern)")
        }
    }

    @Test func `a review alone needs four permissions and can write no code`() {
        #expect(
            GitHubPermissions.needed(for: [.review]) == [
                GitHubPermission("checks", .write), GitHubPermission("contents", .read), GitHubPermission("metadata", .read),
                GitHubPermission("pull_requests", .write),
            ])
    }

    @Test func `what an App lacks for a purpose is named`() async throws {
        let stage = try await ForgeUnderTest.gitHubApp.stage()
        let grants = try #require(try await (stage.access as? GitHubAccess)?.grants())
        #expect(grants.missingPermissions(for: [.review]).isEmpty)
        #expect(grants.missingEvents(for: [.review]).isEmpty)
        #expect(
            grants.missingPermissions(for: [.proposals, .workflowRuns]) == [
                GitHubPermission("actions", .read), GitHubPermission("contents", .write), GitHubPermission("workflows", .write),
            ])
        #expect(grants.missingEvents(for: [.workflowRuns]) == ["workflow_run"])
        let token = try await ForgeUnderTest.gitHubToken.stage()
        #expect(try await (token.access as? GitHubAccess)?.grants() == nil)
    }

    @Test func `the manifest asks for the table and nothing else`() {
        let manifest = GitHubManifest.document(
            name: "fettle", site: "https://f.test", webhook: "https://f.test/webhooks/github", redirect: "http://127.0.0.1/done",
            purposes: [.review])
        #expect(manifest["default_permissions"] == ["checks": "write", "contents": "read", "pull_requests": "write"])
        #expect(
            manifest["default_events"] == [
                "check_run", "issue_comment", "merge_group", "pull_request", "pull_request_review_comment", "pull_request_review_thread",
            ])
        #expect(manifest["hook_attributes"]?["url"] == "https://f.test/webhooks/github")
        #expect(manifest["public"] == false)
    }

    @Test func `every event subscribed to is decoded, and every decoded one comes`() {
        let all = GitHubPermissions.events(for: Set(GitHubPermissions.Purpose.allCases)) + GitHubPermissions.unaskedEvents
        let dialect = GitHubWebhookDialect()
        for event in all {
            #expect(throws: MalformedDelivery.self, "\(event)") { try dialect.decode(event: event, body: Array("{}".utf8)) }
        }
        let others = ["push", "issues", "pull_request_review", "check_suite", "status", "deployment", "star", "workflow_job", "create"]
        for event in others {
            #expect(throws: Never.self, "\(event)") { try dialect.decode(event: event, body: Array("{}".utf8)) }
        }
    }
}
