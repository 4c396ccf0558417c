import Text

/// A model into `.github/workflows/ci.yml` and, when there is an image to build, `publish-container.yml`.
enum WorkflowRenderer {
    static let runner = "ubuntu-24.04"

    static func blocks(for model: RepositoryModel) -> [ManagedBlock] {
        let head = Template.lines("workflow.yml", ["name": "CI", "branch": YAMLWriter.flowScalar(model.defaultBranch), "group": "ci"])
        var jobs: [ManagedBlock] = []
        for component in model.components where isSafe(component) {
            for job in Self.jobs(of: component) { jobs.append(job) }
        }
        guard !jobs.isEmpty else { return [] }
        return [ManagedBlock(name: "workflow", margin: "", lines: head)] + jobs
    }

    private static func isSafe(_ component: Component) -> Bool {
        SafeText.path(component.path) && component.lockFile.map(SafeText.path) ?? true
            && component.commands.contains { SafeText.command($0.line) }
    }

    /// One job, or a job of checks and a matrix of tests when there are several versions.
    private static func jobs(of component: Component) -> [ManagedBlock] {
        let checks = component.commands.filter { $0.purpose == .lint || $0.purpose == .typecheck }
        let work = component.commands.filter { $0.purpose == .build || $0.purpose == .test }
        guard component.matrix != nil, !work.isEmpty else { return [job(component, id: component.name, checks + work, usesMatrix: false)] }
        var blocks: [ManagedBlock] = []
        if !checks.isEmpty {
            let id = component.name == "test" ? "lint" : "\(component.name)-lint"
            blocks.append(job(component, id: id, checks, usesMatrix: false))
        }
        return blocks + [job(component, id: component.name, work, usesMatrix: true)]
    }

    private static func job(_ component: Component, id: String, _ commands: [ComponentCommand], usesMatrix: Bool) -> ManagedBlock {
        let slow: Set<Language> = [.java, .kotlin, .rust, .c, .cpp, .swift]
        var steps = [RenderedStep(lines: Template.lines("checkout.yml"), because: nil)]
        steps += SetupSteps(component: component, usesMatrix: usesMatrix).steps
        let needsServices = commands.contains { $0.purpose == .test }
        if needsServices { steps += component.services.map(start) }
        for command in component.commands(.install) + commands where SafeText.command(command.line) { steps.append(step(command)) }
        let values = [
            "id": id, "name": YAMLWriter.scalar(title(component, commands, usesMatrix)), "runner": runner,
            "timeout": slow.contains(component.language.value) ? "45" : "20",
        ]
        let blocks = [
            "steps": steps.flatMap(\.commented), "strategy": strategy(component, usesMatrix), "defaults": defaults(component),
        ]
        return ManagedBlock(name: id, margin: "  ", lines: Template.lines("job.yml", values, blocks).map { $0.isEmpty ? "" : "  " + $0 })
    }

    private static func title(_ component: Component, _ commands: [ComponentCommand], _ usesMatrix: Bool) -> String {
        let isCheck = commands.allSatisfy { $0.purpose == .lint || $0.purpose == .typecheck }
        let place = component.path.isEmpty ? component.language.value.name : "\(component.language.value.name) (\(component.path))"
        if isCheck { return "Check \(place)" }
        let what = commands.contains { $0.purpose == .test } ? "Test" : "Build"
        return usesMatrix ? "\(what) \(place) ${{ matrix.version }}" : "\(what) \(place)"
    }

    private static func strategy(_ component: Component, _ usesMatrix: Bool) -> [String] {
        guard usesMatrix, let matrix = component.matrix else { return [] }
        let versions = matrix.value.map(YAMLWriter.singleQuoted).joined(separator: ", ")
        return ["# because: \(matrix.because)", "strategy:", "  fail-fast: false", "  matrix:", "    version: [\(versions)]"]
    }

    private static func defaults(_ component: Component) -> [String] {
        component.path.isEmpty ? [] : ["defaults:", "  run:", "    working-directory: \(YAMLWriter.scalar(component.path))"]
    }

    private static func start(_ service: ServiceNeed) -> RenderedStep {
        let command = "docker compose up --detach --wait \(service.name)"
        return RenderedStep(lines: ["- name: Start \(service.name)", "  run: \(YAMLWriter.scalar(command))"], because: service.because)
    }

    private static func step(_ command: ComponentCommand) -> RenderedStep {
        let names: [ComponentCommand.Purpose: String] = [
            .install: "Install", .lint: "Lint", .typecheck: "Check types", .build: "Build", .test: "Test",
        ]
        let lines = ["- name: \(names[command.purpose] ?? "Run")", "  run: \(YAMLWriter.scalar(command.line))"]
        return RenderedStep(lines: lines, because: command.because)
    }

    /// `nil` without a Dockerfile in the root.
    static func publishBlocks(for model: RepositoryModel) -> [ManagedBlock] {
        guard model.containerFiles.contains("Dockerfile") else { return [] }
        let lines = Template.lines("publish-container.yml", ["context": ".", "dockerfile": "Dockerfile"])
        return [ManagedBlock(name: "publish-container", margin: "", lines: ["# because: Dockerfile"] + lines)]
    }
}
