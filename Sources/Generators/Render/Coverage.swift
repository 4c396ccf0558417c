import Text

/// How a component's tests measure what they run, where that needs nothing the repository lacks.
struct Coverage {
    var installs: [ComponentCommand] = []
    private var old: String
    private var new: String
    private var file: String

    private init(_ old: String, _ new: String, _ file: String, installs: [ComponentCommand] = []) {
        (self.old, self.new, self.file, self.installs) = (old, new, file, installs)
    }

    /// `nil` when the test command is of a kind we do not know how to measure.
    static func of(_ component: Component) -> Coverage? {
        guard let test = component.commands(.test).first else { return nil }
        switch component.packageManager.value {
        case .go where test.line.hasPrefix("go test "):
            return Coverage("go test ", "go test -coverprofile=coverage.out ", "coverage.out")
        case .uv where test.line == "uv run pytest":
            return Coverage("uv run pytest", "uv run --with pytest-cov pytest --cov --cov-report=xml", "coverage.xml")
        case .pip where test.line == "python -m pytest":
            let install = ComponentCommand(.install, "python -m pip install pytest-cov", test.because)
            return Coverage("pytest", "pytest --cov --cov-report=xml", "coverage.xml", installs: [install])
        case .swiftpm where test.line == "swift test":
            return Coverage("swift test", "swift test --enable-code-coverage", ".build/debug/codecov/*.json")
        case .nuget where test.line.hasPrefix("dotnet test"):
            return Coverage("dotnet test", "dotnet test --collect:'XPlat Code Coverage'", "**/coverage.cobertura.xml")
        case .deno where test.line == "deno test":
            return Coverage("deno test", "deno test --coverage=coverage", "coverage")
        default: return nil
        }
    }

    func measured(_ command: ComponentCommand) -> ComponentCommand {
        var command = command
        guard let range = command.line.firstRange(of: old) else { return command }
        command.line.replaceSubrange(range, with: new)
        return command
    }

    func upload(named id: String, _ component: Component, usesMatrix: Bool) -> RenderedStep {
        let name = usesMatrix ? "coverage-\(id)-${{ matrix.version }}" : "coverage-\(id)"
        let lines = Template.lines("coverage-upload.yml", ["name": name, "path": YAMLWriter.scalar(component.file(file))])
        return RenderedStep(lines: lines, because: component.commands(.test).first?.because)
    }
}
