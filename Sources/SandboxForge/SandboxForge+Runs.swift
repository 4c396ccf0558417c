package import Basics
package import Forge

/// Workflow runs: made, repeated, and told of.
extension SandboxForge {
    /// A finished workflow run on the head of `branch`; its id. `nil` when repository or branch are unknown.
    ///
    /// - Parameters:
    ///   - pullRequest: the run was for this pull request.
    ///   - fork: the code came from there.
    @discardableResult
    package func addRun(
        _ name: String, on branch: String, of repository: RepositoryName, attempt: Int = 1, conclusion: String, pullRequest: Int? = nil,
        fork: RepositoryName? = nil, jobs: [(name: String, conclusion: String, log: String)]
    ) -> Int64? {
        store.withState { state in
            guard let commit = state.repositories[repository]?.branches[branch] else { return nil }
            let made = jobs.map { SandboxJob(id: state.takeID(), name: $0.name, conclusion: $0.conclusion, log: $0.log) }
            let run = SandboxRun(
                id: state.takeID(), name: name, branch: branch, commit: commit, event: pullRequest == nil ? "push" : "pull_request",
                pullRequest: pullRequest, headRepository: fork, attempt: attempt, conclusion: conclusion, jobs: made)
            state.repositories[repository]?.runs[run.id] = run
            return run.id
        }
    }

    /// All jobs of a run once more, as its next attempt.
    package func repeatRun(
        _ id: Int64, of repository: RepositoryName, conclusion: String, jobs: [(name: String, conclusion: String, log: String)]
    ) {
        store.withState { state in
            let made = jobs.map { SandboxJob(id: state.takeID(), name: $0.name, conclusion: $0.conclusion, log: $0.log) }
            guard var run = state.repositories[repository]?.runs[id] else { return }
            run.earlier[run.attempt] = run.jobs
            run.attempt += 1
            run.jobs = made
            run.conclusion = conclusion
            state.repositories[repository]?.runs[id] = run
        }
    }

    /// The delivery that tells of a run's end, as `forge` words it. `nil` when there is no such run.
    package func runDelivery(
        _ id: Int64, of name: RepositoryName, from forge: ForgeKind, delivery: String, secret: Secret
    ) -> SandboxDelivery? {
        change(name) { repository -> SandboxDelivery? in
            guard let run = repository.runs[id] else { return nil }
            var payload: [String: JSONValue] = [
                "action": "completed", "repository": GitHubFace.json(repository), "sender": SandboxIdentity.account("mona"),
            ]
            switch forge {
            case .github:
                payload["workflow_run"] = GitHubFace.json(run, in: repository)
                payload["installation"] = ["id": .integer(GitHubFace.installation)]
                return .github(event: "workflow_run", payload: .object(payload), id: delivery, secret: secret)
            case .gitea:
                payload["workflow_run"] = GiteaFace.json(run, in: repository)
                return .gitea(event: "workflow_run", payload: .object(payload), id: delivery, secret: secret)
            }
        } ?? nil
    }
}
