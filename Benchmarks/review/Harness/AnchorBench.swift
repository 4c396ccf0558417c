import Basics
import Review
import Text

/// Findings whose place is known, told as a careless model would tell them.
struct AnchorBench {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    struct Score {
        var right = 0
        var wrong = 0
        /// On a few lines that hold the right ones among others alike.
        var stretch = 0
        /// Shown with its file or in the summary.
        var demoted = 0
        /// Of these, quotes that stand in several places.
        var ambiguous = 0

        var total: Int { right + wrong + stretch + demoted }
    }

    private struct Truth {
        let file: Int
        let side: DiffSide
        let lines: [DiffLine]
        /// The same text stands on the same side of the file elsewhere, too.
        let isAmbiguous: Bool

        var range: ClosedRange<Int> {
            let numbers = lines.compactMap { $0.number(on: side) }
            return (numbers.first ?? 1)...(numbers.last ?? 1)
        }
    }

    func run(_ paths: [String]) {
        var bench = self
        var scores: [String: Score] = [:]
        var reasons: [String: Int] = [:]
        var commits = 0
        for path in paths {
            guard let change = ReviewBench.change(path) else { continue }
            commits += 1
            let resolver = AnchorResolver(change)
            for truth in bench.truths(in: change) {
                for disturbance in Disturbance.all {
                    let finding = bench.finding(truth, change, disturbance)
                    let resolution = resolver.resolve(finding)
                    let outcome = judge(resolution, truth, change)
                    if outcome == \Score.wrong { report(path, truth, disturbance, resolution, change) }
                    if outcome == \Score.demoted {
                        reasons[resolution.because.split(separator: " ").filter { Int($0) == nil }.joined(separator: " "), default: 0] += 1
                    }
                    scores[disturbance.name, default: Score()][keyPath: outcome] += 1
                    if truth.isAmbiguous { scores[disturbance.name, default: Score()].ambiguous += 1 }
                }
            }
        }
        let rows = Disturbance.all.map { disturbance -> JSONValue in
            let score = scores[disturbance.name] ?? Score()
            return .object([
                "disturbance": .string(disturbance.name), "right": number(score.right), "wrong": number(score.wrong),
                "stretch": number(score.stretch), "demoted": number(score.demoted),
                "ambiguous": number(score.ambiguous), "total": number(score.total),
            ])
        }
        StandardStreams.writeOutput(
            JSONValue.object([
                "commits": number(commits), "rows": .array(rows), "reasons": .object(reasons.mapValues(number)),
            ]).text + "\n")
    }

    private func report(_ path: String, _ truth: Truth, _ how: Disturbance, _ found: AnchorResolution, _ change: Change) {
        StandardStreams.writeError(
            "wrong: \(path) \(change.files[truth.file].path) \(how.name): meant \(truth.side) \(truth.range), got \(found)\n")
    }

    private func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// Up to three a file: one to three lines around a changed line, with enough text to mean something.
    private mutating func truths(in change: Change) -> [Truth] {
        var truths: [Truth] = []
        for (index, file) in change.files.enumerated() where !file.diff.hunks.isEmpty {
            for _ in 0..<3 {
                let hunk = file.diff.hunks[dice.below(file.diff.hunks.count)]
                let side: DiffSide = dice.below(5) == 0 ? .old : .new
                let lines = hunk.lines.filter { $0.number(on: side) != nil }
                guard !lines.isEmpty else { continue }
                let start = dice.below(lines.count)
                let part = Array(lines[start..<min(lines.count, start + 1 + dice.below(3))])
                guard part.contains(where: { $0.kind != .context }) else { continue }
                guard let first = part.first?.text.raw, let last = part.last?.text.raw, !isBlank(first), !isBlank(last) else { continue }
                guard part.reduce(0, { $0 + $1.text.raw.utf8.count { $0 > 32 } }) >= 8 else { continue }
                truths.append(Truth(file: index, side: side, lines: part, isAmbiguous: occurrences(of: part, in: file.diff, side) > 1))
            }
        }
        return truths
    }

