import Basics
import Git
import HTTP
import Jobs
import LLM
import Policy
import Review

enum ReviewCommand: Command {
    static let description = CommandDescription(
        path: ["review"], summary: "review the change between two commits",
        options: [
            CommandOption("--repo", value: "DIR", help: "the repository, or a directory in it"),
            CommandOption("--base", value: "REV", help: "where the change goes to, e.g. origin/main"),
            CommandOption("--head", value: "REV", help: "the change's last commit, e.g. HEAD"),
            CommandOption(
                "--format", choices: ReviewFormats.all.map(\.name).sorted(), default: "text", help: "what is printed on standard output"),
            CommandOption("--sarif", value: "FILE", repeats: true, help: "findings of another tool on the head, to be shown with ours"),
            CommandOption(
                "--report", value: "FORMAT:FILE", repeats: true,
                help: "findings of another tool in the form \(ToolReports.all.map(\.name).joined(separator: ", "))"),
            CommandOption("--bundle", value: "FILE", help: "writes the record of this review, for --replay"),
            CommandOption("--replay", value: "BUNDLE", help: "reviews again from a record, offline: no repository, no model"),
            CommandOption(
                "--fail-on", choices: Severity.allCases.reversed().map(\.rawValue) + ["none"], default: "none",
                help: "least severity that gives exit status 1"),
            CommandOption(
                "--severity-floor", choices: Severity.allCases.reversed().map(\.rawValue),
                help: "least severity that is shown, and that --fail-on sees (low, or what .fettle.yml says)"),
        ],
        details: """
            The change is what HEAD has and the common ancestor of both has not, as a pull request shows it.
            Built-in rules always work; a model joins them when FETTLE_LLM_URL and FETTLE_LLM_MODEL are set (and FETTLE_LLM_API_KEY where the server wants a key).
            The repository's own .fettle.yml counts as the common ancestor has it, and so does its AGENTS.md for a model.
            A fettle.yml in the working directory is not read here: name a trusted one with FETTLE_CONFIG.
            Nothing in the repository is run and nothing is written to it. docs/rules.md explains every rule.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        if let path = arguments.value("--replay") { return try await ReviewReplay.run(path, arguments, in: context) }
        for option in ["--repo", "--base", "--head"] where arguments.value(option) == nil { throw UsageError("\(option) is missing") }
        let configuration = try Configuration.loadOutsideRepository(environment: context.environment)
        let others =
            try arguments.values("--sarif").flatMap(SARIFFile.findings) + arguments.values("--report").flatMap(ToolReportFile.findings)
        let models = configuration.reviewModels(http: CurlHTTPClient(), clock: context.clock, random: context.random)
        let model = models.main
        if let model { context.complain("fettle review: asking \(model.profile.name); this may take minutes") }
        let outcome: LocalReview.Outcome
        do {
            let repository = try await GitRepository.open(
                at: arguments.value("--repo") ?? ".", environment: GitEnvironment(inheriting: context.environment))
            let review = LocalReview(
                repository: repository, redactor: Redactor(secrets: configuration.secrets), model: model, random: context.random,
                settings: configuration.reviewSettings, refuter: models.refuter, prices: models.prices)
            outcome = try await review.run(
                base: arguments.value("--base") ?? "", head: arguments.value("--head") ?? "", others: others,
                severityFloor: arguments.value("--severity-floor").flatMap(Severity.init), at: context.clock.now)
        } catch let error as GitError where error.isUsage {
            throw UsageError(error.description)
        }
        guard let format = ReviewFormats.named(arguments.value("--format") ?? "text") else { throw UsageError("unknown format") }
        if let path = arguments.value("--bundle") { try OutputFile.write(JSONValue(encoding: outcome.bundle).serialized(), to: path) }
        let report = outcome.report
        context.output(format.render(report))
        return report.result.exitCode(failOn: arguments.value("--fail-on").flatMap(Severity.init))
    }
}

/// A file of `--sarif`.
enum SARIFFile {
    static func findings(in path: String) throws -> [Finding] {
        do {
            return try SARIFReader.findings(in: try InputFile.read(path, limit: 64 << 20))
        } catch let error as InputFile.Unreadable {
            throw UsageError(error.description)
        } catch let error as SARIFReader.Unreadable {
            throw UsageError("'\(path)' is no SARIF 2.1.0: \(error.reason)")
        }
    }
}
