import Basics
import Subprocess
import Text
import WorkflowLint

enum VerifyWorkflowCommand: Command {
    static let description = CommandDescription(
        path: ["verify", "workflow"], summary: "lint workflow files and action metadata", positionals: "FILE…",
        options: [
            CommandOption("--fail-on", choices: ["error", "warning"], default: "error", help: "least severity that gives exit status 1"),
            CommandOption("--format", choices: ["text", "json", "sarif"], default: "text", help: "what is printed on standard output"),
        ],
        details: """
            Errors: GitHub refuses the file, or it cannot do what it says. Warnings: it works, and is dangerous.
            docs/workflow-rules.md explains every rule. Labels of your own runners are read from .github/actionlint.yaml.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard !arguments.positionals.isEmpty else { throw UsageError("FILE is missing") }
        var findings: [WorkflowReportEntry] = []
        var scripts: [(path: String, script: WorkflowScript)] = []
        for path in arguments.positionals {
            let bytes: [UInt8]
            do {
                bytes = try InputFile.read(path, limit: 2 << 20)
            } catch {
                throw UsageError(error.description)
            }
            let options = WorkflowSurroundings(of: path).options
            findings += WorkflowLinter.lint(bytes, path: path, options: options).map { WorkflowReportEntry(path: path, diagnostic: $0) }
            scripts += WorkflowLinter.scripts(in: bytes, path: path).map { (path, $0) }
        }
        let shellCheck = ShellCheck(runner: SystemCommandRunner(), environment: context.environment)
        for (index, diagnostic) in await shellCheck.findings(in: scripts.map(\.script)) {
            findings.append(WorkflowReportEntry(path: scripts[index].path, diagnostic: diagnostic))
        }
        let order = Dictionary(arguments.positionals.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
        findings.sort { a, b in
            (order[a.path] ?? 0, a.diagnostic.line, a.diagnostic.column) < (order[b.path] ?? 0, b.diagnostic.line, b.diagnostic.column)
        }
        let format = arguments.value("--format") ?? "text"
        context.output(WorkflowReport(files: arguments.positionals, findings: findings).rendered(format))
        let threshold = WorkflowDiagnostic.Severity(rawValue: arguments.value("--fail-on") ?? "error") ?? .error
        return findings.contains { $0.diagnostic.severity >= threshold } ? .findings : .done
    }
}

/// What the repository around a workflow file tells the linter. Nothing outside the repository is read.
struct WorkflowSurroundings {
    private let root: String?

    init(of path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let index = parts.lastIndex { [".github", ".gitea", ".forgejo"].contains($0) }
        root = index.map { $0 == 0 ? "." : parts[..<$0].joined(separator: "/") }
    }

    var options: WorkflowLinter.Options {
        guard let root else { return .init() }
        let labels = Self.labels(in: root)
        return .init(runnerLabels: labels) { path in
            let parts = path.split(separator: "/").filter { $0 != "." }
            guard !parts.contains(".."), !parts.isEmpty else { return nil }
            return try? InputFile.read(root + "/" + parts.joined(separator: "/"), limit: 1 << 20)
        }
    }

    private static func labels(in root: String) -> Set<String> {
        for name in ["actionlint.yaml", "actionlint.yml"] {
            guard let bytes = try? InputFile.read("\(root)/.github/\(name)", limit: 1 << 20), let tree = try? YAML.root(of: bytes) else {
                continue
            }
            return Set((tree[path: "self-hosted-runner", "labels"]?.sequence ?? []).compactMap { $0.string?.lowercased() })
        }
        return []
    }
}