    private func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { $0 <= 32 } }

    private func occurrences(of part: [DiffLine], in diff: FileDiff, _ side: DiffSide) -> Int {
        let wanted = part.map { compact($0.text.raw) }
        return diff.hunks.reduce(0) { sum, hunk in
            let texts = hunk.lines.filter { $0.number(on: side) != nil }.map { compact($0.text.raw) }
            guard texts.count >= wanted.count else { return sum }
            return sum + (0...(texts.count - wanted.count)).count { Array(texts[$0..<($0 + wanted.count)]) == wanted }
        }
    }

    private func compact(_ text: String) -> String { String(decoding: text.utf8.filter { $0 > 32 }, as: UTF8.self) }

    /// For a model that is to say all this to the whole program: one line a diff with what it says and what is true, the disturbances by
    /// turns over all diffs.
    func tell(_ paths: [String]) {
        var bench = self
        var turn = 0
        for path in paths {
            guard let change = ReviewBench.change(path) else { continue }
            var findings: [JSONValue] = []
            for truth in bench.truths(in: change) {
                for _ in 0..<Self.tellings where findings.count < Self.mostTold {
                    let disturbance = Disturbance.all[turn % Disturbance.all.count]
                    turn += 1
                    findings.append(bench.told(truth, change, disturbance, number: findings.count))
                }
            }
            StandardStreams.writeOutput(JSONValue.object(["diff": .string(path), "findings": .array(findings)]).text + "\n")
        }
    }

    private static let tellings = 3
    /// A repository's settings allow twenty comments on lines, and rules may have some of them.
    private static let mostTold = 15

    private mutating func told(_ truth: Truth, _ change: Change, _ disturbance: Disturbance, number: Int) -> JSONValue {
        let told = telling(truth, change, disturbance)
        let reply: JSONValue = .object([
            "path": .string(told.path), "quote": .string(told.lines.joined(separator: told.lineEnd)), "side": .string(told.side.rawValue),
            "line": told.line.map { .integer(Int64($0)) } ?? .null, "severity": "high", "category": "bug",
            "title": .string("Told as number \(number) of them"), "body": "It is wrong here.", "confidence": 0.9,
        ])
        let places = [DiffSide.old, .new].map { side -> JSONValue in
            let numbers = truth.lines.compactMap { $0.number(on: side) }
            guard numbers.count == truth.lines.count, let first = numbers.first, let last = numbers.last else { return .null }
            return .array([.integer(Int64(first)), .integer(Int64(last))])
        }
        return .object([
            "reply": reply, "disturbance": .string(disturbance.name), "path": .string(change.files[truth.file].path), "old": places[0],
            "new": places[1],
        ])
    }

    private mutating func finding(_ truth: Truth, _ change: Change, _ disturbance: Disturbance) -> Finding {
        let told = telling(truth, change, disturbance)
        return Finding(
            path: UntrustedText(told.path), side: told.side,
            target: .quote(UntrustedText(told.lines.joined(separator: told.lineEnd)), hint: told.line),
            severity: .high, category: .bug, title: "t", body: "b", source: .model(name: "m"))
    }

    private mutating func telling(_ truth: Truth, _ change: Change, _ disturbance: Disturbance) -> Told {
        var told = Told(
            path: change.files[truth.file].path, oldPath: change.files[truth.file].diff.oldPath?.raw ?? change.files[truth.file].path,
            side: truth.side,
            lines: truth.lines.map(\.text.raw), line: truth.range.lowerBound, between: between(truth, change))
        disturbance.apply(&told, &dice)
        return told
    }

    /// The lines of the hunk from the first to the last of these, with the marks of a diff: those of the other side stand between.
    private func between(_ truth: Truth, _ change: Change) -> [String] {
        for hunk in change.files[truth.file].diff.hunks {
            guard let first = truth.lines.first, let last = truth.lines.last, let start = hunk.lines.firstIndex(of: first),
                let end = hunk.lines.lastIndex(of: last), start <= end
            else { continue }
            return hunk.lines[start...end].map { line in
                switch line.kind {
                case .added: "+" + line.text.raw
                case .removed: "-" + line.text.raw
                case .context: " " + line.text.raw
                }
            }
        }
        return truth.lines.map(\.text.raw)
    }

    private func judge(_ resolution: AnchorResolution, _ truth: Truth, _ change: Change) -> WritableKeyPath<Score, Int> {
        guard case .lines(let file, let side, let lines) = resolution.anchor else { return \.demoted }
        guard file == truth.file else { return \.wrong }
        if resolution.isStretch {
            let numbers = truth.lines.compactMap { $0.number(on: side) }
            return numbers.count == truth.lines.count && numbers.allSatisfy(lines.contains) ? \.stretch : \.wrong
        }
        if side == truth.side { return lines == truth.range ? \.right : \.wrong }
        // A context line is the same line on both sides.
        let others = truth.lines.compactMap { $0.number(on: side) }
        return others.count == truth.lines.count && others.first == lines.lowerBound && others.last == lines.upperBound ? \.right : \.wrong
    }
}

