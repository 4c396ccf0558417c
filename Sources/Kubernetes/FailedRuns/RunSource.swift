import Basics

/// Which code a run was about, as its annotations, labels and parameters claim. Whoever may start a run wrote them: a claim, no more.
package struct RunSource: Sendable, Hashable {
    /// Addresses of the repository, the most reliable first; usually none or one.
    package var repositories: [String]
    package var commit: String?
    package var branch: String?
    package var pullRequest: Int?
    /// The code came from another repository than the one the run was for.
    package var isFork: Bool

    package init(
        repositories: [String] = [], commit: String? = nil, branch: String? = nil, pullRequest: Int? = nil, isFork: Bool = false
    ) {
        self.isFork = isFork
        self.repositories = repositories
        self.commit = commit
        self.branch = branch
        self.pullRequest = pullRequest
    }

    /// Pipelines-as-Code's notes go before parameters that merely have a telling name.
    ///
    /// Source: pipelinesascode.com/docs (labels and annotations of a PipelineRun); github.com/tektoncd/catalog, task git-clone
    init(_ meta: ObjectMeta, _ parameters: [RunParameter]?) {
        func note(_ name: String) -> String? { meta.note("pipelinesascode.tekton.dev/" + name) }
        func parameter(_ names: [String]) -> String? {
            for name in names {
                let found = parameters?.first { $0.name.lowercased().filter { $0 != "-" && $0 != "_" } == name }
                if let text = found?.value?.string, !text.isEmpty { return text }
            }
            return nil
        }
        repositories = [
            meta.note("fettle/repository"), note("repo-url"),
            parameter(["repourl", "giturl", "gitrepositoryurl", "gitrepourl", "repositoryurl"]),
            parameter(["url", "repository", "repo"]),
        ].compactMap { $0 }
        // A revision is a commit, a branch or a tag.
        let revision = parameter(["gitrevision", "revision"])
        let sha = note("sha") ?? parameter(["commitsha", "gitcommit", "commit", "sha"]) ?? revision
        commit = sha.flatMap { Self.isCommit($0) ? $0 : nil }
        let named =
            note("source-branch") ?? note("branch") ?? parameter(["gitbranch", "sourcebranch", "branch", "branchname", "gitref", "ref"])
        branch = named ?? revision.flatMap { Self.isCommit($0) ? nil : $0 }
        isFork = note("source-repo-url").map { source in note("repo-url").map { $0 != source } ?? false } ?? false
        pullRequest = (note("pull-request") ?? parameter(["pullrequestnumber"])).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func isCommit(_ text: String) -> Bool {
        (7...64).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// What `self` does not know is taken from `other`.
    func filled(from other: RunSource) -> RunSource {
        RunSource(
            repositories: repositories + other.repositories.filter { !repositories.contains($0) }, commit: commit ?? other.commit,
            branch: branch ?? other.branch, pullRequest: pullRequest ?? other.pullRequest, isFork: isFork || other.isFork)
    }
}
