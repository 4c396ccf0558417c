import Text

/// A model into a CI workflow for one forge.
struct WorkflowRenderer {
    let model: RepositoryModel
    let options: GenerationOptions
    static let runner = "ubuntu-24.04"

    func blocks() -> [ManagedBlock] {
        let guards = isGitea ? [] : Template.lines("guards.yml", ["group": "ci", "cancel": "true"])
        let head = Template.lines(
            "workflow.yml", ["name": "CI", "branch": YAMLWriter.flowScalar(model.defaultBranch)], ["guards": guards])
        var jobs = model.components.filter(Self.isSafe).flatMap(jobs(of:))
        guard !jobs.isEmpty else { return [] }
        if let review = review() { jobs.append(review) }
        return UsesLines.rewrite([ManagedBlock(name: "workflow", margin: "", lines: head)] + jobs, for: options)
    }

    private var submodules: [String: String] { model.submodules.map { ["submodules": $0.value] } ?? [:] }

    private var isGitea: Bool { options.target == .gitea }

    /// Our own action by its pinned release; `nil` when no release of it is known.
    private func action() -> String? {
        options.pins.pins[FettleAction.repository].map { "\(FettleAction.repository)/action@\($0.commit) # \($0.tag)" }
    }

    private func review() -> ManagedBlock? {
        guard options.extras.contains(.review), !isGitea, let action = action() else { return nil }
        let lines = Template.lines("job-review.yml", ["id": "review", "runner": Self.runner, "action": action])
        return ManagedBlock(name: "review", margin: "  ", lines: lines.map { $0.isEmpty ? "" : "  " + $0 })
    }

    private static func isSafe(_ component: Component) -> Bool {
        SafeText.path(component.path) && component.lockFile.map(SafeText.path) ?? true
            && component.commands.contains { SafeText.command($0.line) }
    }

    /// One job, or a job of checks and a matrix of tests when there are several versions.
    private func jobs(of component: Component) -> [ManagedBlock] {
        let checks = component.commands.filter { $0.purpose == .lint || $0.purpose == .typecheck }
        // What the tests find made may itself be made with what was built.
        let work = component.commands(.build) + component.commands(.prepare) + component.commands(.test)
        guard component.matrix != nil, !work.isEmpty else { return [job(component, id: component.name, checks + work, usesMatrix: false)] }
        var blocks: [ManagedBlock] = []
        if !checks.isEmpty {
            let id = component.name == "test" ? "lint" : "\(component.name)-lint"
            blocks.append(job(component, id: id, checks, usesMatrix: false))
        }
        return blocks + [job(component, id: component.name, work, usesMatrix: true)]
    }

