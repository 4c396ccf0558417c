/// Coverage of a change as people are told of it.
package struct CoverageNotice: Sendable, Hashable, Codable {
    package struct File: Sendable, Hashable, Codable {
        package var path: String
        /// Changed lines that no test ran through, e.g. `3-5, 9`.
        package var uncovered: String
    }

    package var covered: Int
    package var uncovered: Int
    package var files: [File]
    /// Changed files that the report does not name.
    package var unknown: [String]
    /// Test cases for these lines that a model proposed and nobody has run, as a patch.
    package var proposal: String?

    /// Longer ones are shown to nobody.
    package static let longestProposal = 20_000
    private static let mostFiles = 50
    private static let longestRanges = 300

    package init(_ coverage: ChangeCoverage) {
        covered = coverage.coveredCount
        uncovered = coverage.uncoveredCount
        files = coverage.files.filter { !$0.uncovered.isEmpty }.prefix(Self.mostFiles).map {
            File(path: $0.path, uncovered: String(ChangeCoverage.ranges($0.uncovered).prefix(Self.longestRanges)))
        }
        unknown = Array(coverage.unknown.prefix(Self.mostFiles))
    }
}
