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
    case base
    case head
    case history
    case server
    case coverage
    case time
    case target
    case confidence
    case reports
    case partial
    case generators

    var variable: String { "INPUT_" + rawValue.uppercased() }

    var defaultValue: String {
        switch self {
        case .command: "review"
        case .githubToken: "${{ github.token }}"
        case .failOn: "none"
        case .comments: "true"
        case .head: "HEAD"
        case .partial: "false"
        case .generators: "workflow dockerfile dependabot"
        case .base, .history, .server, .coverage, .time, .target, .confidence, .reports: ""
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
    /// The commit before the change; `nil`: as the event tells it.
    let base: String?
    let head: String
    /// The file that keeps recorded test runs; `nil`: in the repository's `.git`.
    let history: String?
    /// A Fettle server that keeps them instead; `nil`: the file.
    let server: String?
    /// Coverage reports of the run.
    let coverage: [String]
    /// `--time`, `--target` or `--confidence` with its value, as many as were given.
    let budget: [(name: String, value: String)]
    /// Report files, or folders of them.
    let reports: [String]
    /// Only a selection was run.
    let isPartial: Bool
    let generators: [String]

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
        func flag(_ input: ActionInput) throws(UsageError) -> Bool {
            switch value(input).lowercased() {
            case "true": return true
            case "false": return false
            case let other: throw UsageError("input '\(input.rawValue)' is '\(other)'; it takes true or false")
            }
        }
        func given(_ input: ActionInput) -> String? { value(input).isEmpty ? nil : value(input) }
        postsComments = try flag(.comments)
        isPartial = try flag(.partial)
        base = given(.base)
        head = value(.head)
        history = given(.history)
        server = given(.server)
        coverage = value(.coverage).split(whereSeparator: \.isNewline).map(String.init)
        budget = [ActionInput.time, .target, .confidence].compactMap { input in
            given(input).map { (name: "--" + input.rawValue, value: $0) }
        }
        reports = value(.reports).split(whereSeparator: \.isNewline).map(String.init)
        generators = value(.generators).split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
