import Text

/// A step as lines at margin 0, and why it is there.
struct RenderedStep {
    var lines: [String]
    var because: Evidence?
    /// Said instead of `because`, where no line of the repository is the reason.
    var reason: String?

    var commented: [String] { ((reason ?? because?.description).map { ["# because: \($0)"] } ?? []) + lines }
}

/// Steps that bring a language and its package manager.
struct SetupSteps {
    let component: Component
    /// The job runs once per version of the matrix.
    let usesMatrix: Bool

    private var because: Evidence { component.version?.because ?? component.packageManager.because }

    private func quoted(_ text: String?) -> String? { text.flatMap(SafeText.version).map(YAMLWriter.scalar) }

    private var matrixVersion: String? { usesMatrix && component.matrix != nil ? "${{ matrix.version }}" : nil }

    /// The version for `with:`, unless a file tells it.
    private func version(_ fallback: String, _ shape: (String) -> String? = { $0 }) -> [String: String] {
        if let matrixVersion { return ["version": matrixVersion] }
        if let file = component.versionFile, SafeText.path(file) { return ["version-file": file] }
        return ["version": quoted(component.version.flatMap { shape($0.value) }) ?? YAMLWriter.scalar(fallback)]
    }

    /// - Parameter evidence: of the step as such; without one it is there for the version it names.
    private func step(_ template: String, _ values: [String: String], _ evidence: Evidence? = nil) -> RenderedStep {
        RenderedStep(
            lines: Template.lines(template, values), because: evidence ?? because,
            reason: evidence == nil ? Self.usual(component, values) : nil)
    }

    /// A version of ours is in no file.
    private static func usual(_ component: Component, _ values: [String: String]) -> String? {
        guard component.version == nil, component.versionFile == nil, component.matrix == nil, values["version"] != nil,
            let usual = UsualVersion.of(component)
        else { return nil }
        return "no file names a version; \(usual.version) \(usual.merit)"
    }

    private func run(_ name: String, _ command: String, _ evidence: Evidence) -> RenderedStep {
        RenderedStep(lines: ["- name: \(name)", "  run: \(YAMLWriter.scalar(command))"], because: evidence)
    }

    private var usual: String { UsualVersion.of(component)?.version ?? "" }

    private var lock: [String: String] { component.lockFile.map { ["lock-file": $0] } ?? [:] }

    var steps: [RenderedStep] {
        switch component.packageManager.value {
        case .npm, .pnpm, .yarnClassic, .yarnBerry, .bun: node
        case .deno: [step("setup-deno.yml", version(usual))]
        case .pip, .poetry, .pipenv, .pdm: python
        case .uv: [step("setup-uv.yml", (component.traits["environment-runner"] == nil ? lock : [:]).merging(uvVersion) { a, _ in a })]
        case .go:
            [
                step(
                    "setup-go.yml",
                    (lock.isEmpty ? ["no-cache": "false"] : lock).merging(goVersion) { a, _ in a },
                    component.versionFile.map { Evidence($0) })
            ]
        case .cargo: rust
        case .maven, .gradle:
            [step("setup-java.yml", version(usual).merging(["cache": component.packageManager.value.rawValue]) { a, _ in a })]
        case .bundler: [step("setup-ruby.yml", rubyVersion.merging(component.path.isEmpty ? [:] : ["path": component.path]) { a, _ in a })]
        case .composer:
            [step("setup-php.yml", version(usual))]
        case .nuget: [dotnet]
        case .swiftpm:
            [
                step(
                    "setup-swift.yml",
                    version("6.2") { $0.hasPrefix(">=") ? nil : $0 }.filter { $0.key == "version" }.merging(["version": "'6.2'"]) { a, _ in
                        a
                    })
            ]
        case .mix: beam
        case .make where component.language.value == .java: [step("setup-java.yml", version(usual))]
        case .cmake, .meson, .autotools, .make: packages
        case .none: []
        }
    }

    /// The action takes several versions a line each.
    private var dotnet: RenderedStep {
        let version = version(usual)
        guard let runtimes = component.traits["runtimes"], let newest = component.version?.value, version["version"] != nil else {
            return step("setup-dotnet.yml", version)
        }
        let all = runtimes.split(separator: " ").map(String.init) + [newest]
        return RenderedStep(lines: Template.lines("setup-dotnet.yml", ["version": "|"], ["versions": all]), because: because)
    }

