import Basics
import FoundationEssentials
import Git
import TestSelection

enum TestsRecordCommand: Command {
    static let description = CommandDescription(
        path: ["tests", "record"],
        summary: "learn from the reports of a test run",
        positionals: "REPORT…",
        options: [
            CommandOption("--repo", value: "DIR", default: ".", help: "the repository"),
            HistoryStore.option,
            CommandOption("--commit", value: "REV", default: "HEAD", help: "the commit that was tested"),
            CommandOption("--base", value: "REV", help: "the commit before the tested change (default: the commit's first parent)"),
            CommandOption("--branch", value: "NAME", default: "", help: "the branch it was tested for"),
            CommandOption("--partial", help: "only a selection was run"),
        ],
        details: """
            A REPORT is JUnit XML (Surefire, Gradle, pytest, Jest, gotestsum, nextest, .NET, PHPUnit, RSpec, SwiftPM) or the output of
            'go test -json'; of a directory, all its .xml files. A report that cannot be read is named, the rest is recorded, the exit
            status is 1, and the next selection runs everything.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let store = try HistoryStore(arguments)
        let files = try reports(arguments.positionals)
        var (history, problem) = store.read()
        let before = history.misses.count
        if let problem { context.complain("\(problem); a new history begins") }
        var cases: [ReportedCase] = []
        var unreadable = 0
        for file in files {
            do {
                cases += try ReportReader.read(try InputFile.read(file, limit: 256 << 20)).cases
            } catch {
                unreadable += 1
                context.complain("\(file): \(error)")
            }
        }
        let (commit, location, changed) = try await place(arguments, cases, in: context)
        history.record(
            TestReport(cases: cases), commit: commit, branch: arguments.value("--branch") ?? "", isWhole: !arguments.flag("--partial"),
            isDamaged: unreadable > 0 || problem != nil, changed: changed, location: location)
        try store.write(history)
        summarize(history, cases: cases.count, context)
        for miss in history.misses.dropFirst(before) { context.print("missed by selection: \(miss.unit.name), \(miss.reason)") }
        return unreadable > 0 ? .findings : .done
    }

    private static func summarize(_ history: RunHistory, cases: Int, _ context: CommandContext) {
        guard let session = history.sessions.last else { return }
        let failed = history.failed(in: session).count
        context.print(
            "recorded \(cases) cases in \(history.ran(in: session).count) tests, \(failed) failed; \(history.recorded) runs are known")
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
        guard let repository = try? await ChangeReader.open(arguments.value("--repo") ?? ".", in: context),
            let commit = try? await repository.resolve(given)
        else { return (given == "HEAD" ? "" : given, CaseLocation(tests: []), []) }
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
