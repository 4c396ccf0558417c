/// Types of the contexts at a place in a workflow. Source: docs.github.com/actions/reference/contexts
struct ContextTypes {
    let workflow: Workflow
    private let dispatchInputs: ExpressionType
    private let secrets: ExpressionType

    init(_ workflow: Workflow) {
        self.workflow = workflow
        dispatchInputs = Self.inputs(of: workflow)
        secrets = Self.secrets(of: workflow)
    }

    func contexts(for site: ExpressionSite) -> [String: ExpressionType] {
        var contexts: [String: ExpressionType] = [
            "github": Self.github, "env": .map(.string), "vars": .map(.string), "job": Self.job, "runner": Self.runner, "secrets": secrets,
            "strategy": .strict(["fail-fast": .bool, "job-index": .number, "job-total": .number, "max-parallel": .number]),
            "inputs": dispatchInputs, "needs": .strict([:]), "steps": .strict([:]), "matrix": .strict([:]),
        ]
        if site.key == "on.workflow_call.outputs.<output_id>.value" { contexts["jobs"] = jobs() }
        if workflow.events.contains(where: { $0.name.value == "workflow_dispatch" }) {
            contexts["github"] = Self.github(dispatching: workflow)
        }
        guard let index = site.job, workflow.jobs.indices.contains(index) else { return contexts }
        let job = workflow.jobs[index]
        contexts["needs"] = needs(of: job)
        contexts["matrix"] = Self.matrix(of: job)
        contexts["steps"] = Self.steps(of: job, before: site.step)
        return contexts
    }

    static let github: ExpressionType = {
        let strings = [
            "action", "action_path", "action_ref", "action_repository", "action_status", "actor", "actor_id", "api_url", "base_ref", "env",
            "event_name", "event_path", "graphql_url", "head_ref", "job", "job_workflow_sha", "output", "path", "ref", "ref_name",
            "ref_type",
            "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "repositoryurl",
            "run_attempt", "run_id", "run_number",
            "secret_source", "server_url", "sha", "state", "step_summary", "token", "triggering_actor", "workflow", "workflow_ref",
            "workflow_sha", "workspace",
        ]
        var properties = Dictionary(strings.map { ($0, ExpressionType.string) }, uniquingKeysWith: { a, _ in a })
        properties["event"] = .loose()
        properties["ref_protected"] = .bool
        properties["retention_days"] = .number
        properties["artifact_cache_size_limit"] = .number
        return .strict(properties)
    }()

    /// `github.event.inputs` has the inputs of `workflow_dispatch`, all as strings.
    private static func github(dispatching workflow: Workflow) -> ExpressionType {
        guard case .object(var object) = github else { return github }
        let inputs = workflow.events.filter { $0.name.value == "workflow_dispatch" }.flatMap(\.inputs)
        let strings = Dictionary(inputs.map { ($0.name.value, ExpressionType.string) }, uniquingKeysWith: { a, _ in a })
        object.properties["event"] = .loose(["inputs": .strict(strings)])
        return .object(object)
    }

    static let job: ExpressionType = .strict([
        "check_run_id": .number, "container": .strict(["id": .string, "network": .string]),
        "services": .map(.strict(["id": .string, "network": .string, "ports": .map(.string)])), "status": .string, "workflow_ref": .string,
        "workflow_sha": .string, "workflow_repository": .string, "workflow_file_path": .string,
    ])

    static let runner: ExpressionType = .strict([
        "arch": .string, "debug": .string, "environment": .string, "name": .string, "os": .string, "temp": .string, "tool_cache": .string,
        "workspace": .string,
    ])

    /// Inputs of `workflow_dispatch` and `workflow_call` together; nothing when neither event is there.
    private static func inputs(of workflow: Workflow) -> ExpressionType {
        var merged: ExpressionType?
        for event in workflow.events where event.name.value == "workflow_dispatch" || event.name.value == "workflow_call" {
            let type = inputs(event.inputs)
            merged = merged.map { $0.merged(with: type) } ?? type
        }
        return merged ?? .strict([:])
    }

    static func inputs(_ declarations: [InputDeclaration]) -> ExpressionType {
        .strict(Dictionary(declarations.map { ($0.name.value, type(named: $0.type?.value)) }, uniquingKeysWith: { $0.merged(with: $1) }))
    }

    static func type(named name: String?) -> ExpressionType {
        switch name {
        case "boolean": .bool
        case "number": .number
        case "string", "choice", "environment": .string
        default: .any
        }
    }

    /// A called workflow sees the secrets it declares, unless its caller lets it inherit all: then it declares none.
    private static func secrets(of workflow: Workflow) -> ExpressionType {
        guard workflow.events.count == 1, let declared = workflow.events[0].secrets else { return .map(.string) }
        let names = declared.map(\.name.value) + ["GITHUB_TOKEN", "ACTIONS_STEP_DEBUG", "ACTIONS_RUNNER_DEBUG"]
        return .strict(Dictionary(names.map { ($0, .string) }, uniquingKeysWith: { a, _ in a }))
    }

    private static func outputs(of job: WorkflowJob) -> ExpressionType {
        if job.call != nil { return .loose() }
        return .strict(Dictionary(job.outputs.map { ($0.name.value, .string) }, uniquingKeysWith: { a, _ in a }))
    }

    private func needs(of job: WorkflowJob) -> ExpressionType {
        var properties: [String: ExpressionType] = [:]
        for need in job.needs {
            if need.hasExpression { return .loose() }
            guard let needed = workflow.jobs.first(where: { $0.id.value.lowercased() == need.value.lowercased() }) else { continue }
            properties[need.value] = .strict(["outputs": Self.outputs(of: needed), "result": .string])
        }
        return .strict(properties)
    }

    private func jobs() -> ExpressionType {
        let entries = workflow.jobs.map { ($0.id.value, ExpressionType.strict(["outputs": Self.outputs(of: $0), "result": .string])) }
        return .strict(Dictionary(entries, uniquingKeysWith: { a, _ in a }))
    }

    private static func steps(of job: WorkflowJob, before step: Int?) -> ExpressionType {
        var properties: [String: ExpressionType] = [:]
        for known in job.steps.prefix(step ?? job.steps.count) {
            guard let id = known.id else { continue }
            if id.hasExpression { return .loose() }
            properties[id.value] = .strict(["outputs": outputs(of: known), "conclusion": .string, "outcome": .string])
        }
        return .strict(properties)
    }

    private static func outputs(of step: WorkflowStep) -> ExpressionType {
        guard let uses = step.uses, let reference = ActionReference(uses.value), let action = PopularAction.named(reference.name),
            let outputs = action.outputs
        else { return .map(.string) }
        return .strict(Dictionary(outputs.map { ($0, .string) }, uniquingKeysWith: { a, _ in a }))
    }
}
