import Basics
import Forge
import ForgeClients
import Testing

struct GitHubDecodingTests {
    static let sha = "0123456789abcdef0123456789abcdef01234567"
    let sha = Self.sha

    private let common: JSONValue = [
        "repository": ["full_name": "octo/demo"], "sender": ["login": "mona", "type": "User"], "installation": ["id": 777],
    ]

    private func decode(_ event: String, _ members: JSONValue) throws -> ForgeEvent {
        let document = (common.object ?? [:]).merging(members.object ?? [:]) { $1 }
        return try GitHubWebhookDialect().decode(event: event, body: JSONValue.object(document).serialized())
    }

    private var repository: RepositoryReference {
        get throws { RepositoryReference(forge: .github, name: try #require(RepositoryName("octo/demo")), installation: 777) }
    }

    private func pullRequest(_ action: String, merged: Bool = false, changes: JSONValue = [:]) -> JSONValue {
        [
            "action": .string(action), "number": 7, "changes": changes,
            "pull_request": ["number": 7, "merged": .bool(merged), "head": ["sha": .string(sha)]],
        ]
    }

    @Test(arguments: [
        ("opened", PullRequestEvent.Action.opened), ("reopened", .reopened), ("synchronize", .pushed),
        ("ready_for_review", .readyForReview),
    ])
    func `a pull request's actions are told apart`(name: String, action: PullRequestEvent.Action) throws {
        let expected = PullRequestEvent(
            action: action, pullRequest: PullRequestReference(repository: try repository, number: 7), head: try #require(CommitID(sha)),
            sender: Account(login: "mona", kind: .user))
        #expect(try decode("pull_request", pullRequest(name)) == .pullRequest(expected))
    }

    @Test func `closing says whether it merged`() throws {
        for merged in [true, false] {
            guard case .pullRequest(let event) = try decode("pull_request", pullRequest("closed", merged: merged)) else {
                Issue.record("not a pull request event")
                return
            }
            #expect(event.action == .closed(merged: merged))
        }
    }

    @Test func `an edit counts only when the base changed`() throws {
        let retargeted = try decode("pull_request", pullRequest("edited", changes: ["base": ["ref": ["from": "main"]]]))
        guard case .pullRequest(let event) = retargeted else {
            Issue.record("not a pull request event")
            return
        }
        #expect(event.action == .retargeted)
        #expect(
            try decode("pull_request", pullRequest("edited", changes: ["title": ["from": "x"]]))
                == .unhandled(event: "pull_request", action: "edited"))
    }

    @Test func `a signed review replayed under another name leads to nothing`() throws {
        let review: JSONValue = ["action": "edited", "review": ["id": 1], "pull_request": ["number": 7, "head": ["sha": .string(sha)]]]
        #expect(throws: MalformedDelivery(reason: "number: missing")) { try decode("pull_request", review) }
        // No installation is edited: so much a glance tells.
        #expect(try decode("installation", review) == .unhandled(event: "installation", action: "edited"))
        #expect(throws: MalformedDelivery(reason: "zen: missing")) { try decode("ping", review) }
        #expect(throws: MalformedDelivery(reason: "comment: missing")) { try decode("issue_comment", ["issue": ["number": 1]]) }
    }

    @Test func `installation events carry account and repositories`() throws {
        let installation: JSONValue = ["id": 5, "account": ["login": "octo", "type": "Organization"]]
        let created = try decode("installation", ["action": "created", "installation": installation])
        #expect(created == .installation(InstallationEvent(action: .created, installation: 5, account: "octo")))
        let changed = try decode(
            "installation_repositories",
            [
                "action": "added", "installation": installation, "repositories_added": [["full_name": "octo/new"]],
                "repositories_removed": [],
            ])
        let added = InstallationEvent.Action.repositoriesChanged(added: [try #require(RepositoryName("octo/new"))], removed: [])
        #expect(changed == .installation(InstallationEvent(action: added, installation: 5, account: "octo")))
    }

    @Test func `a re-run, a merge group, a comment and a workflow run are read`() throws {
        let commit = try #require(CommitID(sha))
        let run: JSONValue = ["name": "fettle / review", "head_sha": .string(sha), "pull_requests": [["number": 3]]]
        #expect(
            try decode("check_run", ["action": "rerequested", "check_run": run])
                == .checkRunRerequested(
                    CheckRunEvent(repository: try repository, commit: commit, checkName: "fettle / review", pullRequests: [3])))
        #expect(
            try decode("merge_group", ["action": "checks_requested", "merge_group": ["head_sha": .string(sha)]])
                == .mergeGroup(MergeGroupEvent(repository: try repository, head: commit)))
        let comment: JSONValue = ["id": 9, "user": nil, "body": nil]
        #expect(
            try decode("issue_comment", ["action": "created", "issue": ["number": 4, "pull_request": [:]], "comment": comment])
                == .comment(
                    CommentEvent(
                        action: .created, repository: try repository, number: 4, isPullRequest: true, commentID: 9,
                        author: Account(login: "ghost", kind: .user), body: "")))
        let workflow: JSONValue = [
            "id": 11, "run_attempt": 2, "name": "CI", "head_branch": nil, "head_sha": .string(sha), "conclusion": "failure",
        ]
        #expect(
            try decode("workflow_run", ["action": "completed", "workflow_run": workflow])
                == .workflowRun(
                    WorkflowRunEvent(
                        repository: try repository, runID: 11, attempt: 2, name: "CI", branch: nil, commit: commit, conclusion: "failure",
                        pullRequests: [])))
    }

    @Test func `what nobody handles is counted with its action`() throws {
        #expect(try decode("star", ["action": "created"]) == .unhandled(event: "star", action: "created"))
        #expect(try decode("push", [:]) == .unhandled(event: "push", action: nil))
    }

    @Test(arguments: [
        (#"{"action":"opened","number":7,"pull_request":{"number":7,"head":{"sha":"nonsense"}}}"#, "pull_request.head.sha"),
        (#"{"action":"opened","number":"7","pull_request":{"number":7}}"#, "number: expected a whole number"),
        (#"{"action":"opened","number":0,"pull_request":{"number":7}}"#, "number: expected a number above 0"),
        (#"{"action":"opened","number":8,"pull_request":{"number":7,"head":{"sha":"\#(sha)"}}}"#, "number: is not"),
        (#"{"action":"opened","number":7,"pull_request":{"number":7,"head":{"sha":"\#(sha)"}}}"#, "repository: missing"),
        (#"{"repository":{"full_name":"../.."}}"#, "repository.full_name"),
        (#"{"installation":{"id":"1"}}"#, "installation.id: expected a whole number"),
        ("[]", "document: expected an object"),
        ("{", "not valid JSON"), ("", "not valid JSON"),
    ])
    func `a malformed body is refused with the path`(body: String, reason: String) {
        do {
            let event = try GitHubWebhookDialect().decode(event: "pull_request", body: Array(body.utf8))
            Issue.record("decoded as \(event)")
        } catch {
            #expect(error.reason.hasPrefix(reason), "\(error.reason)")
        }
    }
}
