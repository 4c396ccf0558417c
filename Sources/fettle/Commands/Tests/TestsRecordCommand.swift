import Basics
import FoundationEssentials
import Git
import TestSelection

enum TestsRecordCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "record"],
        summary: "learn from the reports of a test run",
        positionals: "REPORT…",
        options: HistoryPlace.options + [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            CommandOption("--commit", value: "REV", default: "HEAD", help: "the commit that was tested"),
            CommandOption("--base", value: "REV", help: "the commit before the tested change (default: the commit's first parent)"),
            CommandOption("--branch", value: "NAME", default: "", help: "the branch it was tested for"),
            TestsServer.shownOption,
            CaseProposal.option,
            CommandOption("--partial", help: "only a selection was run"),
            CommandOption(
                "--coverage", value: "FILE", repeats: true,
                help:
                    "a coverage report, as 'fettle tests coverage' reads it: lines of the change that no test ran through are named; or one that tells tests apart, to choose by"
            ),
        ],
        details: """
            A REPORT is JUnit XML (Surefire, Gradle, pytest, Jest, gotestsum, nextest, .NET, PHPUnit, RSpec, SwiftPM) or the output of
            'go test -json'; of a directory, all its .xml files. Results of benchmarks may stand beside them: 'go test -bench' and 'cargo
            bench' as they print, JSON of pytest-benchmark, Google Benchmark and hyperfine; what got slower is told with its past times. A report that cannot be read is named, the rest is recorded, the exit
            status is 1, and the next selection runs everything.
            Coverage that tells tests apart is the data file of coverage.py with contexts (.coverage of 'pytest --cov --cov-context=test'),
            or the folder that NODE_V8_COVERAGE names: of a whole run, it says which tests ran through a changed line, and with pytest lets
            a selection run some cases of a file.
            """)

    /// What the reports say, and how far they could be read.
    struct Recording {
        var run: RecordedRun
        var measured: MeasuredChange?
        var unreadable: Int

        var coverage: ChangeCoverage? { measured?.coverage }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let kept = try HistoryPlace(arguments, in: context)
        let recording = try await recording(arguments, in: context)
        let run = recording.run
        switch kept {
        case .file(let store): try keep(run, in: store, context)
        case .server(let server):
            try await server.send(
                run, coverage: recording.coverage.map { CoverageNotice($0) }, head: arguments.value("--shown-on") ?? run.commit)
            context.print("sent \(told(run))")
        }
        if let measured = recording.measured {
            context.output(TestsCoverageCommand.text(measured.coverage))
            try await CaseProposal.write(measured, arguments, in: context)
        }
        return recording.unreadable > 0 ? .findings : .done
    }

    static func recording(_ arguments: ParsedArguments, in context: CommandContext) async throws -> Recording {
        let files = try reports(arguments.positionals)
        var report = TestReport()
        var unreadable = 0
        for file in files {
            do {
                let read = try ReportReader.read(try InputFile.read(file, limit: 256 << 20))
                report.cases += read.cases
                report.benchmarks += read.benchmarks
            } catch {
                unreadable += 1
                context.complain("\(file): \(error)")
            }
        }
        let (commit, location, changed) = try await place(arguments, report.cases, in: context)
        let (contexts, lines) = FootprintReader.partition(arguments.values("--coverage"))
        let measured = try await TestsCoverageCommand.measured(lines, arguments, head: "--commit", in: context)
        var run = RecordedRun(
            report, commit: commit, branch: arguments.value("--branch") ?? "", isWhole: !arguments.flag("--partial"),
            isDamaged: unreadable > 0, changed: changed, location: location)
        if !contexts.isEmpty, run.isWhole {
            let reader = FootprintReader(report: report, location: location, commit: commit, folder: arguments.value("--repo") ?? ".")
            run.footprint = try await reader.read(contexts, in: context)
        }
        return Recording(run: run, measured: measured, unreadable: unreadable)
    }

    private static func told(_ run: RecordedRun) -> String {
        let (count, measured) = (run.outcomes.count, run.benchmarks?.count ?? 0)
        let benchmarks = measured == 0 ? nil : Count.of(measured, "benchmark")
        let tests = "\(Count.of(count, "test")), \(run.outcomes.count(where: \.failed)) failed"
        return count == 0 && measured > 0 ? benchmarks ?? "" : ([tests] + (benchmarks.map { [$0] } ?? [])).joined(separator: ", ")
    }

    static func keep(_ run: RecordedRun, in store: HistoryStore, _ context: CommandContext) throws {
        var (history, problem) = store.read()
        if let problem { context.complain("\(problem); a new history begins") }
        let before = history.misses
        var run = run
        if problem != nil { run.isDamaged = true }
        history.add(run)
        try store.write(history)
        let known = history.observed == 1 ? "1 run is known" : "\(history.observed) runs are known"
        let told = run.outcomes.isEmpty && run.benchmarks == nil ? "no test ran: this run is not counted" : "recorded \(Self.told(run))"
        context.print("\(told); \(known)")
        for miss in history.misses where !before.contains(miss) {
            context.print("missed by selection: \(miss.unit.name), \(miss.reason)")
        }
    }

    private static func reports(_ paths: [String]) throws -> [String] {
        guard !paths.isEmpty else { throw UsageError("no report is named") }
        return try paths.flatMap { path -> [String] in
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else { return [path] }
            let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".xml") }
            guard !names.isEmpty else { throw UsageError("'\(path)' holds no .xml file") }
            return names.sorted().map { "\(path)/\($0)" }
        }
    }

    /// The commit's full name and the test files there; without a repository, the name as given.
    private static func place(
        _ arguments: ParsedArguments, _ cases: [ReportedCase], in context: CommandContext
    ) async throws -> (commit: String, location: CaseLocation, changed: [String]) {
        let given = arguments.value("--commit") ?? "HEAD"
        guard let repository = try? await ChangeReader.open(arguments.value("--repo") ?? ".", in: context) else {
            return (given == "HEAD" ? "" : given, CaseLocation(tests: []), [])
        }
        guard let commit = try? await repository.resolve(given) else {
            // A branch without a commit yet has a HEAD all the same.
            if given == "HEAD" { return ("", CaseLocation(tests: []), []) }
            throw UsageError("no commit '\(given)' is in the repository: fetch it, or name the one that was tested; nothing was recorded")
        }
        let changed = await changedFiles(arguments.value("--base"), commit, repository)
        let files = try await repository.files(at: commit).filter { TestFiles.isTest($0.path) }
        let plain = CaseLocation(tests: files.map(\.path))
        guard cases.contains(where: { plain.files(of: $0).isEmpty }) else { return (commit.hex, plain, changed) }
        let texts = try await repository.contents(of: files.map(\.id), limit: .mebibytes(1))
        return (commit.hex, CaseLocation(tests: files.map(\.path), texts: files.map { ($0.path, texts[$0.id] ?? []) }), changed)
    }

    /// What the tested change touched; none where it cannot be told, as at the edge of a shallow clone.
    private static func changedFiles(_ base: String?, _ commit: ObjectID, _ repository: GitRepository) async -> [String] {
        guard let given = try? await repository.resolve(base ?? "\(commit.hex)^"),
            let before = base == nil ? given : try? await repository.mergeBase(given, commit),
            let paths = try? await repository.changedPaths(from: before, to: commit)
        else { return [] }
        return paths.map(\.path)
    }
}