/// What the model says of a place.
struct Told {
    var path: String
    let oldPath: String
    var side: DiffSide
    var lines: [String]
    var line: Int?
    var lineEnd = "\n"
    /// The same lines as the diff shows them, with the other side's in between.
    let between: [String]
}

struct Disturbance: Sendable {
    let name: String
    let apply: @Sendable (inout Told, inout Dice) -> Void

    static let all = [
        Disturbance(name: "exact") { _, _ in },
        Disturbance(name: "line off by 1 or 2") { told, dice in told.line = told.line.map { $0 + [-2, -1, 1, 2][dice.below(4)] } },
        Disturbance(name: "line far off") { told, dice in told.line = told.line.map { $0 + 40 + dice.below(400) } },
        Disturbance(name: "no line") { told, _ in told.line = nil },
        Disturbance(name: "wrong side") { told, _ in told.side = told.side == .new ? .old : .new },
        Disturbance(name: "blanks at line ends") { told, _ in told.lines = told.lines.map { $0 + "  " } },
        Disturbance(name: "indentation dropped") { told, _ in told.lines = told.lines.map { String($0.drop { $0 == " " || $0 == "\t" }) } },
        Disturbance(name: "indented deeper") { told, _ in told.lines = told.lines.map { "    " + $0 } },
        Disturbance(name: "tabs as blanks") { told, _ in told.lines = told.lines.map { $0.replacing("\t", with: "    ") } },
        Disturbance(name: "with + or -") { told, _ in
            let mark = told.side == .new ? "+" : "-"
            told.lines = told.lines.map { mark + $0 }
        },
        Disturbance(name: "with line numbers") { told, _ in
            let first = told.line ?? 1
            told.lines = told.lines.enumerated().map { "\(first + $0.offset) \($0.element)" }
        },
        Disturbance(name: "CRLF") { told, _ in told.lineEnd = "\r\n" },
        Disturbance(name: "fenced") { told, _ in told.lines = ["```"] + told.lines + ["```"] },
        Disturbance(name: "blank lines around") { told, _ in told.lines = [""] + told.lines + ["", ""] },
        Disturbance(name: "path with a/ or b/") { told, dice in told.path = ["a/", "b/", "./"][dice.below(3)] + told.path },
        Disturbance(name: "path before renaming") { told, _ in told.path = told.oldPath },
        Disturbance(name: "only the file's name") { told, _ in told.path = String(told.path.split(separator: "/").last ?? "") },
        Disturbance(name: "as the diff shows it") { told, _ in told.lines = told.between },
        Disturbance(name: "begins within the line") { told, _ in
            let first = told.lines[0].drop { $0 == " " || $0 == "\t" }
            guard let blank = first.firstIndex(of: " "), first[blank...].utf8.count > 16 else { return }
            told.lines[0] = String(first[first.index(after: blank)...])
        },
        Disturbance(name: "last character missing") { told, _ in
            guard let last = told.lines.last, last.utf8.count > 16 else { return }
            told.lines[told.lines.count - 1] = String(last.dropLast())
        },
        Disturbance(name: "in backticks") { told, _ in
            guard told.lines.count == 1 else { return }
            told.lines = ["`" + told.lines[0].trimmed + "`"]
        },
        Disturbance(name: "escaped twice") { told, _ in
            let text = told.lines.joined(separator: "\n").replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            told.lines = [text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")]
        },
        Disturbance(name: "HTML's entities") { told, _ in
            told.lines = told.lines.map { $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
        },
        Disturbance(name: "middle left out") { told, _ in
            if told.lines.count == 3 { told.lines[1] = "..." }
        },
    ]
}

extension String {
    fileprivate var trimmed: String {
        let rest = drop { $0 == " " || $0 == "\t" }
        return String(rest[..<(rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest.index(after: $0) } ?? rest.startIndex)])
    }
}
