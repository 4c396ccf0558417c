import FoundationEssentials
import TestSelection

/// The file that keeps the names of a repository's files from one selection to the next. Losing it costs time and nothing else.
struct IndexFile {
    static let option = CommandOption(
        "--index", value: "FILE",
        help: "where the names of the repository's files are kept between runs (default: fettle-index in its .git directory)")

    /// `nil` where there is no place to keep it.
    let path: String?

    init(_ arguments: ParsedArguments) {
        if let given = arguments.value("--index") {
            path = given
            return
        }
        let directory = (arguments.value("--repo") ?? ".") + "/.git"
        var isDirectory = false
        path =
            FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) && isDirectory ? directory + "/fettle-index" : nil
    }

    func read() -> SourceIndex {
        guard let path, FileManager.default.fileExists(atPath: path), let bytes = try? InputFile.read(path, limit: 1 << 30) else {
            return SourceIndex()
        }
        return SourceIndex(parsing: bytes)
    }

    /// Replaces the file in one step, so that a reader sees the old or the new one.
    ///
    /// - Returns: what to tell when that cannot be.
    func write(_ bytes: [UInt8]) -> String? {
        guard let path else { return nil }
        do {
            try bytes.withUnsafeBytes { raw in
                guard let start = raw.baseAddress else { return }
                // Not copied: the bytes outlive the writing.
                let data = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: raw.count, deallocator: .none)
                try data.write(to: URL(filePath: path), options: .atomic)
            }
            return nil
        } catch {
            return "'\(path)' cannot be written, so the next selection reads every file again; name another with --index"
        }
    }
}
