import Basics
import Glibc
package import Text

/// How near each recorded case comes to a change: whether it ran through a changed line, or through the file alone.
struct ChangeReach: Sendable {
    /// What to add to the log-odds that a case fails, by its place.
    private(set) var shares: [Double]
    /// For explanations.
    private var through: [Int: String] = [:]
    /// Changed files that recorded cases ran through.
    private(set) var reached: Set<String> = []

    /// Running through a changed line; through the body of a changed declaration; through the file.
    private static let lineShare = 6.0
    private static let bodyShare = 4.5
    private static let fileShare = 1.5

    init(_ change: SourceChange, _ footprint: TestFootprint, _ drift: LineDrift?) {
        shares = [Double](repeating: 0, count: footprint.cases.count)
        var places = [Int](repeating: 0, count: footprint.cases.count)
        for file in change.files where file.kind != .added {
            let path = file.previousPath ?? file.path
            guard footprint.knows(path) else { continue }
            let all = footprint.cases(of: path, lines: 1...Int.max)
            if !all.isEmpty { reached.insert(file.path) }
            raise(all, to: Self.fileShare, "\(path)")
            guard let drift, !drift.isUnknown(path) else { continue }
            for line in Self.changedLines(file.hunks) {
                guard let known = drift.recorded(line, of: path) else { continue }
                let direct = footprint.cases(of: path, line: known) ?? PlaceSet()
                if direct.isEmpty {
                    let body = Self.body(of: file.old, around: line)
                    let (first, last) = (drift.recorded(body.lowerBound, of: path), drift.recorded(body.upperBound, of: path))
                    let lines = min(first ?? known, known)...max(last ?? known, known)
                    raise(footprint.cases(of: path, lines: lines), to: Self.bodyShare, "\(path), line \(line)")
                } else {
                    raise(direct, to: Self.lineShare, "\(path), line \(line)")
                    for place in shares.indices where direct.contains(place) { places[place] += 1 }
                }
            }
        }
        // Of several changed places the more a case runs through, the likelier it meets the one that breaks it.
        for place in shares.indices where places[place] > 1 { shares[place] += 0.5 * log(Double(places[place])) }
    }

    private mutating func raise(_ cases: PlaceSet, to share: Double, _ where: String) {
        for place in shares.indices where shares[place] < share && cases.contains(place) {
            shares[place] = share
            through[place] = `where`
        }
    }

    func reason(_ place: Int) -> String? { through[place].map { "ran through \($0)" } }

    /// Lines of the old file that are changed or stand right before what is added, once for each run of changes.
    private static func changedLines(_ hunks: [Hunk]) -> [Int] {
        var lines: [Int] = []
        for hunk in hunks {
            var old = hunk.oldStart
            var isRun = false
            for line in hunk.lines {
                switch line.kind {
                case .removed:
                    lines.append(old)
                    isRun = true
                case .added:
                    if !isRun, old > 1 { lines.append(old - 1) }
                    isRun = true
                case .context: isRun = false
                }
                if line.kind != .added { old += 1 }
            }
        }
        return lines
    }

    /// The lines of the declaration that a line opens, or in whose head it stands: what no test ran through by itself, as default values
    /// and annotations, is met by who runs the body.
    private static func body(of text: [UInt8], around line: Int) -> ClosedRange<Int> {
        let lines = text.split(separator: 10, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1), var own = indent(lines[line - 1]) else { return line...line }
        var start = line - 1
        if EnclosingDeclarations.declaredName(in: String(decoding: lines[start], as: UTF8.self)) == nil,
            let head = lines[..<start].lastIndex(where: { (indent($0) ?? .max) < own })
        {
            (start, own) = (head, indent(lines[head]) ?? 0)
        }
        var end = start
        for index in lines.indices[(start + 1)...] {
            guard let depth = indent(lines[index]), let first = lines[index].dropFirst(depth).first else { continue }
            // What closes the head stands as far left as what opened it.
            if depth <= own, ![41, 93, 123].contains(first) { break }
            end = index
        }
        return start + 1...end + 1
    }

    private static func indent(_ line: ArraySlice<UInt8>) -> Int? {
        line.firstIndex { $0 != 32 && $0 != 9 && $0 != 13 }.map { $0 - line.startIndex }
    }
}

/// Where lines of the state before a change stood when coverage was recorded.
package struct LineDrift: Sendable {
    private var hunks: [String: [Hunk]] = [:]
    private var moved: Set<String> = []

    /// - Parameter since: what changed between the recorded commit and the one before the change; nothing where they are the same.
    package init(since: [FileDiff]) {
        for file in since {
            let path = file.path.raw
            if file.change == .modified, file.content == .text { hunks[path] = file.hunks } else { moved.insert(path) }
        }
    }

    /// It was made, moved or made unreadable since.
    func isUnknown(_ path: String) -> Bool { moved.contains(path) }

    /// `nil` for a line that is newer than the record.
    func recorded(_ line: Int, of path: String) -> Int? {
        var shift = 0
        for hunk in hunks[path] ?? [] {
            if line < hunk.newStart { break }
            var (old, new) = (hunk.oldStart, hunk.newStart)
            for part in hunk.lines {
                if new == line, part.kind != .removed { return part.kind == .added ? nil : old }
                if part.kind != .added { old += 1 }
                if part.kind != .removed { new += 1 }
            }
            shift = old - new
        }
        return line + shift
    }
}
