import Basics
import Forge
import Policy
import Review
import Text

/// Ten pushes of one commit: lines move, and the model says the same in other words, of a little more or less code, under another
/// category. Nothing may be said twice, and what is new must be said.
struct PushBench {
    private static let pushes = 10
    private static let limit = 20
    private static let commit = CommitID(String(repeating: "c", count: 40))

    private var dice = Dice(seed: 7)

    /// One defect and the ways in which it is told.
    private struct Defect {
        let path: String
        let side: DiffSide
        let lines: [String]
        let line: String
        let first: Int
        let titles: [String]
        /// The push with which it appears.
        let since: Int
    }

    private static let wordings = [
        ["Division by zero for empty input", "Empty input divides by zero", "Possible ZeroDivisionError when the input is empty"],
        ["Error is ignored", "The returned error is never looked at and ignored", "Ignoring this error hides failures"],
        ["Handle leaks when the call fails", "File handle is never closed: leak", "Leaks the handle on failure"],
        ["Race on the shared counter", "Unsynchronised access races on a shared counter", "Shared counter: data race"],
        ["Null is dereferenced", "Possible null dereference", "Dereferences a value that may be null"],
        ["Off by one in the bound", "Loop bound is off by one", "The bound is one too large (off by one)"],
    ]

    mutating func run(_ paths: [String]) async {
        var (commits, told, again, missed, onTime) = (0, 0, 0, 0, 0)
        for path in paths {
            guard let text = ReviewBench.text(path), let commit = Self.commit else { continue }
            let defects = defects(in: Change(gitDiff: Array(text.utf8)))
            if defects.isEmpty { continue }
            commits += 1
            var memory = PreviousReview()
            var posted: [String: Int] = [:]
            for push in 0..<Self.pushes {
                let change = Change(gitDiff: Array(Self.moved(text, by: 3 * push).utf8))
                let now = defects.filter { $0.since <= push }
                var settings = ReviewSettings()
                settings.maximumInlineComments = Self.limit
                let findings = now.enumerated().map { finding($0.element, push: push, number: $0.offset) }
                let redactor = Redactor()
                let result = await ReviewEngine(settings: settings, rules: [], redactor: redactor).review(
                    change, model: nil, others: findings)
                let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: redactor))
                let plan = planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"), after: memory)
                for (defect, placement) in zip(now, plan.placements) {
                    told += 1
                    let key = "\(defect.path) \(defect.first) \(defect.side)"
                    let isPosted = placement.disposition == .inline
                    if isPosted, posted[key] != nil { again += 1 }
                    if !isPosted, posted[key] == nil, placement.disposition == .suppressed { missed += 1 }
                    if isPosted, posted[key] == nil { onTime += 1 }
                    if isPosted || placement.disposition != .suppressed { posted[key, default: 0] += 1 }
                }
                let new = plan.placements.filter { $0.disposition == .inline }
                memory.posted.formUnion(new.map(\.fingerprint))
                memory.remembered += new.map { RememberedFinding($0, state: .posted) }
            }
        }
        StandardStreams.writeOutput(
            JSONValue.object([
                "commits": .integer(Int64(commits)), "told": .integer(Int64(told)), "posted": .integer(Int64(onTime)),
                "duplicates": .integer(Int64(again)), "suppressed": .integer(Int64(missed)),
            ]).text + "\n")
    }

    /// Up to four defects on added lines that stand nowhere else in their file; the last two appear later.
    private mutating func defects(in change: Change) -> [Defect] {
        var defects: [Defect] = []
        for file in change.files where defects.count < 4 {
            let added = file.diff.hunks.flatMap(\.lines).filter { $0.kind == .added }
            let texts = file.diff.hunks.flatMap(\.lines).map { $0.text.raw.filter { !$0.isWhitespace } }
            let unique = added.filter { line in
                let text = line.text.raw.filter { !$0.isWhitespace }
                return text.utf8.count >= 16 && texts.count { $0 == text } == 1
            }
            guard !unique.isEmpty else { continue }
            let line = unique[dice.below(unique.count)]
            guard let number = line.newNumber else { continue }
            defects.append(
                Defect(
                    path: file.path, side: .new, lines: around(line, in: file.diff), line: line.text.raw, first: number,
                    titles: Self.wordings[(defects.count + dice.below(2) * 4) % Self.wordings.count],
                    since: defects.count < 2 ? 0 : 2 * defects.count))
        }
        return defects
    }

    /// The line, and up to one on either side of it in the new file, from top to bottom.
    private func around(_ line: DiffLine, in diff: FileDiff) -> [String] {
        guard let number = line.newNumber else { return [] }
        return diff.hunks.flatMap(\.lines).filter { other in other.newNumber.map { abs($0 - number) <= 1 } ?? false }.map(\.text.raw)
    }

    private mutating func finding(_ defect: Defect, push: Int, number: Int) -> Finding {
        let middle = defect.lines.firstIndex(of: defect.line) ?? 0
        let lines = push.isMultiple(of: 3) ? defect.lines : Array(defect.lines[middle...].prefix(1 + dice.below(2)))
        return Finding(
            path: UntrustedText(defect.path), side: defect.side,
            target: .quote(UntrustedText(lines.joined(separator: "\n")), hint: defect.first + 3 * push), severity: .high,
            category: (push + number).isMultiple(of: 4) ? .maintainability : .bug,
            title: UntrustedText(defect.titles[(push + number) % defect.titles.count]), body: "Because.", confidence: 0.9,
            source: .model(name: "m"))
    }

    /// The same diff after lines were added above what it shows.
    private static func moved(_ diff: String, by lines: Int) -> String {
        diff.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard line.hasPrefix("@@ -"), let plus = line.firstIndex(of: "+") else { return String(line) }
            let digits = line[line.index(after: plus)...].prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), number > 0 else { return String(line) }
            return line[...plus] + "\(number + lines)" + line[digits.endIndex...]
        }.joined(separator: "\n")
    }
}