    private func job(_ component: Component, id: String, _ commands: [ComponentCommand], usesMatrix: Bool) -> ManagedBlock {
        let slow: Set<Language> = [.java, .kotlin, .rust, .c, .cpp, .swift]
        var steps = [RenderedStep(lines: Template.lines("checkout.yml", submodules), because: model.submodules?.because)]
        steps += SetupSteps(component: component, usesMatrix: usesMatrix).steps
        let tests = commands.contains { $0.purpose == .test }
        var hasServices = false
        var brought: Set<String> = []
        let coverage = options.extras.contains(.coverage) && tests ? Coverage.of(component) : nil
        if tests, options.extras.contains(.selectTests), !isGitea, let action = action() {
            steps.append(RenderedStep(lines: Template.lines("select-tests.yml", ["id": "select", "action": action]), because: nil))
        }
        for command in component.commands(.install) + (coverage?.installs ?? []) + commands where SafeText.command(command.line) {
            // Their files may be among what was installed, and the build may ask them.
            if tests, !hasServices, [.build, .prepare, .test].contains(command.purpose) {
                steps += component.services.map(Self.start)
                hasServices = true
            }
            for line in command.tools where SafeText.command(line) && brought.insert(line).inserted {
                steps.append(Self.tool(line, command))
            }
            let isOnNewest = usesMatrix && command.purpose == .test
            steps.append(
                Self.step(
                    command.purpose == .test ? coverage?.measured(command) ?? command : command,
                    onlyWith: isOnNewest ? component.traits["tests-with"] : nil))
        }
        if let coverage { steps.append(coverage.upload(named: id, component, usesMatrix: usesMatrix)) }
        let values = [
            "id": id, "name": YAMLWriter.scalar(Self.title(component, commands, usesMatrix)), "runner": Self.runner,
        ]
        let timeout = slow.contains(component.language.value) ? "45" : "20"
        let blocks = [
            "steps": steps.flatMap(\.commented), "strategy": Self.strategy(component, usesMatrix), "defaults": Self.defaults(component),
            "environment": Self.environment(component, usesMatrix: usesMatrix, isTold: tests),
            "limits": isGitea ? [] : Template.lines("job-limits.yml", ["timeout": timeout]),
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

    /// What commands are told: the toolchain of this turn, and where the servers are.
    private static func environment(_ component: Component, usesMatrix: Bool, isTold: Bool) -> [String] {
        var lines: [String] = []
        if component.language.value == .elixir { lines.append("  MIX_ENV: test") }
        if usesMatrix, component.language.value == .rust { lines.append("  RUSTUP_TOOLCHAIN: ${{ matrix.version }}") }
        if isTold {
            for variable in component.environment where !lines.contains(where: { $0.hasPrefix("  \(variable.name):") }) {
                lines += ["  # because: \(variable.because)", "  \(variable.name): \(YAMLWriter.scalar(variable.value))"]
            }
        }
        return lines.isEmpty ? [] : ["env:"] + lines
    }

    /// Compose waits for a server that says when it answers; what its file does not say is put beside it.
    private static func start(_ service: ServiceNeed) -> RenderedStep {
        let up = "up --detach --wait \(service.name)"
        let more = definition(service)
        let command: String
        if let file = service.file {
            let own = more.isEmpty ? (file.contains("/") ? "--file \(file) " : "") : "--file \(file) --file - "
            command = (more.isEmpty ? "" : "echo '\(more)' | ") + "docker compose \(own)\(up)"
        } else {
            command = "echo '\(more)' | docker compose --file - \(up)"
        }
        return RenderedStep(lines: ["- name: Start \(service.name)", "  run: \(YAMLWriter.scalar(command))"], because: service.because)
    }

    /// In YAML's flow style with double quotes, for it stands between single ones.
    private static func definition(_ service: ServiceNeed) -> String {
        var keys: [String] = []
        if let plain = service.plain {
            keys.append("image: \(YAMLWriter.doubleQuoted(plain.image))")
            let variables = plain.environment.map { "\($0.name): \(YAMLWriter.doubleQuoted($0.value))" }
            if !variables.isEmpty { keys.append("environment: {\(variables.joined(separator: ", "))}") }
            if !plain.ports.isEmpty { keys.append("ports: [\(plain.ports.map(YAMLWriter.doubleQuoted).joined(separator: ", "))]") }
        } else if let port = service.publish {
            keys.append("ports: [\"\(port):\(port)\"]")
        }
        if !service.health.isEmpty {
            let words = (["CMD"] + service.health).joined(separator: ", ")
            keys.append("healthcheck: {test: [\(words)], interval: 2s, retries: 60}")
        }
        return keys.isEmpty ? "" : "services: {\(service.name): {\(keys.joined(separator: ", "))}}"
    }

    private static func tool(_ line: String, _ command: ComponentCommand) -> RenderedStep {
        RenderedStep(lines: ["- name: Install tools", "  run: \(YAMLWriter.scalar(line))"], because: command.because)
    }

    private static func step(_ command: ComponentCommand, onlyWith version: String?) -> RenderedStep {
        let names: [ComponentCommand.Purpose: String] = [
            .install: "Install", .lint: "Lint", .typecheck: "Check types", .build: "Build", .prepare: "Prepare the tests", .test: "Test",
        ]
        let condition = version.map { ["  if: matrix.version == '\($0)'"] } ?? []
        let name = command.line.hasPrefix("cp ") ? "Copy settings" : names[command.purpose] ?? "Run"
        let lines = ["- name: \(name)"] + condition + ["  run: \(YAMLWriter.scalar(command.line))"]
        return RenderedStep(lines: lines, because: command.because)
    }
}
