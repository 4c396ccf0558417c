import Basics

/// What the runner tells a step. Source: docs.github.com/actions/reference/workflows-and-actions/variables
struct ActionSurroundings: Sendable {
    /// A real runner reads our output: only then are masks written, which say the secret aloud to the runner.
    let isOnRunner: Bool
    let eventName: String
    let eventPath: String?
    let apiURL: String?
    let outputPath: String?
    let summaryPath: String?
    let repository: String?
    /// The run this step belongs to.
    let runID: Int64?
    let runAttempt: Int

    init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        isOnRunner = environment["GITHUB_ACTIONS"] == "true"
        eventName = value("GITHUB_EVENT_NAME") ?? ""
        eventPath = value("GITHUB_EVENT_PATH")
        apiURL = value("GITHUB_API_URL")
        outputPath = value("GITHUB_OUTPUT")
        summaryPath = value("GITHUB_STEP_SUMMARY")
        repository = value("GITHUB_REPOSITORY")
        runID = value("GITHUB_RUN_ID").flatMap { Int64($0) }
        runAttempt = value("GITHUB_RUN_ATTEMPT").flatMap { Int($0) }.map { max(1, $0) } ?? 1
    }
}
