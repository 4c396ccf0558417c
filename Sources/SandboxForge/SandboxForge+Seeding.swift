package import Basics
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
    @discardableResult
    package func comment(on number: Int, in name: RepositoryName, _ body: String, author: String = "mona") -> Int64 {
        store.withState { state in
            let id = state.takeID()
            state.repositories[name]?.comments.append(SandboxComment(id: id, number: number, author: author, body: body))
            return id
        }
    }

    /// What somebody else answers in a thread; the comment's id. `nil` when there is no such thread.
    package func answer(_ thread: Int64, on number: Int, in name: RepositoryName, _ body: String, author: String = "mona") -> Int64? {
        store.withState { state in
            let ids = (state.takeID(), state.takeID())
            guard let repository = state.repositories[name], let pull = repository.pulls[number],
                let review = try? repository.answer(thread, on: pull, body, author: author, ids: ids)
            else { return nil }
            state.repositories[name]?.reviews.append(review)
            return ids.0
        }
    }

    package func setLabels(_ labels: [String], of number: Int, in name: RepositoryName) {
        change(name) { $0.pulls[number]?.labels = labels }
    }
    package func setTitle(_ title: String, of number: Int, in name: RepositoryName) { change(name) { $0.pulls[number]?.title = title } }
    package func setBody(_ body: String, of number: Int, in name: RepositoryName) { change(name) { $0.pulls[number]?.body = body } }
    /// What another App's check said of lines of a commit.
    package func annotate(_ commit: CommitID, in name: RepositoryName, by check: String, _ annotations: [JSONValue]) {
        let id = store.withState { $0.takeID() }
        change(name) { repository in
            var made = SandboxCheck(
                id: id, name: check, commit: commit, externalID: "", status: "completed", conclusion: "failure", title: "", summary: "",
                annotations: annotations)
            made.isForeign = true
            repository.checks.append(made)
        }
    }

    package func reactions(in name: RepositoryName) -> [SandboxReaction] { change(name, \.reactions) ?? [] }

    package func close(_ number: Int, in name: RepositoryName, merged: Bool) {
        change(name) { $0.pulls[number]?.state = merged ? .merged : .closed }
    }

    package func reopen(_ number: Int, in name: RepositoryName) { change(name) { $0.pulls[number]?.state = .open } }

    package func setDraft(_ isDraft: Bool, of number: Int, in name: RepositoryName) { change(name) { $0.pulls[number]?.isDraft = isDraft } }

    /// The head is another commit, without history: what a force-push looks like from outside.
    package func forcePush(_ number: Int, in name: RepositoryName, to commit: CommitID) { change(name) { $0.pulls[number]?.head = commit } }

    /// As if the App had been removed from it.
    package func removeRepository(_ name: RepositoryName) { store.withState { $0.repositories[name] = nil } }

    package func setPermission(_ permission: String, of login: String, in name: RepositoryName) {
        change(name) { $0.permissions[login] = permission }
    }

    /// Somebody's issue; its number.
    @discardableResult
    package func openIssue(in name: RepositoryName, title: String, body: String, author: String = "mona") -> Int? {
        change(name) { repository in
            let number = repository.takeNumber()
            repository.issues[number] = SandboxIssue(number: number, title: title, body: body, author: author, labels: [])
            return number
        }
    }

    package func issues(in name: RepositoryName) -> [SandboxIssue] {
        change(name) { $0.issues.values.sorted { $0.number < $1.number } } ?? []
    }
    package func pullRequests(in name: RepositoryName) -> [SandboxPull] {
        change(name) { $0.pulls.values.sorted { $0.number < $1.number } } ?? []
    }
    /// A deployment somebody else made of the branch's head.
    package func addDeployment(of branch: String, to environment: String, in name: RepositoryName, at time: Timestamp) {
        store.withState { state in
            guard let commit = state.repositories[name]?.branches[branch] else { return }
            let made = SandboxDeployment(
                id: state.takeID(), commit: commit, environment: environment, payload: .null, states: [], createdAt: time.iso8601)
            state.repositories[name]?.deployments.append(made)
        }
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
