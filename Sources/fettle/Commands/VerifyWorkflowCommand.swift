import Basics
import Generators
import Glibc
import Subprocess
import Text
import WorkflowLint

enum VerifyWorkflowCommand: Command {
    static let description = CommandDescription(
        path: ["verify", "workflow"], summary: "lint workflow files and action metadata", positionals: "FILE…",
        options: [
            CommandOption("--fail-on", choices: ["error", "warning"], default: "error", help: "least severity that gives exit status 1"),
            CommandOption("--diff", help: "print the changes that settle findings as one patch for 'git apply'; nothing is written"),
            CommandOption("--fix", help: "write these changes into the files, then report what is left"),
            CommandOption("--resolve", help: "with --diff or --fix: ask the forge for the commits behind tags that are not known here"),
            CommandOption(
                "--from", value: "URL", default: "https://github.com", help: "site --resolve asks (https, http or file)"),
            CommandOption("--format", choices: ["text", "json", "sarif"], default: "text", help: "what is printed on standard output"),
        ],
        details: """
            FILE may be a folder: then the workflows and actions below it are read. Errors: GitHub refuses the file, or it cannot do what
            it says. Warnings: it works, and is dangerous. docs/workflow-rules.md explains every rule and says which changes are proposed.
            Labels of your own runners are read from .github/actionlint.yaml.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        guard !arguments.positionals.isEmpty else { throw UsageError("FILE is missing") }
        let fixes = arguments.flag("--fix")
        let shows = arguments.flag("--diff")
        if fixes, shows { throw UsageError("'--diff' shows what '--fix' writes; give one of them") }
        if arguments.flag("--resolve"), !fixes, !shows { throw UsageError("'--resolve' goes with '--diff' or '--fix'") }
        let format = arguments.value("--format") ?? "text"
        if shows, format == "sarif" { throw UsageError("'--diff' is printed as text or json") }
        var files = try WorkflowFiles.read(arguments.positionals)
        if fixes || shows {
            let fixer = WorkflowFileFixer(context: context, site: arguments.flag("--resolve") ? arguments.value("--from") : nil)
            let fixed = await fixer.fixed(files)
            if shows {
                let findings = files.flatMap(\.findings)
                context.output(WorkflowPatch(files: fixed).rendered(format))
                return exit(findings, arguments)
            }
            for file in fixed where !file.result.fixes.isEmpty {
                try WorkflowFiles.write(file.result.text, to: file.path)
                context.complain("\(file.path): \(Count.of(file.result.fixes.count, "finding")) settled")
            }
            files = try WorkflowFiles.read(files.map(\.path))
        }
        var findings = files.flatMap(\.findings)
        let scripts = files.flatMap { file in WorkflowLinter.scripts(in: file.bytes, path: file.path).map { (file.path, $0) } }
        let shellCheck = ShellCheck(runner: SystemCommandRunner(), environment: context.environment)
        for (index, diagnostic) in await shellCheck.findings(in: scripts.map(\.1)) {
            findings.append(WorkflowReportEntry(path: scripts[index].0, diagnostic: diagnostic))
        }
        let order = Dictionary(files.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { a, _ in a })
        findings.sort { a, b in
            (order[a.path] ?? 0, a.diagnostic.line, a.diagnostic.column) < (order[b.path] ?? 0, b.diagnostic.line, b.diagnostic.column)
        }
        context.output(WorkflowReport(files: files.map(\.path), findings: findings).rendered(format))
        return exit(findings, arguments)
    }

    private static func exit(_ findings: [WorkflowReportEntry], _ arguments: ParsedArguments) -> ExitCode {
        let threshold = WorkflowDiagnostic.Severity(rawValue: arguments.value("--fail-on") ?? "error") ?? .error
        return findings.contains { $0.diagnostic.severity >= threshold } ? .findings : .done
    }
}

/// The files a command line names, folders opened.
struct WorkflowFiles {
    struct File {
        var path: String
        var bytes: [UInt8]

        var options: WorkflowLinter.Options { WorkflowSurroundings(of: path).options }
        var findings: [WorkflowReportEntry] {
            WorkflowLinter.lint(bytes, path: path, options: options).map { WorkflowReportEntry(path: path, diagnostic: $0) }
        }
    }

    static func read(_ places: [String]) throws -> [File] {
        var files: [File] = []
        for place in places {
            for path in try paths(of: place) where !files.contains(where: { $0.path == path }) {
                do {
                    files.append(File(path: path, bytes: try InputFile.read(path, limit: 2 << 20)))
                } catch {
                    throw UsageError(error.description)
                }
            }
        }
        return files
    }

    /// The file itself, or what a forge would read below the folder.
    private static func paths(of place: String) throws -> [String] {
        var status = stat()
        guard stat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [place] }
        let files: RepositoryFolder
        do {
            files = try RepositoryFolder(place)
        } catch {
            throw UsageError(error.description)
        }
        let base = place.hasSuffix("/") ? String(place.dropLast()) : place
        let whole = realpath(place, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
        let found = files.paths.filter { WorkflowLinter.isWorkflow(path: (whole ?? base) + "/" + $0) }
        guard !found.isEmpty else {
            throw UsageError(
                "there is no workflow below '\(place)': looked for *.yml and *.yaml in .github/workflows, .gitea/workflows and .forgejo/workflows, and for action.yml; name the file itself when it stands elsewhere"
            )
        }
        return found.map { base == "." ? $0 : base + "/" + $0 }
    }

    static func write(_ text: String, to path: String) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        try OutputTree.write(text, to: String(parts.last ?? ""), under: folder.isEmpty ? "/" : folder)
    }
}

/// What the repository around a workflow file tells the linter. Nothing outside the repository is read.
struct WorkflowSurroundings {
    /// The folder that holds `.github` or its like; `nil` for a file that stands elsewhere.
    let root: String?

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
