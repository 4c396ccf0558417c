import Basics
import FoundationEssentials
import Glibc
import Text

/// How long reading a diff takes.
enum DiffBench {
    private static let rounds = 9

    /// Prints bytes, files, lines, and the seconds of each reading.
    static func run(_ path: String) {
        guard let bytes = FileManager.default.contents(atPath: path).map({ Array($0) }) else {
            StandardStreams.writeError("cannot read '\(path)'\n")
            exit(2)
        }
        let clock = SystemClock()
        var (files, lines, seconds) = (0, 0, [String]())
        for _ in 0..<rounds {
            let start = clock.uptime
            let diff = UnifiedDiff(parsing: bytes)
            seconds.append("\((clock.uptime - start).inSeconds)")
            files = diff.files.count
            lines = diff.files.reduce(0) { $0 + $1.hunks.reduce(0) { $0 + $1.lines.count } }
        }
        StandardStreams.writeOutput("\(bytes.count) \(files) \(lines) \(seconds.joined(separator: " "))\n")
    }
}
