import Text

/// A workflow file as read; parts that were wrong are missing and were reported by the reader.
struct Workflow: Sendable {
    var name: SourceText?
    var events: [WorkflowEvent] = []
    var permissions: WorkflowPermissions?
    var environment: [EnvironmentVariable] = []
    var defaultShell: SourceText?
    var hasConcurrency = false
    var jobs: [WorkflowJob] = []
    /// Patterns for versions of runner images: `image_version` events and `snapshot`.
    var versionPatterns: [SourceText] = []
    var onMark = YAMLMark(line: 1, column: 1)
    /// Mark of the `jobs` key.
    var jobsMark: YAMLMark?
}

struct WorkflowEvent: Sendable {
    var name: SourceText
    var types: [SourceText]?
    /// `branches`, `tags-ignore`, …, with the mark of the key.
    var filters: [EventFilter] = []
    var schedules: [Schedule] = []
    /// Of `workflow_dispatch` and `workflow_call`.
    var inputs: [InputDeclaration] = []
    /// Of `workflow_call`; `nil` when there is no such section.
    var secrets: [SecretDeclaration]?
    var outputs: [OutputDeclaration] = []
}

struct EventFilter: Sendable {
    var key: SourceText
    var patterns: [SourceText]
}

struct Schedule: Sendable {
    var cron: SourceText?
    var timezone: SourceText?
}

struct InputDeclaration: Sendable {
    var name: SourceText
    var type: SourceText?
    var isRequired = false
    var defaultValue: SourceText?
    var options: [SourceText]?
}

struct SecretDeclaration: Sendable {
    var name: SourceText
    var isRequired = false
}

struct OutputDeclaration: Sendable {
    var name: SourceText
    var value: SourceText?
}

struct WorkflowPermissions: Sendable {
    var mark: YAMLMark
    /// `read-all`, `write-all` or something wrong.
    var all: SourceText?
    var scopes: [(name: SourceText, level: SourceText)] = []
    var isEmpty: Bool { all == nil && scopes.isEmpty }
}

struct EnvironmentVariable: Sendable {
    var name: SourceText
    var value: SourceText
}

struct WorkflowContainer: Sendable {
    var image: SourceText?
    var password: SourceText?
    var environment: [EnvironmentVariable] = []
}

struct WorkflowMatrix: Sendable {
    var rows: [(name: SourceText, values: YAMLNode)] = []
    var include: YAMLNode?
    var exclude: YAMLNode?
    /// The whole matrix is one expression.
    var isExpression = false
}

struct WorkflowJob: Sendable {
    var id: SourceText
    var mark: YAMLMark
    var name: SourceText?
    var needs: [SourceText] = []
    var runsOn: [SourceText] = []
    /// Mark of the `runs-on` key.
    var runsOnKey: YAMLMark?
    var hasRunnerGroup = false
    var permissions: WorkflowPermissions?
    var environment: [EnvironmentVariable] = []
    /// `environment:` (deployment) is set.
    var hasDeploymentEnvironment = false
    var outputs: [OutputDeclaration] = []
    var defaultShell: SourceText?
    var condition: SourceText?
    var matrix: WorkflowMatrix?
    var timeout: SourceText?
    var hasConcurrency = false
    var container: WorkflowContainer?
    var services: [(name: SourceText, container: WorkflowContainer)] = []
    var servicesAreExpression = false
    var steps: [WorkflowStep] = []
    var call: ReusableCall?
}

struct ReusableCall: Sendable {
    var uses: SourceText
    var inputs: [(name: SourceText, value: SourceText)] = []
    var secrets: [(name: SourceText, value: SourceText)] = []
    var inheritsSecrets: YAMLMark?
}

struct WorkflowStep: Sendable {
    var mark: YAMLMark
    var id: SourceText?
    var name: SourceText?
    var condition: SourceText?
    var uses: SourceText?
    /// Mark of the `uses` key.
    var usesKey: YAMLMark?
    var run: SourceText?
    /// Mark of the `run` key.
    var runKey: YAMLMark?
    var shell: SourceText?
    var with: [(name: SourceText, value: SourceText)] = []
    var withMark: YAMLMark?
    var environment: [EnvironmentVariable] = []
    /// Mark of the `env` key.
    var environmentKey: YAMLMark?
    var hasTimeout = false
    var continuesOnError: SourceText?

    func input(_ name: String) -> SourceText? { with.last { $0.name.value.lowercased() == name }?.value }
}

/// Where an expression stands, and what may be used there.
struct ExpressionSite: Sendable {
    enum Role: Sendable, Equatable {
        /// Text with `${{ }}` inside.
        case template
        /// `if:`, where the braces may be left out.
        case condition
        /// One expression whose value must have this type.
        case whole(String)
    }

    var text: SourceText
    /// Key of `ContextAvailability`; `nil` where anything goes.
    var key: String?
    var role: Role
    var job: Int?
    var step: Int?
}
