import Basics
import Git
import TestSelection
import Text

/// Reads what test selection needs to know of a change from a repository on disk.
struct ChangeReader {
    let repository: GitRepository
    let head: ObjectID
    /// The state before: the merge base of base and head where there is one; `nil` when it could not be found.
    let base: ObjectID?
    /// Why `base` is missing or doubtful.
    let problems: [String]

    /// Files larger than this are not searched for names.
    static let largestFile = ByteCount.mebibytes(1)
    static let mostSourceBytes = 96 << 20
    private static let commitsRead = 3000

    /// - Parameter option: the one that names the commit after the change.
    init(_ arguments: ParsedArguments, head option: String = "--head", in context: CommandContext) async throws {
        repository = try await Self.open(arguments.value("--repo") ?? ".", in: context)
        do {
            head = try await repository.resolve(arguments.value(option) ?? "HEAD")
        } catch {
            throw UsageError("\(error)")
        }
        (base, problems) = await Self.base(arguments.value("--base") ?? "", head, repository)
    }

    static func open(_ path: String, in context: CommandContext) async throws -> GitRepository {
        do {
            return try await GitRepository.open(at: path, environment: GitEnvironment(inheriting: context.environment))
        } catch {
            throw UsageError("\(error)")
        }
    }

    private static func base(_ name: String, _ head: ObjectID, _ repository: GitRepository) async -> (ObjectID?, [String]) {
        do {
            let given = try await repository.resolve(name)
            if let common = try await repository.mergeBase(given, head) { return (common, []) }
            return (given, ["base and head have no common ancestor"])
        } catch GitError.unknownRevision {
            return (
                nil,
                [
                    "the base '\(shown(name))' is not in this repository: fetch it ('fetch-depth: 0' where CI checks out), or name with --base a commit or branch that is here"
                ]
            )
        } catch {
            return (nil, ["\(error)"])
        }
    }

    /// A name of others in a sentence: one line of bounded length.
    private static func shown(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.properties.generalCategory != .control }).prefix(200))
    }

    /// The base, or a fault of usage.
    func requiredBase() throws -> ObjectID {
        guard let base else { throw UsageError(problems.joined(separator: "; ")) }
        return base
    }

    func files() async throws -> [TreeEntry] { try await repository.files(at: head) }

    /// The change with the text of its files.
    func change(from base: ObjectID) async throws -> SourceChange {
        async let names = repository.changedPaths(from: base, to: head)
        let diff = UnifiedDiff(parsing: try await repository.diff(from: base, to: head))
        let changed = try await names.filter { $0.oldMode != "160000" && $0.newMode != "160000" }
        let old = Dictionary(
            changed.compactMap { name in name.oldID.map { (name.previousPath ?? name.path, $0) } }, uniquingKeysWith: { $1 })
        let new = Dictionary(changed.compactMap { name in name.newID.map { (name.path, $0) } }, uniquingKeysWith: { $1 })
        let ids = diff.files.flatMap { file in
            [file.oldPath.flatMap { old[$0.raw] }, file.newPath.flatMap { new[$0.raw] }].compactMap { $0 }
        }
        let texts = try await repository.contents(of: ids, limit: Self.largestFile)
        let files = diff.files.map { file in
            let modes = [file.oldMode, file.newMode]
            return SourceChange.File(
                path: file.path.raw, previousPath: file.change == .renamed ? file.oldPath?.raw : nil, kind: file.change,
                isBinary: file.content == .binary, isLink: modes.contains("120000"),
                isSubmodule: modes.contains("160000") || file.content == .submodule, hunks: file.hunks,
                old: file.oldPath.flatMap { old[$0.raw] }.flatMap { texts[$0] } ?? [],
                new: file.newPath.flatMap { new[$0.raw] }.flatMap { texts[$0] } ?? [])
        }
        return SourceChange(files: files)
    }

    /// Where lines of the changed files stood at an earlier commit; `nil` when that one is not here.
    func drift(since commit: String, until base: ObjectID, _ change: SourceChange) async -> LineDrift? {
        if commit == base.hex { return LineDrift(since: []) }
        let paths = change.files.map { $0.previousPath ?? $0.path }
        guard !paths.isEmpty, let known = ObjectID(commit),
            let diff = try? await repository.diff(from: known, to: base, options: DiffOptions(paths: paths))
        else { return nil }
        return LineDrift(since: UnifiedDiff(parsing: diff).files)
    }

    /// The test files among `files` with their text.
    func tests(among files: [TreeEntry]) async throws -> [(path: String, text: [UInt8])] {
        try await texts(of: files.filter { ($0.kind == .file || $0.kind == .executable) && TestFiles.isTest($0.path) })
    }

    private func texts(of tests: [TreeEntry]) async throws -> [(path: String, text: [UInt8])] {
        let texts = try await repository.contents(of: tests.map(\.id), limit: Self.largestFile)
        return tests.map { ($0.path, texts[$0.id] ?? []) }
    }

    /// Everything that is no test and could be text, up to a total size.
    func sources(among files: [TreeEntry]) async throws -> [(path: String, text: [UInt8])] {
        let others = files.filter { ($0.kind == .file || $0.kind == .executable) && !TestFiles.isTest($0.path) }
        var sources: [(path: String, text: [UInt8])] = []
        var left = Self.mostSourceBytes
        for start in stride(from: 0, to: others.count, by: 500) where left > 0 {
            let some = others[start..<min(others.count, start + 500)]
            let texts = try await repository.contents(of: some.map(\.id), limit: .kibibytes(512))
            for file in some {
                guard let text = texts[file.id], !text.prefix(8000).contains(0) else { continue }
                left -= text.count
                sources.append((file.path, text))
            }
        }
        return sources
    }

    /// Commits before the change, newest first.
    func history(from base: ObjectID) async throws -> [CommitFiles] {
        let query = HistoryQuery(from: base, limit: Self.commitsRead, withoutMerges: true)
        return try await repository.history(query).map { CommitFiles(paths: $0.paths) }
    }
}
