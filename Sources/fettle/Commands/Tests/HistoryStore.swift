import Basics
import FoundationEssentials
import TestSelection

/// Where a repository's recorded runs are kept: one file, or a server's database.
enum HistoryPlace {
    case file(HistoryStore)
    case server(TestsServer)

    static let options = [HistoryStore.option, TestsServer.option, TestsServer.repositoryOption]

    init(_ arguments: ParsedArguments, in context: CommandContext) throws {
        if let url = arguments.value("--server") {
            if arguments.value("--history") != nil { throw UsageError("--history and --server exclude each other") }
            self = .server(try TestsServer(url, repository: arguments.value("--repository"), in: context))
        } else {
            self = .file(try HistoryStore(arguments))
        }
    }

    func read() async -> (history: RunHistory, problem: String?) {
        switch self {
        case .file(let store): store.read()
        case .server(let server): await server.history()
        }
    }

    /// For people.
    var name: String {
        switch self {
        case .file(let store): store.path
        case .server(let server): server.name
        }
    }
}

/// The file that keeps a repository's recorded runs.
struct HistoryStore {
    let path: String

    static let option = CommandOption(
        "--history", value: "FILE", help: "where recorded runs are kept (default: fettle-tests.json in the repository's .git directory)")

    init(_ arguments: ParsedArguments) throws(UsageError) {
        if let given = arguments.value("--history") {
            path = given
            return
        }
        let directory = (arguments.value("--repo") ?? ".") + "/.git"
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory else {
            throw UsageError("'\(directory)' is no directory; say with --history where recorded runs are kept")
        }
        path = directory + "/fettle-tests.json"
    }

    /// What was recorded; empty when nothing was yet, with a problem when it cannot be read.
    func read() -> (history: RunHistory, problem: String?) {
        guard FileManager.default.fileExists(atPath: path) else { return (RunHistory(), nil) }
        do {
            return (try RunHistory(parsing: try InputFile.read(path, limit: 1 << 30)), nil)
        } catch {
            return (RunHistory(), "\(path): \(error)")
        }
    }

    /// Replaces the file in one step, so that a reader sees the old or the new one.
    func write(_ history: RunHistory) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(history.serialized()).write(to: URL(filePath: path), options: .atomic)
    }
}

/// `90`, `90s`, `10m`, `1h`: seconds.
enum TimeSpan {
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let factor = text.last.flatMap { units[$0] }
        guard let number = Double(factor == nil ? text : String(text.dropLast())), number.isFinite, number >= 0 else { return nil }
        return number * (factor ?? 1)
    }
}
