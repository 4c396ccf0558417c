import Basics
import FoundationEssentials
import Git
import TestSelection

enum TestsSelectCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "select"],
        summary: "choose the tests worth running for a change, and say why",
        options: HistoryPlace.options + [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption("--base", value: "REV", required: true, help: "the commit before the change"),
            CommandOption("--head", value: "REV", default: "HEAD", help: "the commit after it"),
            CommandOption("--time", value: "SPAN", help: "run for at most so long: 90s, 10m, 1h"),
            CommandOption("--target", value: "SHARE", help: "run for this share of the suite's time: 30%"),
            CommandOption("--confidence", value: "PERCENT", help: "run as much as catches this share of red runs (default: 95)"),
            CommandOption("--branch", value: "NAME", default: "", help: "the branch the change is for"),
            CommandOption("--protected", value: "GLOB", repeats: true, help: "branches on which everything runs"),
            CommandOption("--always", value: "GLOB", repeats: true, help: "tests that always run"),
            CommandOption("--whole-run-every", value: "K", default: "20", help: "every Kth run is a whole one; 0 never"),
            CommandOption("--observe-first", value: "N", default: "30", help: "run everything until so many runs are recorded"),
            CommandOption("--observe", help: "choose, but run everything"),
            CommandOption("--remember", help: "keep what is left out with the recorded runs, to tell later what was missed"),
            IndexFile.option,
            TestsServer.shownOption,
            CommandOption("--rest", value: "FILE", help: "write what is left out, one a line"),
            CommandOption("--runner", choices: RunnerRegistry.names, help: "the test runner (default: detected)"),
            CommandOption("--gamma", value: "G", default: "0.5", help: "how much time counts against a place in the order: 0 not, 1 only"),
            CommandOption("--format", choices: ["text", "json", "list", "command"], default: "text", help: "how to print"),
        ],
        details: """
            Hard rules come first and are never scored away: changed, new and never recorded tests, tests that failed last time; everything,
            when what changed can break any test. What is left is ordered by the chance of a failure per second, from the diff and the past.
            'command' prints the command lines to run and nothing else.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let output = try await choose(arguments, in: context)
        switch arguments.value("--format") {
        case "json": context.print(output.json)
        case "list": for name in output.names { context.print(name) }
        case "command": for line in output.commandLines { context.print(line) }
        default: context.output(output.text)
        }
        return .done
    }

    /// Chooses, and leaves word of it where the arguments say.
    static func choose(_ arguments: ParsedArguments, in context: CommandContext) async throws -> SelectionOutput {
        let request = try request(arguments)
        let first = try arguments.integer("--observe-first", in: 0...10_000) ?? 30
        let place = try HistoryPlace(arguments, in: context)
        let reader = try await ChangeReader(arguments, in: context)
        let runner: (any TestRunner.Type)?
        var situation: SelectionSituation
        if let base = reader.base {
            (situation, runner) = try await self.situation(reader, base, request, place, arguments, in: context)
        } else {
            (situation, runner) = try await unreadable(reader, request, await place.read(), arguments)
        }
        let selection = Selector.select(situation)
        let isObserving = arguments.flag("--observe") || situation.history.observed < first
        if runner?.readsTests == true, !isObserving, !selection.isEverything {
            try await reader.addTexts(of: selection.run.map(\.unit), to: &situation)
        }
        let output = SelectionOutput(selection: selection, situation: situation, runner: runner, isObserving: isObserving)
        try await tell(output, of: reader.head, to: place, arguments, in: context)
        if let rest = arguments.value("--rest") {
            let names = isObserving ? [] : selection.rest.flatMap { RunnableUnit(unit: $0.unit, cases: $0.cases).names }
            try Data(names.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: rest), options: .atomic)
        }
        return output
    }

    /// Keeps what is left out. A server is told of every selection: it shows it on the commit.
    private static func tell(
        _ output: SelectionOutput, of head: ObjectID, to place: HistoryPlace, _ arguments: ParsedArguments, in context: CommandContext
    ) async throws {
        let leftOut =
            output.mode == .selection && output.situation.historyProblem == nil
            ? RememberedSelection(output.selection, commit: head.hex, branch: output.situation.request.branch) : nil
        switch place {
        case .file(let store):
            guard arguments.flag("--remember"), let leftOut else { return }
            var history = output.situation.history
            history.remember(leftOut)
            try store.write(history)
        case .server(let server):
            // Losing what is shown must not lose the tests' own run.
            do {
                try await server.send(output.notice, leftOut: leftOut, head: arguments.value("--shown-on") ?? head.hex)
            } catch {
                context.complain("\(error)")
            }
        }
    }

    private static func request(_ arguments: ParsedArguments) throws -> SelectionRequest {
        let given = ["--time", "--target", "--confidence"].filter { arguments.value($0) != nil }
        if given.count > 1 { throw UsageError("\(given.joined(separator: " and ")) exclude each other") }
        return SelectionRequest(
            budget: try budget(arguments), branch: arguments.value("--branch") ?? "", protectedBranches: arguments.values("--protected"),
            always: arguments.values("--always"), wholeRunEvery: try arguments.integer("--whole-run-every", in: 0...1_000_000) ?? 20,
            gamma: try arguments.share("--gamma"))
    }

    private static func budget(_ arguments: ParsedArguments) throws -> SelectionRequest.Budget {
        if let text = arguments.value("--time") {
            guard let seconds = TimeSpan.seconds(text) else {
                throw UsageError("'--time' is '\(text)'; it takes a time like 90s, 10m or 1h")
            }
            return .seconds(seconds)
        }
        if let text = arguments.value("--target") { return .share(try percent(text, "--target")) }
        return .confidence(try percent(arguments.value("--confidence") ?? "95", "--confidence"))
    }

    static func percent(_ text: String, _ name: String) throws -> Double {
        guard let number = Double(text.hasSuffix("%") ? String(text.dropLast()) : text), (0...100).contains(number) else {
            throw UsageError("'\(name)' is '\(text)'; it takes a number from 0 to 100")
        }
        return number / 100
    }

    private static func situation(
        _ reader: ChangeReader, _ base: ObjectID, _ request: SelectionRequest, _ place: HistoryPlace, _ arguments: ParsedArguments,
        in context: CommandContext
    ) async throws -> (SelectionSituation, (any TestRunner.Type)?) {
        let cache = IndexFile(arguments)
        async let commits = reader.history(from: base)
        async let past = place.read()
        async let read = reader.change(from: base)
        do {
            let indexed = try await reader.indexed(from: cache.read())
            if indexed.isNew, let problem = cache.write(indexed.index.serialized()) { context.complain(problem) }
            let (index, change) = (indexed.index, try await read)
            let (history, problem) = await past
            let runner = try await runner(arguments, reader, indexed)
            let demand = SourceDemand(change)
            let divides = history.footprint != nil && runner?.dividesFiles == true
            async let tests = reader.tests(indexed, withTexts: demand.includesTests || divides)
            var situation = SelectionSituation(
                request: request, change: change, changeProblems: reader.problems + (indexed.problem.map { [$0] } ?? []),
                linkedTests: index.linkedTests, history: history,
                historyProblem: problem)
            situation.suite = IndexedSuite(index, tests: indexed.tests)
            situation.dividesFiles = runner?.dividesFiles ?? false
            situation.tests = try await tests
            situation.sources = try await reader.sources(for: demand, in: index)
            if let known = history.footprint { situation.drift = await reader.drift(since: known.commit, until: base, change) }
            situation.commits = try await commits
            return (situation, runner)
        } catch let error as GitError {
            // A partial clone, or damage: what cannot be read cannot be reasoned about.
            return try await unreadable(reader, request, await past, arguments, change: try? await read, because: "\(error)")
        }
    }

    /// Where the change cannot be read: the tests by their names, and everything runs.
    private static func unreadable(
        _ reader: ChangeReader, _ request: SelectionRequest, _ past: (history: RunHistory, problem: String?), _ arguments: ParsedArguments,
        change: SourceChange? = nil, because problem: String? = nil
    ) async throws -> (SelectionSituation, (any TestRunner.Type)?) {
        let files = try await reader.files()
        var tests = files.filter { TestFiles.isTest($0.path) }.map { (path: $0.path, text: [UInt8]()) }
        if let read = try? await reader.tests(among: files) { tests = read }
        var situation = SelectionSituation(
            request: request, change: change ?? SourceChange(files: []), changeProblems: reader.problems + (problem.map { [$0] } ?? []),
            tests: tests, linkedTests: files.filter { $0.kind == .link && TestFiles.isTest($0.path) }.map(\.path), history: past.history,
            historyProblem: past.problem)
        let runner = try await runner(arguments, reader, files.map { ($0.path, $0.id) }) {
            RunnerEvidence(paths: files.map(\.path), tests: tests.map(\.path), texts: $0)
        }
        situation.dividesFiles = runner?.dividesFiles ?? false
        return (situation, runner)
    }

    private static func runner(
        _ arguments: ParsedArguments, _ reader: ChangeReader, _ indexed: ChangeReader.Indexed
    ) async throws -> (any TestRunner.Type)? {
        let index = indexed.index
        let named = RunnerEvidence.wanted.sorted().compactMap { path in
            index.place(of: path).flatMap { ObjectID(index.content($0).hex) }.map { (path, $0) }
        }
        return try await runner(arguments, reader, named) { RunnerEvidence(index, tests: indexed.tests, texts: $0) }
    }

    private static func runner(
        _ arguments: ParsedArguments, _ reader: ChangeReader, _ files: [(path: String, id: ObjectID)],
        _ evidence: ([String: String]) -> RunnerEvidence
    ) async throws -> (any TestRunner.Type)? {
        if let name = arguments.value("--runner") { return RunnerRegistry.named(name) }
        let wanted = files.filter { RunnerEvidence.wanted.contains($0.path) }
        let texts = try await reader.repository.contents(of: wanted.map(\.id), limit: .mebibytes(1))
        let named = wanted.compactMap { file in texts[file.id].map { (file.path, String(decoding: $0, as: UTF8.self)) } }
        return RunnerRegistry.detect(evidence(Dictionary(named, uniquingKeysWith: { $1 })))
    }
}
