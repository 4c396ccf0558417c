import Basics
import Generators
import Glibc

/// What the three commands that write files share.
enum Generate {
    static let options = [
        CommandOption("--repo", value: "DIR", required: true, help: "the repository to look at; nothing of it is executed"),
        CommandOption(
            "--output", value: "DIR",
            help: "folder the files are written to, as they would stand in the repository (default: the repository)"),
        CommandOption("--check", help: "write nothing; exit status 1 and a diff when the files would change"),
        CommandOption("--explain", help: "print every fact with its evidence"),
        CommandOption("--format", choices: ["text", "json"], default: "text", help: "what is printed on standard output"),
    ]

    static func run(
        _ kind: GenerationPlan.Kind, _ arguments: ParsedArguments, in context: CommandContext,
        adjusting: (inout GenerationOptions) throws -> Void = { _ in }
    ) throws -> ExitCode {
        let repository = arguments.value("--repo") ?? "."
        let (files, model) = try inspect(repository)
        var (settings, faults) = GenerationOptions.read(from: files)
        guard faults.isEmpty else { throw UsageError(faults.joined(separator: "; ")) }
        try adjusting(&settings)
        let report = GenerationReport(model: model, isJSON: arguments.value("--format") == "json", explains: arguments.flag("--explain"))
        guard model.conflicts.isEmpty else {
            context.output(report.conflicts())
            return .findings
        }
        var plan = GenerationPlan.make(kind, for: model, in: files, options: settings)
        if let output = arguments.value("--output") {
            // A folder that is not there yet holds nothing.
            if let folder = try? RepositoryFolder(output) { plan.goes(into: folder) } else { plan.goes(into: RepositorySnapshot([:])) }
        }
        if arguments.flag("--check") {
            context.output(report.check(plan))
            return plan.files.contains { $0.state != .unchanged } ? .findings : .done
        }
        try write(plan, to: arguments.value("--output") ?? repository)
        context.output(report.written(plan))
        return .done
    }

    static func inspect(_ repository: String) throws -> (RepositoryFolder, RepositoryModel) {
        let files: RepositoryFolder
        do {
            files = try RepositoryFolder(repository)
        } catch {
            throw UsageError(error.description)
        }
        var model = Detection.model(of: files)
        if let head = try? InputFile.read(repository + "/.git/HEAD", limit: 4_096) {
            model.setDefaultBranch(fromHead: String(decoding: head, as: UTF8.self))
        }
        return (files, model)
    }

    private static func write(_ plan: GenerationPlan, to folder: String) throws {
        for file in plan.files { try OutputTree.write(file.text, to: file.path, under: folder) }
    }
}

enum GenerateWorkflowCommand: Command {
    static let description = CommandDescription(
        path: ["generate", "workflow"], summary: "write CI workflows for a repository, with the evidence for every line",
        options: Generate.options + [
            CommandOption(
                "--forge", choices: GenerationOptions.Target.allCases.map(\.rawValue),
                help: "whose CI runs it; .fettle.yml: generate.forge, else github"),
            CommandOption(
                "--registry", choices: GenerationOptions.Registry.allCases.map(\.rawValue),
                help: "where images go; .fettle.yml: generate.registry, else the forge's own"),
            CommandOption(
                "--with", choices: GenerationOptions.Extra.allCases.map(\.rawValue), repeats: true,
                help: "a step more; .fettle.yml: generate.with"),
        ],
        details: "Exit status 1 with the conflicts when the evidence allows no safe choice.")

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try Generate.run(.workflow, arguments, in: context) { options in
            if let target = arguments.value("--forge").flatMap(GenerationOptions.Target.init(rawValue:)) {
                options = GenerationOptions(target: target, registry: nil, extras: options.extras, pins: options.pins)
            }
            if let registry = arguments.value("--registry").flatMap(GenerationOptions.Registry.init(rawValue:)) {
                options.registry = registry
            }
            options.extras.formUnion(arguments.values("--with").compactMap(GenerationOptions.Extra.init(rawValue:)))
        }
    }
}

enum GenerateDockerfileCommand: Command {
    static let description = CommandDescription(
        path: ["generate", "dockerfile"], summary: "write a Dockerfile and .dockerignore for each application", options: Generate.options)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try Generate.run(.dockerfile, arguments, in: context)
    }
}

enum GenerateDependabotCommand: Command {
    static let description = CommandDescription(
        path: ["generate", "dependabot"], summary: "write .github/dependabot.yml with a cooldown", options: Generate.options)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        try Generate.run(.dependabot, arguments, in: context)
    }
}

enum GenerateReportCommand: Command {
    static let description = CommandDescription(
        path: ["generate", "report"], summary: "say what a repository is, why, and what it lacks",
        options: [
            CommandOption("--repo", value: "DIR", required: true, help: "the repository to look at; nothing of it is executed"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "what is printed on standard output"),
        ])

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let (_, model) = try Generate.inspect(arguments.value("--repo") ?? ".")
        let report = GenerationReport(model: model, isJSON: arguments.value("--format") == "json", explains: true)
        context.output(report.repository())
        return model.conflicts.isEmpty ? .done : .findings
    }
}
