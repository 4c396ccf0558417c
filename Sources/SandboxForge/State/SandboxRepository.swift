package import Basics
import Crypto
package import Forge

/// A commit of the sandbox: a whole tree, no history beyond its parent.
package struct SandboxCommit: Sendable {
    package let id: CommitID
    package let parent: CommitID?
    package let message: String
    package let author: String
    /// Every file by path.
    package let tree: [String: [UInt8]]
}

struct SandboxRepository: Sendable {
    let name: RepositoryName
    let id: Int64
    var commits: [CommitID: SandboxCommit] = [:]
    var branches: [String: CommitID] = [:]
    var defaultBranch = "main"
    var pulls: [Int: SandboxPull] = [:]
    var issues: [Int: SandboxIssue] = [:]
    var comments: [SandboxComment] = []
    var reviews: [SandboxReview] = []
    var reactions: [SandboxReaction] = []
    var checks: [SandboxCheck] = []
    var statuses: [SandboxStatus] = []
    var runs: [Int64: SandboxRun] = [:]
    var deployments: [SandboxDeployment] = []
    /// Label ids by name.
    var labels: [String: Int64] = [:]
    /// Permission by login; everybody else may read.
    var permissions: [String: String] = [:]
    private var nextNumber = 1

    init(name: RepositoryName, id: Int64) {
        self.name = name
        self.id = id
    }

    /// Issues and pull requests share one numbering.
    mutating func takeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// A branch or a commit id.
    func commit(_ reference: String) -> SandboxCommit? {
        let id = branches[reference] ?? CommitID(reference)
        return id.flatMap { commits[$0] }
    }

    mutating func commit(_ tree: [String: [UInt8]], parent: CommitID?, message: String, author: String) -> SandboxCommit? {
        let files = tree.sorted { $0.key < $1.key }.map { "\($0.key) \(SHA256.hex(of: $0.value))" }
        let content = files.joined(separator: "\n") + "\n\(parent?.hex ?? "")\n\(message)\n\(author)\n\(name) \(commits.count)"
        guard let id = CommitID(String(SHA256.hex(of: content).prefix(40))) else { return nil }
        let commit = SandboxCommit(id: id, parent: parent, message: message, author: author, tree: tree)
        commits[id] = commit
        return commit
    }

    /// From the head back to where it left the base, oldest first.
    func commits(of pull: SandboxPull) -> [SandboxCommit] { commits(from: pull.base, to: pull.head) }

    func commits(from base: CommitID, to head: CommitID) -> [SandboxCommit] {
        var found: [SandboxCommit] = []
        var next = commits[head]
        while let commit = next, commit.id != base, found.count < 250 {
            found.append(commit)
            next = commit.parent.flatMap { commits[$0] }
        }
        return found.reversed()
    }

    func files(from base: CommitID, to head: CommitID) -> [SandboxFileDiff] {
        SandboxFileDiff.between(commits[base]?.tree ?? [:], commits[head]?.tree ?? [:])
    }

    func files(of pull: SandboxPull) -> [SandboxFileDiff] { files(from: pull.base, to: pull.head) }
}

package struct SandboxPull: Sendable {
    package let number: Int
    package var title: String
    package var body: String
    package let author: String
    package var labels: [String] = []
    package let headBranch: String
    package var baseBranch: String
    package var head: CommitID
    /// Where the head left the base branch.
    package var base: CommitID
    package var isDraft = false
    package var state = PullRequest.State.open
    /// The fork it comes from; `nil` for a branch of the same repository.
    package var headRepository: RepositoryName?
}

package struct SandboxIssue: Sendable {
    package let number: Int
    package var title: String
    package var body: String
    package let author: String
    package var labels: [String]
    package var isOpen = true
}

package struct SandboxComment: Sendable {
    package let id: Int64
    package let number: Int
    package let author: String
    package var body: String
}

package struct SandboxReview: Sendable {
    package struct Comment: Sendable {
        package let id: Int64
        package let path: String
        /// `LEFT` or `RIGHT`.
        package let side: String
        package let startLine: Int?
        /// 0 for a comment on the whole file.
        package let line: Int
        package let body: String
        /// The first comment of the thread this one answers in.
        package var answers: Int64?
    }

    package let id: Int64
    package let number: Int
    package let author: String
    package let commit: CommitID
    package let body: String
    package let event: String
    package let comments: [Comment]
}

package struct SandboxReaction: Sendable, Hashable {
    package let comment: Int64
    package let author: String
    package let content: String
}

package struct SandboxCheck: Sendable {
    package let id: Int64
    package var name: String
    package let commit: CommitID
    package var externalID: String
    package var status: String
    package var conclusion: String?
    package var title: String
    package var summary: String
    package var annotations: [JSONValue]
    /// Another App's: what CI says.
    package var isForeign = false
}

package struct SandboxStatus: Sendable {
    package let id: Int64
    package let commit: CommitID
    package let author: String
    package let context: String
    package let state: String
    package let description: String
    package let targetURL: String
}

package struct SandboxJob: Sendable {
    package let id: Int64
    package let name: String
    package let conclusion: String
    package let log: String

    package init(id: Int64, name: String, conclusion: String, log: String) {
        self.id = id
        self.name = name
        self.conclusion = conclusion
        self.log = log
    }
}

struct SandboxRun: Sendable {
    let id: Int64
    let name: String
    let branch: String
    let commit: CommitID
    /// `push`, or `pull_request` with the number below.
    let event: String
    let pullRequest: Int?
    /// The fork its code comes from; `nil` for the repository itself.
    let headRepository: RepositoryName?
    var attempt: Int
    var conclusion: String
    /// The newest attempt's.
    var jobs: [SandboxJob]
    /// Jobs of attempts before.
    var earlier: [Int: [SandboxJob]] = [:]
}

package struct SandboxDeployment: Sendable {
    package let id: Int64
    package let commit: CommitID
    package let environment: String
    package let payload: JSONValue
    package var states: [(state: String, url: String)]
    /// As the forge writes it; `nil` where a test does not care.
    var createdAt: String?
}
