import Basics
import Git
import TestSelection
import Text

/// Reads what test selection needs to know of a change from a repository on disk.
struct ChangeReader {
    let repository: GitRepository
    /// The state before: the merge base of `--base` and `--head` where there is one.
    let base: ObjectID
    let head: ObjectID

    /// Files larger than this are not searched for names.
    private static let largestFile = ByteCount.mebibytes(1)
    private static let commitsRead = 3000

    init(_ arguments: ParsedArguments, in context: CommandContext) async throws {
        do {
            repository = try await GitRepository.open(
                at: arguments.value("--repo") ?? ".", environment: GitEnvironment(inheriting: context.environment))
            let given = try await repository.resolve(arguments.value("--base") ?? "")
            head = try await repository.resolve(arguments.value("--head") ?? "")
            base = try await repository.mergeBase(given, head) ?? given
        } catch {
            switch error {
            case .notARepository, .unknownRevision, .invalidArgument, .historyCutOff: throw UsageError("\(error)")
            default: throw error
            }
        }
    }

    /// The files of the head commit, and the change with the text of its files.
    func read() async throws -> (files: [TreeEntry], change: SourceChange) {
        let before = try await repository.files(at: base)
        let after = try await repository.files(at: head)
        let diff = UnifiedDiff(parsing: try await repository.diff(from: base, to: head))
        let old = Dictionary(before.map { ($0.path, $0.id) }, uniquingKeysWith: { $1 })
        let new = Dictionary(after.map { ($0.path, $0.id) }, uniquingKeysWith: { $1 })
        let ids = diff.files.flatMap { file in
            [file.oldPath.flatMap { old[$0.raw] }, file.newPath.flatMap { new[$0.raw] }].compactMap { $0 }
        }
        let texts = try await repository.contents(of: ids, limit: Self.largestFile)
        let files = diff.files.map { file in
            SourceChange.File(
                path: file.path.raw, previousPath: file.change == .renamed ? file.oldPath?.raw : nil, kind: file.change,
                isBinary: file.content == .binary, hunks: file.hunks, old: file.oldPath.flatMap { old[$0.raw] }.flatMap { texts[$0] } ?? [],
                new: file.newPath.flatMap { new[$0.raw] }.flatMap { texts[$0] } ?? [])
        }
        return (after, SourceChange(files: files))
    }

    /// The test files among `files` with their text.
    func tests(among files: [TreeEntry]) async throws -> [(path: String, text: [UInt8])] {
        let tests = files.filter { ($0.kind == .file || $0.kind == .executable) && TestFiles.isTest($0.path) }
        let texts = try await repository.contents(of: tests.map(\.id), limit: Self.largestFile)
        return tests.map { ($0.path, texts[$0.id] ?? []) }
    }

    /// Commits before the change, newest first.
    func history() async throws -> [CommitFiles] {
        let query = HistoryQuery(from: base, limit: Self.commitsRead, withoutMerges: true)
        return try await repository.history(query).map { CommitFiles(paths: $0.paths) }
    }
}
