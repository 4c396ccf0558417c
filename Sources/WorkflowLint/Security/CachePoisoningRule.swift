import Text

enum CachePoisoningRule: WorkflowRule {
    static let id = "cache-poisoning"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A job that publishes restores a cache that less trusted runs could have filled."

    private static let publishers = [
        "pypa/gh-action-pypi-publish", "softprops/action-gh-release", "ncipollo/release-action", "docker/build-push-action",
        "actions/attest-build-provenance", "goreleaser/goreleaser-action",
    ]
    private static let setups = ["actions/setup-node", "actions/setup-python", "actions/setup-java", "actions/setup-dotnet"]

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        let releases = file.has(event: "release") || file.workflow.events.contains { $0.filters.contains { $0.key.value == "tags" } }
        for job in file.workflow.jobs {
            let names = job.steps.map { $0.uses.flatMap { ActionReference($0.value)?.name.lowercased() } }
            let publishes = names.contains { $0.map(publishers.contains) ?? false } || job.steps.contains { publishesByCommand($0) }
            guard publishes || releases && job.permissions?.scopes.contains(where: { $0.level.value == "write" }) == true else { continue }
            for (step, name) in zip(job.steps, names) {
                guard let uses = step.uses, let name, restores(name, step) else { continue }
                report.add(uses.mark, "this job publishes and restores a cache here; build published artifacts without caches")
            }
        }
    }

    private static func publishesByCommand(_ step: WorkflowStep) -> Bool {
        guard let run = step.run?.value else { return false }
        return ["npm publish", "cargo publish", "twine upload", "gem push", "docker push", "poetry publish", "uv publish"].contains(
            where: run.holds)
    }

    private static func restores(_ name: String, _ step: WorkflowStep) -> Bool {
        if ["actions/cache", "actions/cache/restore", "swatinem/rust-cache"].contains(name) { return true }
        if name == "actions/setup-go" { return step.input("cache")?.value != "false" }
        return setups.contains(name) && (step.input("cache")?.value).map { !$0.isEmpty && $0 != "false" } ?? false
    }
}
