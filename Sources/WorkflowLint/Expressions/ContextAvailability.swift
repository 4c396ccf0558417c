/// Which contexts and special functions each key may use.
///
/// Source: docs.github.com/actions/reference/contexts (context availability)
struct ContextAvailability: Sendable {
    var contexts: Set<String>
    var functions: Set<String>

    /// Functions that only some keys allow.
    static let specialFunctions: Set<String> = ["always", "cancelled", "success", "failure", "hashfiles"]

    private static let status: Set<String> = ["always", "cancelled", "success", "failure"]

    static func of(_ key: String) -> ContextAvailability? { table[key] }

    /// Keys that allow `function`, sorted.
    static func keys(allowing function: String) -> [String] {
        table.filter { $0.value.functions.contains(function) }.keys.sorted()
    }

    private static let table: [String: ContextAvailability] = {
        let workflow: Set = ["github", "inputs", "vars"]
        let early: Set = ["github", "needs", "vars", "inputs"]
        let job = early.union(["strategy", "matrix"])
        let running = job.union(["job", "runner", "env", "secrets"])
        let step = running.union(["steps"])
        func entry(_ contexts: Set<String>, _ functions: Set<String> = []) -> ContextAvailability {
            .init(contexts: contexts, functions: functions)
        }
        let inStep = entry(step, ["hashfiles"])
        return [
            "run-name": entry(workflow), "concurrency": entry(workflow), "env": entry(workflow.union(["secrets"])),
            "jobs.<job_id>.concurrency": entry(job), "jobs.<job_id>.container": entry(job), "jobs.<job_id>.container.image": entry(job),
            "jobs.<job_id>.container.credentials": entry(job.union(["env", "secrets"])),
            "jobs.<job_id>.container.env.<env_id>": entry(running), "jobs.<job_id>.continue-on-error": entry(job),
            "jobs.<job_id>.defaults.run": entry(job.union(["env"])), "jobs.<job_id>.env": entry(job.union(["secrets"])),
            "jobs.<job_id>.environment": entry(job), "jobs.<job_id>.environment.url": entry(step.subtracting(["secrets"])),
            "jobs.<job_id>.if": entry(early, status), "jobs.<job_id>.name": entry(job), "jobs.<job_id>.outputs.<output_id>": entry(step),
            "jobs.<job_id>.runs-on": entry(job), "jobs.<job_id>.secrets.<secrets_id>": entry(job.union(["secrets"])),
            "jobs.<job_id>.services": entry(job), "jobs.<job_id>.services.<service_id>.credentials": entry(job.union(["env", "secrets"])),
            "jobs.<job_id>.services.<service_id>.env.<env_id>": entry(running), "jobs.<job_id>.snapshot.if": entry(job, status),
            "jobs.<job_id>.steps.continue-on-error": inStep, "jobs.<job_id>.steps.env": inStep,
            "jobs.<job_id>.steps.if": entry(step.subtracting(["secrets"]), status.union(["hashfiles"])), "jobs.<job_id>.steps.name": inStep,
            "jobs.<job_id>.steps.run": inStep, "jobs.<job_id>.steps.timeout-minutes": inStep, "jobs.<job_id>.steps.with": inStep,
            "jobs.<job_id>.steps.working-directory": inStep, "jobs.<job_id>.strategy": entry(early),
            "jobs.<job_id>.timeout-minutes": entry(job),
            "jobs.<job_id>.with.<with_id>": entry(job), "on.workflow_call.inputs.<inputs_id>.default": entry(workflow),
            "on.workflow_call.outputs.<output_id>.value": entry(workflow.union(["jobs"])),
            // Keys that take no context at all.
            "": entry([]),
        ]
    }()
}
