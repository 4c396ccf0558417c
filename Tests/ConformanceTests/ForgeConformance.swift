import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing
import Text

/// What `ForgeClient` promises, over every implementation.
@Suite struct ForgeConformance {
    private func text(_ text: String) -> PublishableText { PublishableText(checked: text) }

    private func draft(_ stage: ForgeUnderTest.Stage, _ comments: [ReviewDraft.Comment]) async throws -> ReviewDraft {
        ReviewDraft(commit: try await stage.client.pullRequest(stage.pull).head.commit, body: text("Summary"), comments: comments)
    }

    private func thrown(_ body: () async throws -> Void) async -> ForgeError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ForgeError
        }
    }

    @Test(arguments: ForgeUnderTest.all) func `a pull request is read with both its ends`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let pull = try await stage.client.pullRequest(stage.pull)
        #expect(pull.title.raw == "Charge in the customer's currency")
        #expect(pull.state == .open)
        #expect(!pull.isDraft)
        #expect(!pull.isFromFork)
        #expect(pull.author.login.raw == "mona")
        #expect(pull.head.branch.raw == "currency")
        #expect(pull.base.branch.raw == "main")
        #expect(pull.head.commit == stage.forge.head(of: "currency", in: stage.repository.name))
        #expect(pull.base.commit == stage.forge.head(of: "main", in: stage.repository.name))
    }

    @Test(arguments: ForgeUnderTest.all) func `a merged pull request and one from a fork are known`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let name = stage.repository.name
        stage.forge.push(to: "from-fork", of: name, changes: ["a.txt": "a\n"])
        let reference = try #require(
            stage.forge.openPullRequest(
                in: name, from: "from-fork", title: "t", author: "stranger", isDraft: true, fork: RepositoryName("stranger/demo")))
        let fork = try await stage.client.pullRequest(PullRequestReference(repository: stage.repository, number: reference.number))
        #expect(fork.isFromFork)
        #expect(fork.isDraft)
        stage.forge.close(stage.pull.number, in: name, merged: true)
        #expect(try await stage.client.pullRequest(stage.pull).state == .merged)
    }

    @Test(arguments: ForgeUnderTest.all) func `changed files come with their patches`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let changed = try await stage.client.changedFiles(of: stage.pull)
        #expect(!changed.isTruncated)
        #expect(changed.files.map(\.path.raw) == [".github/workflows/greet.yml", "src/orders.py", "src/payments.py"])
        #expect(changed.files.map(\.status) == [.added, .modified, .modified])
        let orders = try #require(changed.files.first { $0.path.raw == "src/orders.py" })
        #expect(orders.additions == 4)
        #expect(orders.deletions == 0)
        #expect(orders.patch?.raw.hasPrefix("@@ -3,4 +3,8 @@") == true)
        #expect(orders.patch?.raw.contains("\n+<<<<<<< HEAD\n") == true)
    }

    @Test(arguments: ForgeUnderTest.all) func `every page of files and comments is read`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let name = stage.repository.name
        let many = Dictionary(uniqueKeysWithValues: (0..<230).map { ("many/\(1000 + $0).txt", "x\n" as String?) })
        stage.forge.push(to: "currency", of: name, changes: many)
        for index in 0..<230 { stage.forge.comment(on: stage.pull.number, in: name, "comment \(index)") }
        #expect(try await stage.client.changedFiles(of: stage.pull).files.count == 233)
        let comments = try await stage.client.comments(on: stage.pull)
        #expect(comments.map(\.body.raw) == (0..<230).map { "comment \($0)" })
    }

    @Test(arguments: ForgeUnderTest.all) func `a file is read as it was, or is not there`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let pull = try await stage.client.pullRequest(stage.pull)
        let read = { (path: String, commit: CommitID) in
            try await stage.client.file(path, at: commit, in: stage.repository, limit: .kibibytes(64))
        }
        #expect(try await read("README.md", pull.base.commit) == Array("# demo\n\nA shop in thirty lines.\n".utf8))
        #expect(try await read(".github/workflows/greet.yml", pull.head.commit) != nil)
        #expect(try await read(".github/workflows/greet.yml", pull.base.commit) == nil)
        #expect(try await read("src", pull.head.commit) == nil)
        #expect(try await read("../../../user", pull.head.commit) == nil)
    }

    @Test(arguments: ForgeUnderTest.all) func `odd names and bytes of files survive`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let path = "a folder/ü?&#%25 +.txt"
        let commit = try #require(stage.forge.push(to: "odd", of: stage.repository.name, changes: [path: "ü\r\n\u{FEFF}x"]))
        let bytes = try await stage.client.file(path, at: commit, in: stage.repository, limit: .kibibytes(1))
        #expect(bytes == Array("ü\r\n\u{FEFF}x".utf8))
    }

    @Test(arguments: ForgeUnderTest.all) func `a file over the limit is refused`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let commit = try #require(
            stage.forge.push(to: "big", of: stage.repository.name, changes: ["big.txt": String(repeating: "x", count: 5000)]))
        let error = await thrown { _ = try await stage.client.file("big.txt", at: commit, in: stage.repository, limit: 4999) }
        guard case .tooLarge(_, 4999) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ForgeUnderTest.all) func `comments are made, found as ours and edited in place`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        stage.forge.comment(on: stage.pull.number, in: stage.repository.name, "from somebody")
        let id = try await stage.client.createComment(on: stage.pull, text("first"))
        try await stage.client.updateComment(id, on: stage.pull, text("second"))
        let comments = try await stage.client.comments(on: stage.pull)
        #expect(comments.map(\.body.raw) == ["from somebody", "second"])
        #expect(comments.map(\.isOurs) == [false, true])
        #expect(comments.last?.id == id)
    }

    @Test(arguments: ForgeUnderTest.all) func `a review puts its comments on the right line of the right side`(forge: ForgeUnderTest)
        async throws
    {
        let stage = try await forge.stage()
        _ = try await stage.client.createReview(
            on: stage.pull,
            try await draft(
                stage,
                [
                    .init(path: "src/payments.py", side: .new, startLine: nil, line: 5, body: text("a key")),
                    .init(path: "src/payments.py", side: .old, startLine: nil, line: 6, body: text("was better")),
                    .init(path: "src/orders.py", side: .new, startLine: 6, line: 10, body: text("a conflict")),
                ]))
        let review = try #require(stage.forge.reviews(of: stage.pull.number, in: stage.repository.name).first)
        #expect(review.event == "COMMENT")
        #expect(review.body == "Summary")
        #expect(review.comments.map(\.side) == ["RIGHT", "LEFT", "RIGHT"])
        #expect(review.comments.map(\.line) == [5, 6, 10])
        let read = try await stage.client.reviewComments(on: stage.pull)
        #expect(read.map(\.line) == [5, 6, 10])
        #expect(read.map(\.side) == [.new, .old, .new])
        #expect(read.map(\.path.raw) == ["src/payments.py", "src/payments.py", "src/orders.py"])
        #expect(read.map(\.isOurs) == [true, true, true])
        #expect(read.first?.body.raw == "a key")
    }

    /// Gitea does not say it: it goes on giving the line.
    @Test(arguments: ForgeUnderTest.all.filter { $0.kind == .github }) func `a comment whose line left the diff has no line`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        let comment = ReviewDraft.Comment(path: "src/orders.py", side: .new, startLine: nil, line: 6, body: text("a conflict"))
        _ = try await stage.client.createReview(on: stage.pull, try await draft(stage, [comment]))
        stage.forge.push(to: "currency", of: stage.repository.name, changes: ["src/orders.py": nil])
        #expect(try await stage.client.reviewComments(on: stage.pull).map(\.line) == [nil])
    }

    @Test(arguments: ForgeUnderTest.all) func `a check is made, moved on and found by its key`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let head = try await stage.client.pullRequest(stage.pull).head.commit
        let check = { (status: CheckDraft.Status, key: String) in
            CheckDraft(
                name: "fettle / review", commit: head, status: status, title: text("Reading"), summary: text("…"), annotations: [],
                externalID: key)
        }
        let id = try await stage.client.createCheck(in: stage.repository, check(.inProgress, "k1"))
        #expect(try await stage.client.checks(on: head, in: stage.repository, externalID: "k1") == [id])
        #expect(try await stage.client.checks(on: head, in: stage.repository, externalID: "k2").isEmpty)
        try await stage.client.updateCheck(id, in: stage.repository, check(.completed(.neutral), "k1"))
        #expect(try await stage.client.checks(on: head, in: stage.repository, externalID: "k1").count == 1)
    }

    @Test(arguments: ForgeUnderTest.all) func `what other checks said of lines is read, and what ours said is not`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        guard let reader = stage.client as? any CheckAnnotationReader else { return }
        let head = try await stage.client.pullRequest(stage.pull).head.commit
        #expect(try await reader.annotations(on: head, in: stage.repository, limit: 4).isEmpty)
        let said: JSONValue = [
            "path": "src/orders.py", "start_line": 6, "end_line": 7, "annotation_level": "warning", "title": "F821", "message": "undefined",
        ]
        let nowhere: JSONValue = ["path": ".github", "start_line": 0, "end_line": 0, "annotation_level": "failure", "message": "exit 1"]
        stage.forge.annotate(head, in: stage.repository.name, by: "lint", [said, nowhere])
        let own = CheckDraft.Annotation(
            path: "src/orders.py", startLine: 6, endLine: 6, level: .notice, title: text("ours"), message: text("m"))
        _ = try await stage.client.createCheck(
            in: stage.repository,
            CheckDraft(
                name: "fettle / review", commit: head, status: .completed(.neutral), title: text("t"), summary: text("s"),
                annotations: [own], externalID: "k"))
        let annotations = try await reader.annotations(on: head, in: stage.repository, limit: 4)
        let others = [CheckAnnotation(check: "lint", path: "src/orders.py", lines: 6...7, title: "F821", message: "undefined")]
        #expect(annotations == (forge.name == ForgeUnderTest.gitHubToken.name ? [] : others), "a workflow's token cannot tell ours apart")
        #expect(try await reader.annotations(on: head, in: stage.repository, limit: 0).isEmpty)
    }

    @Test(arguments: ForgeUnderTest.all) func `a lost answer to a write is ambiguous and the write happened once`(forge: ForgeUnderTest)
        async throws
    {
        let stage = try await forge.stage()
        stage.forge.inject(SandboxFault(.answerAfterActing(.text(502, "Bad Gateway")), method: .post, pathSuffix: "/comments"))
        let error = await thrown { _ = try await stage.client.createComment(on: stage.pull, text("once")) }
        guard case .ambiguous = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(stage.forge.comments(on: stage.pull.number, in: stage.repository.name).count == 1)
    }

    @Test(arguments: ForgeUnderTest.all) func `a failing read is tried again, a limit waited for`(forge: ForgeUnderTest) async throws {
        let clock = JumpingClock()
        let stage = try await forge.stage(clock: clock)
        stage.forge.inject(SandboxFault(.status(503), method: .get, pathSuffix: "/pulls/\(stage.pull.number)", times: 2))
        _ = try await stage.client.pullRequest(stage.pull)
        stage.forge.inject(SandboxFault(.secondaryLimit(retryAfter: 9), method: .post, pathSuffix: "/comments"))
        _ = try await stage.client.createComment(on: stage.pull, text("patient"))
        #expect(clock.sleeps.contains(.seconds(9)))
        #expect(stage.forge.comments(on: stage.pull.number, in: stage.repository.name).count == 1)
    }

    @Test(arguments: ForgeUnderTest.all) func `what is not there is named`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let error = await thrown { _ = try await stage.client.pullRequest(PullRequestReference(repository: stage.repository, number: 999)) }
        guard case .notFound(let resource) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(resource.hasSuffix("/pulls/999"))
    }

    @Test(arguments: ForgeUnderTest.all) func `half an answer is malformed, not believed`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        stage.forge.inject(SandboxFault(.truncate, method: .get, pathSuffix: "/pulls/\(stage.pull.number)"))
        let error = await thrown { _ = try await stage.client.pullRequest(stage.pull) }
        guard case .malformedReply = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ForgeUnderTest.all) func `a first review takes eight calls beside signing in`(forge: ForgeUnderTest) async throws {
        let stage = try await forge.stage()
        let pull = try await stage.client.pullRequest(stage.pull)
        _ = try await stage.client.changedFiles(of: stage.pull)
        _ = try await stage.client.comments(on: stage.pull)
        _ = try await stage.client.reviewComments(on: stage.pull)
        let check = CheckDraft(
            name: "fettle / review", commit: pull.head.commit, status: .inProgress, title: text("t"), summary: text("s"), annotations: [],
            externalID: "k")
        let id = try await stage.client.createCheck(in: stage.repository, check)
        _ = try await stage.client.createReview(
            on: stage.pull, ReviewDraft(commit: pull.head.commit, body: text("b"), comments: []))
        _ = try await stage.client.createComment(on: stage.pull, text("summary"))
        try await stage.client.updateCheck(id, in: stage.repository, check)
        let signingIn = ["/access_tokens", "/app", "/user"]
        #expect(stage.forge.requests.filter { request in !signingIn.contains { request.path.hasSuffix($0) } }.count <= 8)
    }

    @Test(arguments: ForgeUnderTest.all) func `a comment on a whole file is ours when it is read again, and only changed files take one`(
        forge: ForgeUnderTest
    ) async throws {
        let stage = try await forge.stage()
        guard let commenter = stage.client as? any FileCommenter else { return }
        let commit = try await stage.client.pullRequest(stage.pull).head.commit
        let id = try await commenter.createFileComment(on: stage.pull, commit: commit, path: "src/orders.py", text("On the file"))
        let comment = try #require(try await stage.client.reviewComments(on: stage.pull).first { $0.id == id })
        #expect(comment.isOurs && comment.line == nil && comment.path.raw == "src/orders.py")
        let refusal = await thrown {
            _ = try await commenter.createFileComment(on: stage.pull, commit: commit, path: "README.md", text("Nowhere"))
        }
        guard case .refused? = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
    }
}
