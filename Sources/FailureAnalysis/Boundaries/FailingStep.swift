/// The stretch of a log in which the job broke, as far as its boundaries tell.
package struct FailingStep: Sendable, Hashable {
    /// First line of the command that failed first; 1 when nothing marks a beginning.
    package let start: Int
    /// The line that says it failed; `nil` when none does, and the log just ends.
    package let verdict: Int?
    /// Last line of the command's own output.
    package let end: Int
    /// Stopped from outside: a time limit, a cancelled run, a lost runner.
    package let wasStopped: Bool
    /// The line that names the job, where one does.
    package let jobName: Int?

    /// The *first* command that ended with a non-zero status: what fails after it mostly fails because of it.
    package init(in table: LineTable) {
        var finder = Finder()
        if table.count > 0 { table.forEach(in: 1...table.count) { finder.read($1.mark, at: $0) } }
        let verdict = finder.failed ?? finder.jobFailed
        self.verdict = verdict
        wasStopped = finder.wasStopped
        jobName = finder.jobName
        start = finder.start
        end = Self.lastLine(before: verdict ?? finder.aftermath ?? table.count + 1, after: finder.start, in: table)
    }

    /// Above the verdict Travis repeats the time and, over many lines, the command: the output ends before them.
    private static func lastLine(before verdict: Int, after start: Int, in table: LineTable) -> Int {
        var end = verdict - 1
        for line in stride(from: verdict - 1, through: max(start + 1, verdict - 60), by: -1) {
            if table[line].mark == .commandStart { break }
            if table[line].mark == .commandEnd { end = line - 1 }
        }
        while end > start, table[end].isBlank || table[end].flags.contains(.chatter) { end -= 1 }
        return max(end, 1)
    }

    private init(start: Int, verdict: Int, in table: LineTable) {
        self.start = start
        self.verdict = verdict
        wasStopped = false
        jobName = nil
        end = Self.lastLine(before: verdict, after: start, in: table)
    }

    /// Commands after this one that failed as well: a job goes on where it is told to. At most `most`, in the order of the log.
    func later(in table: LineTable, most: Int) -> [FailingStep] {
        guard let verdict, verdict < table.count else { return [] }
        var found: [FailingStep] = []
        var start: Int?
        table.forEach(in: verdict + 1...table.count) { line, traits in
            if traits.mark == .commandStart { start = line }
            guard traits.mark == .commandFailed, let begun = start, found.count < most else { return }
            found.append(FailingStep(start: begun, verdict: line, in: table))
            start = nil
        }
        return found
    }

    private struct Finder {
        var start = 1
        var failed: Int?
        var wasStopped = false
        var jobFailed: Int?
        var jobName: Int?
        var aftermath: Int?

        mutating func read(_ mark: BoundaryMark, at line: Int) {
            if mark == .jobName, jobName == nil { jobName = line }
            guard failed == nil else { return }
            switch mark {
            case .commandStart: start = line
            case .commandFailed: failed = line
            case .stopped:
                failed = line
                wasStopped = true
            case .jobFailed: jobFailed = jobFailed ?? line
            case .aftermath: aftermath = aftermath ?? line
            default: break
            }
        }
    }
}
