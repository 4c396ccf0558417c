import Basics
import FoundationEssentials
import HTTP
import Jobs
import LLM
import Policy
import TestSelection

/// A change, and which of its lines tests ran through.
struct MeasuredChange: Sendable {
    var coverage: ChangeCoverage
    var change: SourceChange
    var reader: ChangeReader
}

/// Test cases for lines that no test ran through, from the configured model.
struct CaseProposal: Sendable {
    static let option = CommandOption(
        "--propose", value: "FILE",
        help: "ask the configured model for test cases that run through these lines; written as a patch that nobody has run")

    private static let testsShown = 3

    private let model: any LanguageModel
    private let redactor: Redactor
    private let context: CommandContext

    /// `nil` without a model.
    init?(_ configuration: Configuration, in context: CommandContext) {
        guard let model = configuration.languageModel(http: CurlHTTPClient(), clock: context.clock, random: context.random) else {
            return nil
        }
        self.model = model
        self.context = context
        redactor = Redactor(secrets: configuration.secrets)
    }

    /// Asks where the arguments say so, writes the patch, and tells what came of it.
    static func write(_ measured: MeasuredChange, _ arguments: ParsedArguments, in context: CommandContext) async throws {
        guard let file = arguments.value("--propose") else { return }
        guard let asked = CaseProposal(try Configuration.loadOutsideRepository(environment: context.environment), in: context) else {
            throw UsageError("--propose needs a model: set FETTLE_LLM_URL and FETTLE_LLM_MODEL")
        }
        context.complain("fettle tests: asking \(asked.model.profile.name) for test cases; this may take minutes")
        let outcome = try await asked.make(measured)
        for problem in outcome.problems { context.complain(problem) }
        guard let patch = outcome.patch else { return }
        do { try patch.write(toFile: file, atomically: true, encoding: .utf8) } catch {
            throw UsageError("cannot write '\(file)': \(error)")
        }
        context.print(
            "proposed test cases are in \(file): unverified, nobody has run them; 'git apply \(ShellWords.line([file]))' puts them in place"
        )
    }

    func make(_ measured: MeasuredChange) async throws -> CaseProposer.Outcome {
        let gaps = CoverageGap.all(in: measured.coverage, of: measured.change)
        if gaps.isEmpty { return CaseProposer.Outcome(problems: ["every changed line that is known is covered"]) }
        let files = try await measured.reader.files()
        let tests = try await measured.reader.tests(among: files)
        let ranking = ChangeRanking(measured.change, tests: tests, history: [])
        let near = ranking.tests.prefix(Self.testsShown).compactMap { ranked in tests.first { $0.path == ranked.path } }
        return await CaseProposer(model: model, redactor: redactor, random: context.random).propose(gaps, tests: near)
    }
}
