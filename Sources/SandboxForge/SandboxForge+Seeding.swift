import Basics
package import Forge

/// Setting the stage, and looking at what happened on it.
extension SandboxForge {
    /// A repository with one commit on `main`.
    package func addRepository(_ name: RepositoryName, files: [String: String], author: String = "mona") {
        store.withState { state in
            var repository = SandboxRepository(name: name, id: state.takeID())
            if let commit = repository.commit(Self.tree(files), parent: nil, message: "First commit", author: author) {
                repository.branches["main"] = commit.id
            }
            repository.permissions[author] = "admin"
            state.repositories[name] = repository
        }
    }

    /// A commit on a branch, made from `base` when new; `nil` as content removes a file. Open pull requests from it move along.
    ///
    /// `nil` when repository or base are unknown.
    @discardableResult
    package func push(
        to branch: String, of name: RepositoryName, from base: String = "main", changes: [String: String?], message: String = "Change",
        author: String = "mona"
    ) -> CommitID? {
        change(name) { repository in
            guard let parent = repository.commit(branch) ?? repository.commit(base) else { return nil }
            var tree = parent.tree
            for (path, content) in changes { tree[path] = content.map { Array($0.utf8) } }
            guard let commit = repository.commit(tree, parent: parent.id, message: message, author: author) else { return nil }
            repository.branches[branch] = commit.id
            for (number, pull) in repository.pulls where pull.headBranch == branch && pull.state == .open {
                repository.pulls[number]?.head = commit.id
            }
            return commit.id
        } ?? nil
    }

    /// `nil` when repository or branch are unknown.
    @discardableResult
    package func openPullRequest(
        in name: RepositoryName, from branch: String, into base: String = "main", title: String, body: String = "", author: String = "mona",
        isDraft: Bool = false, fork: RepositoryName? = nil
    ) -> PullRequestReference? {
        change(name) { repository -> PullRequestReference? in
            guard let head = repository.branches[branch], let start = repository.branches[base] else { return nil }
            let number = repository.takeNumber()
            repository.pulls[number] = SandboxPull(
                number: number, title: title, body: body, author: author, headBranch: branch, baseBranch: base, head: head, base: start,
                isDraft: isDraft, headRepository: fork)
            let reference = RepositoryReference(forge: .github, name: name, installation: GitHubFace.installation)
            return PullRequestReference(repository: reference, number: number)
        } ?? nil
    }

    /// What somebody else says in a conversation.
    package func comment(on number: Int, in name: RepositoryName, _ body: String, author: String = "mona") {
        store.withState { state in
            let id = state.takeID()
            state.repositories[name]?.comments.append(SandboxComment(id: id, number: number, author: author, body: body))
        }
    }

    package func close(_ number: Int, in name: RepositoryName, merged: Bool) {
        change(name) { $0.pulls[number]?.state = merged ? .merged : .closed }
    }

    package func setPermission(_ permission: String, of login: String, in name: RepositoryName) {
        change(name) { $0.permissions[login] = permission }
    }

    package func issues(in name: RepositoryName) -> [SandboxIssue] {
        change(name) { $0.issues.values.sorted { $0.number < $1.number } } ?? []
    }
    package func deployments(in name: RepositoryName) -> [SandboxDeployment] { change(name, \.deployments) ?? [] }

    /// A file's text at a branch or commit.
    package func file(_ path: String, at reference: String, in name: RepositoryName) -> String? {
        change(name) { $0.commit(reference)?.tree[path].map { String(decoding: $0, as: UTF8.self) } } ?? nil
    }

    package func reviews(of number: Int, in name: RepositoryName) -> [SandboxReview] {
        change(name) { $0.reviews.filter { $0.number == number } } ?? []
    }

    package func comments(on number: Int, in name: RepositoryName) -> [SandboxComment] {
        change(name) { $0.comments.filter { $0.number == number } } ?? []
    }

    package func checks(in name: RepositoryName) -> [SandboxCheck] { change(name, \.checks) ?? [] }
    package func statuses(in name: RepositoryName) -> [SandboxStatus] { change(name, \.statuses) ?? [] }
    package func head(of branch: String, in name: RepositoryName) -> CommitID? { change(name) { $0.branches[branch] } ?? nil }

    @discardableResult
    func change<Result: Sendable>(_ name: RepositoryName, _ body: (inout SandboxRepository) -> Result) -> Result? {
        store.withState { state in
            guard var repository = state.repositories[name] else { return nil }
            let result = body(&repository)
            state.repositories[name] = repository
            return result
        }
    }

    private static func tree(_ files: [String: String]) -> [String: [UInt8]] { files.mapValues { Array($0.utf8) } }
}
