import Basics
import Review

/// The action's inputs: one table for the code and, compared by a test, for `action/action.yml`.
///
/// The runner hands each over as `INPUT_` and the name in upper case. Names have underscores: no shell can set a variable with a hyphen.
enum ActionInput: String, CaseIterable, Sendable {
    case command
    case githubToken = "github_token"
    case failOn = "fail_on"
    case comments

    var variable: String { "INPUT_" + rawValue.uppercased() }

    var defaultValue: String {
        switch self {
        case .command: "review"
        case .githubToken: "${{ github.token }}"
        case .failOn: "none"
        case .comments: "true"
        }
    }
}

/// The inputs of one run, checked.
struct ActionInputs: Sendable {
    let command: String
    let token: Secret?
    let failOn: Severity?
    /// Whether the review is posted as comments where the token allows it; else annotations and the step's summary alone.
    let postsComments: Bool

    init(environment: [String: String]) throws(UsageError) {
        func value(_ input: ActionInput) -> String {
            let given = (environment[input.variable] ?? "").trimmingPrefix { $0.isWhitespace }
            let trimmed = given.reversed().drop(while: \.isWhitespace).reversed()
            return trimmed.isEmpty ? input.defaultValue : String(trimmed)
        }
        command = value(.command)
        let token = value(.githubToken)
        // The default is an expression for the runner: seen here, it was not given at all.
        self.token = token.hasPrefix("${{") ? nil : Secret(token)
        let threshold = value(.failOn)
        failOn = Severity(rawValue: threshold)
        if failOn == nil, threshold != "none" {
            let words = Severity.allCases.reversed().map(\.rawValue).joined(separator: ", ")
            throw UsageError("input 'fail_on' is '\(threshold)'; it takes none or one of \(words)")
        }
        switch value(.comments).lowercased() {
        case "true": postsComments = true
        case "false": postsComments = false
        case let other: throw UsageError("input 'comments' is '\(other)'; it takes true or false")
        }
    }
}
