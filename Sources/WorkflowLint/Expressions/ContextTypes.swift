/// Types of the contexts at a place in a workflow. Source: docs.github.com/actions/reference/contexts
///
/// A job's types are worked out once and its steps' as they are passed, so sites are best asked in the order of the file.
struct ContextTypes {
    let workflow: Workflow
    private let everywhere: [String: ExpressionType]
    private var current: JobTypes?

    init(_ workflow: Workflow) {
        self.workflow = workflow
        let dispatches = workflow.events.contains { $0.name.value == "workflow_dispatch" }
        everywhere = [
            "github": dispatches ? Self.github(dispatching: workflow) : Self.github, "env": .map(.string), "vars": .map(.string),
            "job": Self.job, "runner": Self.runner, "secrets": Self.secrets(of: workflow),
            "strategy": .strict(["fail-fast": .bool, "job-index": .number, "job-total": .number, "max-parallel": .number]),
            "inputs": Self.inputs(of: workflow), "needs": .strict([:]), "steps": .strict([:]), "matrix": .strict([:]),
        ]
    }

    mutating func contexts(for site: ExpressionSite) -> [String: ExpressionType] {
        var contexts = everywhere
        if site.key == "on.workflow_call.outputs.<output_id>.value" { contexts["jobs"] = jobs() }
        guard let index = site.job, workflow.jobs.indices.contains(index) else { return contexts }
        let job = workflow.jobs[index]
        var types = current?.index == index ? current : nil
        // The growing table has one owner while it grows.
        current = nil
        if types == nil { types = JobTypes(index: index, needs: needs(of: job), matrix: Self.matrix(of: job)) }
        contexts["needs"] = types?.needs
        contexts["matrix"] = types?.matrix
        types?.pass(job, before: site.step ?? job.steps.count)
        contexts["steps"] = types?.steps
        current = types
        return contexts
    }

    /// What is known inside one job, up to one of its steps.
    private struct JobTypes {
        let index: Int
        let needs: ExpressionType
        let matrix: ExpressionType
        private var passed = 0
        private var known: [String: ExpressionType] = [:]
        private var isOpen = false

        init(index: Int, needs: ExpressionType, matrix: ExpressionType) {
            self.index = index
            self.needs = needs
            self.matrix = matrix
        }

        var steps: ExpressionType { isOpen ? .loose() : .object(.init(properties: known, others: nil)) }

        mutating func pass(_ job: WorkflowJob, before step: Int) {
            if step < passed { (passed, known, isOpen) = (0, [:], false) }
            let next = min(step, job.steps.count)
            for step in job.steps[passed..<next] {
                guard let id = step.id else { continue }
                if id.hasExpression { isOpen = true }
                known[id.value.lowercased()] = .strict([
                    "outputs": ContextTypes.outputs(of: step), "conclusion": .string, "outcome": .string,
                ])
            }
            passed = next
        }
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

    private static func outputs(of step: WorkflowStep) -> ExpressionType {
        guard let uses = step.uses, let reference = ActionReference(uses.value), let action = PopularAction.named(reference.name),
            let outputs = action.outputs
        else { return .map(.string) }
        return .strict(Dictionary(outputs.map { ($0, .string) }, uniquingKeysWith: { a, _ in a }))
    }
}
