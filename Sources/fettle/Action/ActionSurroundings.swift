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

    init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        isOnRunner = environment["GITHUB_ACTIONS"] == "true"
        eventName = value("GITHUB_EVENT_NAME") ?? ""
        eventPath = value("GITHUB_EVENT_PATH")
        apiURL = value("GITHUB_API_URL")
        outputPath = value("GITHUB_OUTPUT")
        summaryPath = value("GITHUB_STEP_SUMMARY")
    }
}
