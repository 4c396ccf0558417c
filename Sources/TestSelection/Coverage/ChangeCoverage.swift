import Basics
import Text

/// Changed lines that no test ran through.
package struct ChangeCoverage: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        package var path: String
        /// Added lines with code, from 1 in the new file, ascending.
        package var covered: [Int]
        package var uncovered: [Int]
    }

    /// Files with added lines that the report knows.
    package var files: [File] = []
    /// Code files with added lines that the report does not name: nothing is known of them.
    package var unknown: [String] = []

    package init(_ change: SourceChange, _ report: CoverageReport) {
        for file in change.files where file.kind != .removed {
            let added = file.hunks.flatMap(\.lines).filter { $0.kind == .added }.compactMap(\.newNumber)
            guard !added.isEmpty, FileRole(file.path) == .code else { continue }
            guard let lines = Self.lines(of: file.path, in: report) else {
                unknown.append(file.path)
                continue
            }
            let known = added.filter { lines[$0] != nil }
            files.append(
                File(path: file.path, covered: known.filter { (lines[$0] ?? 0) > 0 }, uncovered: known.filter { lines[$0] == 0 }))
        }
    }

    /// Reports name files absolutely, from the root, from a source folder, or by module: the longest common end decides.
    private static func lines(of path: String, in report: CoverageReport) -> [Int: Int]? {
        if let lines = report.files[path] { return lines }
        let wanted = path.split(separator: "/")
        let ends = report.files.keys.map { name in
            (
                name: name, common: zip(name.split(separator: "/").reversed(), wanted.reversed()).prefix { $0 == $1 }.count,
                length: name.split(separator: "/").count
            )
        }
        // Either name is an end of the other, except for a module's own prefix.
        let best = ends.filter { $0.common > 0 && ($0.common == wanted.count || $0.common == $0.length) }.max { $0.common < $1.common }
        return best.flatMap { report.files[$0.name] }
    }

    package var coveredCount: Int { files.reduce(0) { $0 + $1.covered.count } }
    package var uncoveredCount: Int { files.reduce(0) { $0 + $1.uncovered.count } }

    /// `3-5, 9`
    package static func ranges(_ lines: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for line in lines {
            if let last = ranges.last, last.upperBound == line - 1 {
                ranges[ranges.count - 1] = last.lowerBound...line
            } else {
                ranges.append(line...line)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
    }
}
