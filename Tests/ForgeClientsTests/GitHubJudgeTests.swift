import Basics
import Crypto
import Forge
import ForgeClients
import FoundationEssentials
import HTTP
import Testing
import Text

/// Every call of the client against a server that checks requests by GitHub's own description. Run by `Tests/Peers/github-client`,
/// which reads the judge's verdict afterwards; skipped without it.
struct GitHubJudgeTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let url = environment["FETTLE_JUDGE_URL"]

    private func text(_ text: String) -> PublishableText { PublishableText(checked: text) }

    private func reference() throws -> PullRequestReference {
        let name = try #require(RepositoryName("octo/demo"))
        let number = try #require(Self.environment["FETTLE_JUDGE_PULL"].flatMap { Int($0) })
        return PullRequestReference(repository: RepositoryReference(forge: .github, name: name, installation: 778), number: number)
    }

    /// Installs the App with the permissions of our table and no others, so that the judge refuses what the table forgets.
    private func install() async throws {
        let needed = GitHubPermissions.needed(for: Set(GitHubPermissions.Purpose.allCases))
        let permissions = Dictionary(uniqueKeysWithValues: needed.map { ($0.name, JSONValue.string($0.level.rawValue)) })
        let body: JSONValue = ["id": 778, "account": "octo", "permissions": .object(permissions)]
        let url = try #require(Self.url) + "/_fake/installations"
        let request = ClientRequest(.post, url, headers: ["Content-Type": "application/json"], body: body.serialized())
        #expect(try await CurlHTTPClient().send(request).status == 200)
    }

    private func client() async throws -> GitHubClient {
        let path = try #require(Self.environment["FETTLE_JUDGE_KEY"])
        let pem = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        try await install()
        let settings = GitHubSettings(url: try #require(Self.url), credential: .app(id: "12345", key: try SigningKey(pem: Secret(pem))))
        return try await GitHubAccess(settings, http: CurlHTTPClient()).gitHubClient(for: try reference().repository)
    }

    @Test(.enabled(if: url != nil)) func `a review is made of calls the judge accepts`() async throws {
        let client = try await client()
        let reference = try reference()
        let pull = try await client.pullRequest(reference)
        let files = try await client.changedFiles(of: reference)
        #expect(files.files.contains { $0.path.raw == "src/total.py" })
        let file = try await client.file("src/total.py", at: pull.head.commit, in: reference.repository, limit: .kibibytes(64))
        #expect(file?.isEmpty == false)
        #expect(try await client.file("nowhere.py", at: pull.head.commit, in: reference.repository, limit: .kibibytes(64)) == nil)
        #expect(try await client.file("src", at: pull.head.commit, in: reference.repository, limit: .kibibytes(64)) == nil)

        _ = try await client.createReview(
            on: reference,
            ReviewDraft(
                commit: pull.head.commit, body: text("Summary"),
                comments: [
                    .init(path: "src/total.py", side: .new, startLine: nil, line: 1, body: text("one line")),
                    .init(path: "src/total.py", side: .new, startLine: 1, line: 3, body: text("a range")),
                    .init(path: "README.md", side: .old, startLine: nil, line: 1, body: text("the old side")),
                ]))
        let comments = try await client.reviewComments(on: reference)
        #expect(comments.map(\.isOurs) == [true, true, true])
        #expect(comments.map(\.line) == [1, 3, 1])
        #expect(comments.map(\.side) == [.new, .new, .old])

        let comment = try await client.createComment(on: reference, text("first"))
        try await client.updateComment(comment, on: reference, text("second"))
        #expect(try await client.comments(on: reference).last?.body.raw == "second")
    }

    @Test(.enabled(if: url != nil)) func `a check with many annotations is made of calls the judge accepts`() async throws {
        let client = try await client()
        let reference = try reference()
        let head = try await client.pullRequest(reference).head.commit
        let annotations = (1...120).map { _ in
            CheckDraft.Annotation(path: "src/total.py", startLine: 1, endLine: 2, level: .warning, title: text("t"), message: text("m"))
        }
        let draft = { (status: CheckDraft.Status, annotations: [CheckDraft.Annotation]) in
            CheckDraft(
                name: "fettle / review", commit: head, status: status, title: text("Title"), summary: text("Summary"),
                annotations: annotations, externalID: "judge-1")
        }
        let id = try await client.createCheck(in: reference.repository, draft(.inProgress, []))
        try await client.updateCheck(id, in: reference.repository, draft(.completed(.neutral), annotations))
        #expect(try await client.checks(on: head, in: reference.repository, externalID: "judge-1") == [id])
        #expect(try await client.checks(on: head, in: reference.repository, externalID: "judge-2").isEmpty)
    }

    @Test(.enabled(if: url != nil)) func `the other abilities are made of calls the judge accepts`() async throws {
        let client = try await client()
        let reference = try reference()
        let repository = reference.repository
        let pull = try await client.pullRequest(reference)

        let issue = try await client.createIssue(in: repository, IssueDraft(title: text("t"), body: text("b"), labels: ["ci failure"]))
        try await client.updateIssue(issue, in: repository, title: nil, body: text("c"), isOpen: false)
        _ = try await client.createIssueComment(issue, in: repository, text("again"))
        #expect(try await client.issues(labelled: "ci failure", in: repository).map(\.number) == [issue])

        let run = try #require(Self.environment["FETTLE_JUDGE_RUN"].flatMap { Int64($0) })
        #expect(try await client.workflowRun(run, in: repository).conclusion == "failure")
        let job = try #require(try await client.jobs(of: run, attempt: 1, in: repository).first)
        let log = try #require(try await client.log(ofJob: job.id, in: repository, limit: .mebibytes(1)))
        #expect(String(decoding: log, as: UTF8.self).hasSuffix("Error: boom\n") || String(decoding: log, as: UTF8.self).contains("boom"))

        #expect(try await client.permission(of: "alice", in: repository) >= .write)
        #expect(try await client.permission(of: "mallory", in: repository) < .write)
        #expect(try await client.commits(of: reference).map(\.id).last == pull.head.commit)
        #expect(try await client.compare(pull.base.commit, with: pull.head.commit, in: repository).files?.files.count == 2)

        try await client.createBranch("fettle/workflow", at: pull.base.commit, in: repository)
        let commit = try await client.commit(
            ["new.txt": "new\n", "README.md": nil], to: "fettle/workflow", parent: pull.base.commit, message: text("Add"), in: repository)
        #expect(try await client.file("new.txt", at: commit, in: repository, limit: 100) == Array("new\n".utf8))
        #expect(try await client.file("README.md", at: commit, in: repository, limit: 100) == nil)
        let draft = PullRequestDraft(title: text("A workflow"), body: text("b"), head: "fettle/workflow", base: "main", isDraft: true)
        let number = try await client.openPullRequest(in: repository, draft)
        #expect(try await client.openPullRequests(from: "fettle/workflow", in: repository) == [number])

        let deployment = try await client.createDeployment(of: pull.head.commit, to: "preview-1", mark: "m", in: repository)
        #expect(try await client.deployments(to: "preview-1", in: repository).map(\.mark) == ["m"])
        #expect(try await client.stateOfDeployment(deployment, in: repository) == nil)
        try await client.reportDeployment(
            deployment, of: pull.head.commit, to: "preview-1", state: .success, url: "https://preview.test", description: text("Up"),
            in: repository)
    }
}
