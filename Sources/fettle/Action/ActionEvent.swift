import Basics
import Forge

/// The pull request an event is about. Its state is read from the forge anew; from the event come its number and where its head lives.
struct ActionEvent: Sendable, Hashable {
    let pullRequest: PullRequestReference
    /// The head is in another repository: the token can only read, and no secret is there.
    let isFromFork: Bool
    /// What happened to it, as GitHub words it: `opened`, `synchronize`, `closed`, …; may be empty.
    let action: String

    /// Something may have been brought up for it before.
    var mayHaveEnvironment: Bool { action != "opened" && action != "reopened" }

    /// The event of this run; `purpose` says in a complaint what cannot run on it.
    init(_ surroundings: ActionSurroundings, for purpose: String) throws(UsageError) {
        guard let path = surroundings.eventPath else { throw UsageError("GITHUB_EVENT_PATH is not set: this runs inside a workflow") }
        let payload: [UInt8]
        do { payload = try InputFile.read(path, limit: 32 << 20) } catch { throw UsageError(error.description) }
        try self.init(name: surroundings.eventName, payload: payload, for: purpose)
    }

    /// Events about one pull request.
    static let names: Set<String> = ["pull_request", "pull_request_target"]

    init(name: String, payload: [UInt8], for purpose: String) throws(UsageError) {
        guard Self.names.contains(name) else {
            throw UsageError(
                "\(purpose) runs on the events pull_request and pull_request_target, not on '\(name)': change 'on:' of the workflow")
        }
        let event: JSONValue
        do { event = try JSONValue(parsing: payload) } catch { throw UsageError("the event file is \(error)") }
        let pull = event["pull_request"]
        let base = pull?["base"]?["repo"]?["full_name"]?.string
        guard let number = pull?["number"]?.int, number > 0, let repository = base.flatMap({ RepositoryName($0) }) else {
            throw UsageError("the event file names no pull request")
        }
        action = event["action"]?.string ?? ""
        pullRequest = PullRequestReference(repository: RepositoryReference(forge: .github, name: repository), number: number)
        // A deleted fork has no repository any more. `pull_request_target` runs with the base's own token, which may write.
        isFromFork = name == "pull_request" && pull?["head"]?["repo"]?["full_name"]?.string != base
    }
}
