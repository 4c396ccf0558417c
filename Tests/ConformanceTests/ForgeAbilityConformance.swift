import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

/// What the abilities beside `ForgeClient` promise, over every implementation.
@Suite struct ForgeAbilityConformance {
    private func text(_ text: String) -> PublishableText { PublishableText(checked: text) }

    @Test(arguments: ForgeUnderTest.all) func `an issue is opened, found by its label, changed, commented and closed`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        let tracker = try #require(stage.client as? any IssueTracker)
        let draft = IssueDraft(title: text("It broke"), body: text("Look: <!-- marker -->"), labels: ["fettle", "ci failure"])
        let number = try await tracker.createIssue(in: stage.repository, draft)
        _ = try await tracker.createIssue(in: stage.repository, IssueDraft(title: text("Other"), body: text("b"), labels: ["other"]))
        let found = try await tracker.issues(labelled: "ci failure", in: stage.repository)
        #expect(found.map(\.number) == [number])
        #expect(found.first?.isOurs == true)
        #expect(found.first?.labels.map(\.raw) == ["fettle", "ci failure"])
        #expect(found.first?.body.raw == "Look: <!-- marker -->")
        _ = try await tracker.createIssueComment(number, in: stage.repository, text("again"))
        try await tracker.updateIssue(number, in: stage.repository, title: text("Fixed"), body: nil, isOpen: false)
        let closed = try #require(try await tracker.issues(labelled: "ci failure", in: stage.repository).first)
        #expect(!closed.isOpen)
        #expect(closed.title.raw == "Fixed")
        #expect(try await tracker.issueComments(number, in: stage.repository).map(\.body.raw) == ["again"])
        #expect(try await tracker.issues(labelled: "never used", in: stage.repository).isEmpty)
    }

    @Test(arguments: ForgeUnderTest.all) func `a failed run is read down to its logs, which are fetched without our credential`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        let reader = try #require(stage.client as? any WorkflowRunReader)
        let id = try #require(
            stage.forge.addRun(
                "CI", on: "currency", of: stage.repository.name, attempt: 2, conclusion: "failure",
                jobs: [("lint", "success", "fine\n"), ("test", "failure", "Error: boom\n")]))
        let run = try await reader.workflowRun(id, in: stage.repository)
        #expect(run.attempt == (forge.kind == .gitea ? 1 : 2), "Gitea counts the attempts of jobs, not of runs")
        #expect(run.conclusion == "failure")
        #expect(run.commit == stage.forge.head(of: "currency", in: stage.repository.name))
        #expect(run.headRepository == stage.repository.name)
        let jobs = try await reader.jobs(of: id, attempt: 2, in: stage.repository)
        #expect(jobs.map(\.name.raw) == ["lint", "test"])
        #expect(jobs.last?.steps.map(\.conclusion) == ["failure"])
        #expect(jobs.map(\.attempt) == [2, 2])
        #expect(run.pullRequests.isEmpty)
        let forPull = try #require(
            stage.forge.addRun(
                "CI", on: "currency", of: stage.repository.name, conclusion: "failure", pullRequest: stage.pull.number, jobs: []))
        #expect(try await reader.workflowRun(forPull, in: stage.repository).pullRequests == [stage.pull.number])
        let head = try await reader.workflowRuns(of: run.commit, in: stage.repository, limit: 10)
        #expect(head.map(\.id) == [forPull, id], "newest first")
        #expect(try await reader.workflowRuns(of: run.commit, in: stage.repository, limit: 1).map(\.id) == [forPull])
        let other = try #require(CommitID(String(repeating: "0", count: 40)))
        #expect(try await reader.workflowRuns(of: other, in: stage.repository, limit: 10).isEmpty)
        let failed = try #require(jobs.last)
        let log = try await reader.log(ofJob: failed.id, in: stage.repository, limit: .kibibytes(1))
        #expect(log == Array("Error: boom\n".utf8))
        #expect(try await reader.log(ofJob: 999_999, in: stage.repository, limit: .kibibytes(1)) == nil)
        await #expect(throws: ForgeError.self) { try await reader.log(ofJob: failed.id, in: stage.repository, limit: 3) }
    }

    @Test(arguments: ForgeUnderTest.all) func `permissions are told apart`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let reader = try #require(stage.client as? any PermissionReader)
        stage.forge.setPermission("write", of: "writer", in: stage.repository.name)
        stage.forge.setPermission("none", of: "banned", in: stage.repository.name)
        let logins: [UntrustedText] = ["mona", "writer", "stranger", "banned", "../../../user"]
        var found: [RepositoryPermission] = []
        for login in logins { found.append(try await reader.permission(of: login, in: stage.repository)) }
        #expect(found == [.admin, .write, .read, .none, .read] || found == [.admin, .write, .read, .none, .none])
        #expect(!stage.forge.requests.contains { $0.path.hasSuffix("/user/permission") && !$0.path.contains("/collaborators/") })
    }

    @Test(arguments: ForgeUnderTest.all) func `commits come oldest first`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let reader = try #require(stage.client as? any CommitReader)
        let name = stage.repository.name
        stage.forge.push(to: "currency", of: name, changes: ["a": "a\n"], message: "second")
        stage.forge.push(to: "currency", of: name, changes: ["b": "b\n"], message: "third")
        let messages = ["Charge in the customer's currency", "second", "third"]
        #expect(try await reader.commits(of: stage.pull).map(\.message.raw) == messages)
        let base = try #require(stage.forge.head(of: "main", in: name))
        let head = try #require(stage.forge.head(of: "currency", in: name))
        let comparison = try await reader.compare(base, with: head, in: stage.repository)
        #expect(comparison.commits.map(\.message.raw) == messages)
        #expect(!comparison.isTruncated)
        if let files = comparison.files { #expect(files.files.count == 5) }
    }

    @Test(arguments: ForgeUnderTest.all) func `a proposal is a branch, one commit and a pull request`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let writer = try #require(stage.client as? any RepositoryWriter)
        let name = stage.repository.name
        let main = try #require(stage.forge.head(of: "main", in: name))
        try await writer.createBranch("fettle/workflow", at: main, in: stage.repository)
        await #expect(throws: ForgeError.self) { try await writer.createBranch("fettle/workflow", at: main, in: stage.repository) }
        let changes: [String: String?] = ["new.txt": "new\n", "README.md": "changed ü\n", "src/orders.py": nil, "never there": nil]
        let present = forge.kind == .gitea ? changes : changes.filter { $0.key != "never there" }
        let commit = try await writer.commit(present, to: "fettle/workflow", parent: main, message: text("Add"), in: stage.repository)
        #expect(stage.forge.head(of: "fettle/workflow", in: name) == commit)
        #expect(stage.forge.file("new.txt", at: "fettle/workflow", in: name) == "new\n")
        #expect(stage.forge.file("README.md", at: "fettle/workflow", in: name) == "changed ü\n")
        #expect(stage.forge.file("src/orders.py", at: "fettle/workflow", in: name) == nil)
        #expect(stage.forge.file("src/payments.py", at: "fettle/workflow", in: name) != nil)
        await #expect(throws: ForgeError.self, "the branch moved since") {
            try await writer.commit(["x": "y"], to: "fettle/workflow", parent: main, message: text("Add"), in: stage.repository)
        }
        #expect(try await writer.openPullRequests(from: "fettle/workflow", in: stage.repository).isEmpty)
        let draft = PullRequestDraft(title: text("A workflow"), body: text("b"), head: "fettle/workflow", base: "main", isDraft: false)
        let number = try await writer.openPullRequest(in: stage.repository, draft)
        #expect(try await writer.openPullRequests(from: "fettle/workflow", in: stage.repository) == [number])
        try await writer.updatePullRequest(number, in: stage.repository, title: text("Two workflows"), body: text("c"))
        let pull = PullRequestReference(repository: stage.repository, number: number)
        #expect(try await stage.client.pullRequest(pull).title.raw == "Two workflows")
        #expect(try await stage.client.pullRequest(pull).body.raw == "c")
    }

    @Test(arguments: ForgeUnderTest.all) func `a repository is looked at without a clone`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let reader = try #require(stage.client as? any TreeReader)
        let name = stage.repository.name
        let many = Dictionary(uniqueKeysWithValues: (0..<1500).map { ("many/\($0 / 100)/\($0).txt", Optional("\($0)")) })
        let head = try #require(stage.forge.push(to: "many/files", of: name, changes: many))
        #expect(try await reader.defaultBranch(of: stage.repository) == "main")
        #expect(try await reader.tip(of: "main", in: stage.repository) == stage.forge.head(of: "main", in: name))
        #expect(try await reader.tip(of: "many/files", in: stage.repository) == head)
        #expect(try await reader.tip(of: "never there", in: stage.repository) == nil)
        #expect(try await reader.tip(of: "../main", in: stage.repository) == nil)
        let tree = try await reader.tree(at: head, in: stage.repository)
        #expect(!tree.isTruncated)
        #expect(tree.entries.count { $0.path.hasPrefix("many/") } == 1500)
        #expect(tree.entries.contains { $0.path == "README.md" && $0.kind == .file && ($0.size ?? 1) > 0 })
        #expect(Set(tree.entries.map(\.path)).count == tree.entries.count)
    }

    @Test(arguments: ForgeUnderTest.all) func `deployments of others are told with their time, where the forge keeps any`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        guard let log = stage.client as? any DeploymentLog else { return }
        let at = Timestamp(seconds: 1_800_000_000)
        stage.forge.addDeployment(of: "main", to: "production", in: stage.repository.name, at: at)
        let head = try #require(stage.forge.head(of: "main", in: stage.repository.name))
        let found = try await log.latestDeployments(10, in: stage.repository)
        #expect(found == [PastDeployment(commit: head, environment: "production", at: at)])
    }

    @Test(arguments: ForgeUnderTest.all) func `a deployment is shown with its address`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let reporter = try #require(stage.client as? any DeploymentReporter)
        let head = try await stage.client.pullRequest(stage.pull).head.commit
        let id = try await reporter.createDeployment(of: head, to: "preview-1", mark: "m", in: stage.repository)
        try await reporter.reportDeployment(
            id, of: head, to: "preview-1", state: .success, url: "https://preview.test", description: text("Up"), in: stage.repository)
        if forge.kind == .github {
            let deployment = try #require(stage.forge.deployments(in: stage.repository.name).first)
            #expect(deployment.environment == "preview-1")
            let listed = try await reporter.deployments(to: "preview-1", in: stage.repository)
            #expect(listed == [ForgeDeployment(id: id, commit: head, mark: "m")])
            #expect(try await reporter.deployments(to: "preview-2", in: stage.repository).isEmpty)
            #expect(try await reporter.stateOfDeployment(id, in: stage.repository) == "success")
            #expect(deployment.states.map(\.state) == ["success"])
            #expect(deployment.states.map(\.url) == ["https://preview.test"])
        } else {
            let status = try #require(stage.forge.statuses(in: stage.repository.name).last)
            #expect(status.context == "deploy/preview-1")
            #expect(status.state == "success")
            #expect(status.targetURL == "https://preview.test")
        }
    }

    @Test(arguments: [ForgeUnderTest.gitHubApp, .gitHubPersonalToken])
    func `failed deliveries are found over all pages and asked for again`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let logs = try #require(stage.access as? any HookDeliveryLogs)
        let hook = KnownHook(forge: .github, host: "http://sandbox.test", id: "1", repository: stage.repository.name)
        let foreign = KnownHook(forge: .github, host: "http://elsewhere.test", id: "1", repository: stage.repository.name)
        let log = try #require(logs.deliveryLogs(of: [hook, foreign]).first)
        #expect(logs.deliveryLogs(of: [hook, foreign]).count == 1)
        let answers = ScriptedHTTPClient([.success(.json(500, [:]))] + Array(repeating: .success(.json(202, [:])), count: 251))
        for id in ["lost"] + (0..<250).map({ "taken-\($0)" }) {
            let delivery = try #require(stage.forge.pullRequestDelivery("opened", stage.pull, id: id, secret: Secret("s")))
            _ = try await stage.forge.send(delivery, to: "http://fettle.test/webhooks/github", with: answers)
        }
        let start = Timestamp(seconds: 0)
        #expect(try await log.deliveries(since: start).count == 251)
        let toRepeat = HookDelivery.toRepeat(try await log.deliveries(since: start))
        #expect(toRepeat.map(\.guid) == ["lost"])
        for delivery in toRepeat { try await log.redeliver(delivery.id) }
        let again = stage.forge.takeRedeliveries()
        #expect(again.map(\.id) == ["lost"])
        for delivery in again { _ = try await stage.forge.send(delivery, to: "http://fettle.test/webhooks/github", with: answers) }
        #expect(HookDelivery.toRepeat(try await log.deliveries(since: start)).isEmpty)
    }
}
