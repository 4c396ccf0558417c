import Basics
import FoundationEssentials
import TestSelection

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
