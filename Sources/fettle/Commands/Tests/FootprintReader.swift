import Basics
import FoundationEssentials
import Git
import Storage
import TestSelection

/// Which test ran through which lines, from coverage that tells tests apart.
struct FootprintReader {
    let report: TestReport
    let location: CaseLocation
    let commit: String
    /// The repository's folder, in which absolute paths of a report lie.
    let folder: String

    /// Files that tell tests apart, and those that tell lines only.
    static func partition(_ paths: [String]) -> (contexts: [String], lines: [String]) {
        let isContexts = paths.map { ForeignSQLite.isOne($0) || isFolder($0) }
        return (zip(paths, isContexts).filter(\.1).map(\.0), zip(paths, isContexts).filter { !$0.1 }.map(\.0))
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    /// `nil` when nothing in them belongs to a test of the repository.
    func read(_ paths: [String], in context: CommandContext) async throws -> TestFootprint? {
        let repository = try await ChangeReader.open(folder, in: context)
        guard let id = ObjectID(commit) else {
            throw UsageError("coverage of each test needs the repository: '\(folder)' has no '\(commit)'")
        }
        let entries = try await repository.files(at: id).filter { $0.kind == .file || $0.kind == .executable }
        let names = RepositoryPaths(entries.map(\.path))
        var builder = TestFootprint.Builder()
        var isUsed = false
        for path in paths where Self.isFolder(path) {
            let used = try await addProcesses(path, names, entries, repository, to: &builder)
            isUsed = isUsed || used
        }
        for path in paths where !Self.isFolder(path) {
            for run in try CoverageContexts.read(path) {
                guard let file = names.path(of: run.file), !TestFiles.isTest(file) else { continue }
                let reported = run.context.isEmpty ? nil : testCase(run.context)
                isUsed = isUsed || reported != nil
                builder.add(file, lines: run.lines, of: reported)
            }
        }
        guard isUsed else {
            throw UsageError(
                "\(paths.joined(separator: ", ")): no test of this repository is named in it; record with 'pytest --cov --cov-context=test' or NODE_V8_COVERAGE"
            )
        }
        builder.add(report, location)
        let tests = entries.filter { TestFiles.isTest($0.path) }
        let texts = try await repository.contents(of: tests.map(\.id), limit: .mebibytes(1))
        return builder.footprint(
            at: commit, texts: Dictionary(tests.map { ($0.path, texts[$0.id] ?? []) }, uniquingKeysWith: { first, _ in first }))
    }

    /// One process for each test file, as node's own runner starts them; `false` when none ran one.
    private func addProcesses(
        _ folder: String, _ names: RepositoryPaths, _ entries: [TreeEntry], _ repository: GitRepository,
        to builder: inout TestFootprint.Builder
    ) async throws -> Bool {
        let ids = Dictionary(entries.map { ($0.path, $0.id) }, uniquingKeysWith: { first, _ in first })
        var texts: [String: [UInt8]] = [:]
        var isUsed = false
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".json") {
            let file = "\(folder)/\(name)"
            let process: V8Coverage
            do { process = try V8Coverage(parsing: try InputFile.read(file, limit: 256 << 20)) } catch {
                throw UsageError("\(file): \(error)")
            }
            let scripts = process.scripts.compactMap { script in names.path(of: script.path).map { (path: $0, script: script) } }
            guard let test = scripts.first(where: { TestFiles.isTest($0.path) }) else { continue }
            isUsed = true
            for (path, script) in scripts where !TestFiles.isTest(path) {
                if texts[path] == nil, let id = ids[path] { texts[path] = try await repository.contents(of: [id])[id] ?? [] }
                builder.add(path, lines: script.lines(of: texts[path] ?? []), of: TestFootprint.Case(unit: TestID(test.path), name: ""))
            }
        }
        return isUsed
    }

    /// `tests/test_a.py::TestX::test_y[1]|run` of pytest-cov, or `tests.test_a.TestX.test_y` of `dynamic_context = test_function`.
    private func testCase(_ context: String) -> TestFootprint.Case? {
        let name = context.split(separator: "|").first.map(String.init) ?? context
        if let place = name.firstRange(of: "::") {
            let file = String(name[..<place.lowerBound])
            let found = location.files(of: ReportedCase(group: "", name: "", file: file, verdict: .passed))
            guard found.count == 1, let unit = found.first, let path = CasePath(node: String(name[place.upperBound...])) else { return nil }
            return TestFootprint.Case(unit: TestID(unit), name: path.name)
        }
        let words = name.split(separator: ".")
        guard words.count > 1, let last = words.last else { return nil }
        let reported = ReportedCase(group: words.dropLast().joined(separator: "."), name: String(last), verdict: .passed)
        let found = location.files(of: reported)
        guard found.count == 1, let unit = found.first, let path = CasePath(reported, in: unit) else { return nil }
        return TestFootprint.Case(unit: TestID(unit), name: path.name)
    }
}

/// Finds files of a repository by the names that a report made on some machine gives them.
private struct RepositoryPaths {
    private let paths: Set<String>

    init(_ paths: [String]) { self.paths = Set(paths) }

    /// The longest end of the name that is a file here.
    func path(of name: String) -> String? {
        var rest = name[...]
        while true {
            let path = String(rest.drop { $0 == "/" })
            if paths.contains(path) { return path }
            guard let slash = path.firstIndex(of: "/") else { return nil }
            rest = path[slash...]
        }
    }
}

/// What coverage.py keeps of a run: lines by file and context. Source: coverage.readthedocs.io, "Coverage.py database schema"
enum CoverageContexts {
    struct Run {
        var file: String
        var context: String
        var lines: [Int]
    }

    private static let mostRows = 5_000_000

    static func read(_ path: String) throws -> [Run] {
        do {
            let lines = try ForeignSQLite.rows(
                of: path,
                """
                SELECT file.path AS file, context.context AS context, hex(line_bits.numbits) AS bits FROM line_bits
                JOIN file ON file.id = line_bits.file_id JOIN context ON context.id = line_bits.context_id
                """, limit: mostRows
            ).map { Run(file: try $0.text("file"), context: try $0.text("context"), lines: numbers(try $0.text("bits"))) }
            // With branches it keeps the jumps from line to line; negative ones enter and leave a function.
            let jumps = try ForeignSQLite.rows(
                of: path,
                """
                SELECT file.path AS file, context.context AS context, group_concat(arc.line, ' ') AS lines FROM (
                    SELECT file_id, context_id, tono AS line FROM arc WHERE tono > 0
                    UNION SELECT file_id, context_id, fromno FROM arc WHERE fromno > 0) AS arc
                JOIN file ON file.id = arc.file_id JOIN context ON context.id = arc.context_id GROUP BY arc.file_id, arc.context_id
                """, limit: mostRows
            ).map { row in
                Run(
                    file: try row.text("file"), context: try row.text("context"),
                    lines: try row.text("lines").split(separator: " ").compactMap { Int($0) })
            }
            return lines + jumps
        } catch let error as DatabaseError {
            throw UsageError("\(path): it is no data file of coverage.py: \(error)")
        }
    }

    /// Bit n of the bytes, of which each is two hex digits, stands for line n. Source: coverage.readthedocs.io, "numbits"
    private static func numbers(_ digits: String) -> [Int] {
        let values = digits.utf8.map { $0 >= 65 ? $0 - 55 : $0 - 48 }
        return stride(from: 0, to: values.count - 1, by: 2).flatMap { place in
            let byte = values[place] << 4 | values[place + 1]
            return (0..<8).filter { byte & 1 << UInt8($0) != 0 }.map { place * 4 + $0 }
        }
    }
}