    private var goVersion: [String: String] {
        if let matrixVersion { return ["version": matrixVersion] }
        return ["version-file": component.versionFile.flatMap { SafeText.path($0) ? $0 : nil } ?? component.file("go.mod")]
    }

    private var uvVersion: [String: String] {
        if let matrixVersion { return ["version": matrixVersion] }
        if component.versionFile != nil { return [:] }
        return component.version == nil || component.role.value == .application
            ? ["version": "'\(PythonEcosystem.runtime(of: component))'"] : [:]
    }

    private var node: [RenderedStep] {
        let manager = component.packageManager.value
        var steps: [RenderedStep] = []
        let evidence = component.packageManager.because
        let namesVersion = component.traits["package-manager-version"] != nil
        switch manager {
        case .pnpm:
            let file = component.path.isEmpty ? [:] : ["package-file": component.file("package.json")]
            steps.append(step("setup-pnpm.yml", namesVersion ? file : ["version": "10"], evidence))
        case .yarnBerry: steps.append(step("setup-corepack.yml", [:], evidence))
        case .bun:
            let bun = namesVersion ? ["version-file": component.file("package.json")] : ["version": "latest"]
            return [step("setup-bun.yml", bun, evidence)]
        default: break
        }
        let cache: [String: String] =
            component.lockFile.map { ["cache": manager == .yarnBerry ? "yarn" : manager.rawValue, "lock-file": $0] } ?? [
                "no-cache": "false"
            ]
        steps.append(step("setup-node.yml", version(usual).merging(cache) { a, _ in a }))
        return steps
    }

    private var python: [RenderedStep] {
        var steps: [RenderedStep] = []
        let manager = component.packageManager.value
        var cache: [String: String] = [:]
        if manager == .poetry || manager == .pipenv || manager == .pdm, component.traits["environment-runner"] == nil {
            steps.append(
                run("Install \(manager.rawValue)", "pipx install \(RunnerTools.pinned(manager.rawValue))", component.packageManager.because)
            )
            if manager != .pdm, component.lockFile != nil { cache = lock.merging(["cache": manager.rawValue]) { a, _ in a } }
        } else if let file = component.commands(.install).map(\.because.path).first(where: {
            $0.hasSuffix(".txt") || $0.hasSuffix("pyproject.toml")
        }), SafeText.path(file) {
            cache = ["cache": "pip", "lock-file": file]
        }
        let setup = step(
            "setup-python.yml", version(PythonEcosystem.runtime(of: component)) { Self.isExact($0) ? $0 : nil }.merging(cache) { a, _ in a }
        )
        return steps + [setup]
    }

    /// One version, no range: digits and dots.
    private static func isExact(_ text: String) -> Bool { text.allSatisfy { $0.isNumber || $0 == "." } }

    private var rust: [RenderedStep] {
        var steps: [RenderedStep] = []
        if usesMatrix, let matrix = component.matrix {
            steps.append(run("Set up Rust", "rustup toolchain install \"$RUSTUP_TOOLCHAIN\" --profile minimal", matrix.because))
        } else if component.versionFile != nil, let version = component.version, SafeText.path(version.value) {
            let command = "rustup toolchain install \(version.value) --profile minimal --component clippy --component rustfmt"
            steps.append(run("Set up Rust", command, version.because))
        }
        steps.append(
            step(
                "cache-rust.yml", component.path.isEmpty ? [:] : ["path": component.path],
                component.lockFile.map { Evidence($0) } ?? component.packageManager.because))
        return steps
    }

    private var rubyVersion: [String: String] {
        if let matrixVersion { return ["version": matrixVersion] }
        guard let version = component.version, !version.value.hasPrefix(">=") else { return ["version": "'3.4'"] }
        return ["version": quoted(version.value) ?? "'3.4'"]
    }

    private var beam: [RenderedStep] {
        if let file = component.versionFile { return [step("setup-beam.yml", ["version-file": file, "version-type": "strict"])] }
        let exact = component.version.flatMap { $0.value.first?.isNumber == true ? quoted($0.value) : nil }
        // Each line of Elixir knows some of Erlang; who names the one without the other gets what works with most.
        let otp = quoted(component.traits["otp"]) ?? (exact == nil ? "'28'" : "'26'")
        return [step("setup-beam.yml", ["otp": otp, "version": exact ?? "'\(usual)'"])]
    }

    private var packages: [RenderedStep] {
        guard let names = component.traits["apt"] else { return [] }
        let command = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends \(names)"
        return [run("Install build tools", command, component.packageManager.because)]
    }
}
