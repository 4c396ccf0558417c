import Basics
import Forge
import Policy

/// `/analyze`: reads the failed runs of the pull request's head again and tells them in its one comment on failures, edited in place.
struct AnalyzeCommand: CommentCommand {
    let name = "analyze"
    let meaning = "read the failed runs of this head again and say what broke"

    /// Runs of one head that are read: a matrix is one run.
    private static let mostRuns = 10

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        try expectNothing(argument)
        return Analyze()
    }

    private struct Analyze: CommandAction {
        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            guard let reader = invocation.client as? any WorkflowRunReader else {
                return CommandAnswer("The runs of this forge cannot be read.")
            }
            let pull = try await invocation.client.pullRequest(invocation.pullRequest)
            guard let runs = try await AnalyzeCommand.runs(of: pull.head.commit, in: invocation.request.repository, reader) else {
                return CommandAnswer("This forge has no list of runs, so I cannot find the failed ones.")
            }
            let failed = runs.filter { FinishedRunReader.failing.contains($0.conclusion ?? "") }.prefix(AnalyzeCommand.mostRuns)
            if failed.isEmpty { return CommandAnswer(AnalyzeCommand.nothing(in: runs, of: pull.head.commit)) }
            let asked = invocation.request.comment ?? invocation.job.job.createdAt.microseconds
            return CommandAnswer(
                .eyes,
                jobs: failed.map { run in
                    ExplainRunRequest(run, in: invocation.request.repository, on: invocation.request.number, asked: asked).job
                })
        }
    }

    /// `nil` where the forge knows no such list.
    private static func runs(
        of commit: CommitID, in repository: RepositoryReference, _ reader: any WorkflowRunReader
    ) async throws(ForgeError) -> [WorkflowRun]? {
        do throws(ForgeError) {
            return try await reader.workflowRuns(of: commit, in: repository, limit: 100)
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    /// Why there is nothing to tell.
    private static func nothing(in runs: [WorkflowRun], of head: CommitID) -> Markdown {
        let commit = UntrustedText(String(head.hex.prefix(12)))
        let open = runs.count { $0.conclusion == nil }
        if runs.isEmpty { return "No run is known for commit \(code: commit)." }
        if open > 0 { return "No run of commit \(code: commit) has failed so far; \(open) of \(runs.count) still go on." }
        return "No run of commit \(code: commit) failed; \(runs.count) \(word: runs.count == 1 ? "is" : "are") finished."
    }
}

extension ExplainRunRequest {
    /// Of a run that somebody asked about on a pull request, whatever was told of it before.
    fileprivate init(_ run: WorkflowRun, in repository: RepositoryReference, on pullRequest: Int, asked: Int64) {
        self.init(
            repository: repository, run: run.id, attempt: run.attempt, conclusion: run.conclusion ?? "failure", workflow: run.name,
            branch: nil, commit: run.commit, asked: Asked(pullRequest: pullRequest, comment: asked))
    }
}
