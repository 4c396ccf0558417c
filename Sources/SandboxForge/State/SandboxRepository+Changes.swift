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
