import Basics
import Crypto
import Forge
import HTTP

extension SandboxRepository {
    /// git's own name of a file's content would be SHA-1; any stable one does here.
    static func blobID(_ bytes: [UInt8]) -> String { String(SHA256.hex(of: bytes).prefix(40)) }

    /// Opens a pull request from one branch to another of this repository.
    mutating func open(_ call: SandboxCall) throws -> SandboxPull {
        let head = call.body["head"]?.string ?? ""
        let base = call.body["base"]?.string ?? ""
        guard let from = branches[head], let onto = branches[base] else {
            throw SandboxRefusal.invalid(["field": "head", "code": "invalid"])
        }
        guard !pulls.values.contains(where: { $0.headBranch == head && $0.baseBranch == base && $0.state == .open }) else {
            throw SandboxRefusal.invalid(["message": .string("A pull request already exists for \(head).")])
        }
        guard from != onto else { throw SandboxRefusal.invalid(["message": .string("No commits between \(base) and \(head)")]) }
        let pull = SandboxPull(
            number: takeNumber(), title: try call.text("title"), body: call.body["body"]?.string ?? "", author: call.who.login,
            headBranch: head, baseBranch: base, head: from, base: onto, isDraft: call.body["draft"]?.bool ?? false)
        pulls[pull.number] = pull
        return pull
    }

    mutating func editPull(_ call: SandboxCall) throws -> SandboxPull {
        guard var pull = pulls[try call.number("number")] else { throw SandboxRefusal.notFound }
        if let title = call.body["title"]?.string { pull.title = title }
        if let body = call.body["body"]?.string { pull.body = body }
        pulls[pull.number] = pull
        return pull
    }

    mutating func makeIssue(_ call: SandboxCall, labels: [String]) throws -> SandboxIssue {
        let issue = SandboxIssue(
            number: takeNumber(), title: try call.text("title"), body: call.body["body"]?.string ?? "", author: call.who.login,
            labels: labels)
        issues[issue.number] = issue
        return issue
    }

    mutating func editIssue(_ call: SandboxCall) throws -> SandboxIssue {
        guard var issue = issues[try call.number("number")] else { throw SandboxRefusal.notFound }
        if let title = call.body["title"]?.string { issue.title = title }
        if let body = call.body["body"]?.string { issue.body = body }
        if let state = call.body["state"]?.string { issue.isOpen = state == "open" }
        issues[issue.number] = issue
        return issue
    }

    /// A comment in a thread: a review of its own, as GitHub keeps it.
    func answer(_ first: Int64, on pull: SandboxPull, _ body: String, author: String, ids: (Int64, Int64)) throws -> SandboxReview {
        let comments = reviews.filter { $0.number == pull.number }.flatMap(\.comments)
        guard let opening = comments.first(where: { $0.id == first && $0.answers == nil }) else { throw SandboxRefusal.notFound }
        let comment = SandboxReview.Comment(
            id: ids.0, path: opening.path, side: opening.side, startLine: opening.startLine, line: opening.line, body: body, answers: first)
        return SandboxReview(
            id: ids.1, number: pull.number, author: author, commit: pull.head, body: "", event: "COMMENT", comments: [comment])
    }

    /// The same reaction of the same account again is the first one.
    mutating func react(_ call: SandboxCall, known: [Int64]) throws -> HTTPResponse {
        let id = Int64(try call.number("id"))
        let content = try call.text("content")
        guard known.contains(id) else { throw SandboxRefusal.notFound }
        guard ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"].contains(content) else {
            throw SandboxRefusal.invalid(["field": "content", "code": "invalid"])
        }
        let reaction = SandboxReaction(comment: id, author: call.who.login, content: content)
        let isNew = !reactions.contains(reaction)
        if isNew { reactions.append(reaction) }
        return .json(isNew ? 201 : 200, ["id": .integer(id), "content": .string(content)])
    }

    func issues(_ call: SandboxCall) -> [SandboxIssue] {
        let labels = call.request.queryValue("labels")?.split(separator: ",").map(String.init) ?? []
        let state = call.request.queryValue("state") ?? "open"
        return issues.values.sorted { $0.number > $1.number }.filter { issue in
            labels.allSatisfy { issue.labels.contains($0) } && (state == "all" || issue.isOpen == (state == "open"))
        }
    }
}

extension SandboxState {
    /// Reads a repository, changes it, and keeps the change only when nothing was refused.
    mutating func change<Result>(_ call: SandboxCall, _ body: (inout SandboxRepository) throws -> Result) throws -> Result {
        var repository = try call.repository(self)
        let result = try body(&repository)
        repositories[repository.name] = repository
        return result
    }
}
