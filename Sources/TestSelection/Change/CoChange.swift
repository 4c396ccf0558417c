import Glibc

/// Which tests were changed together with which files, from past commits.
package struct CommitFiles: Sendable {
    package var paths: [String]

    package init(paths: [String]) {
        self.paths = paths
    }
}

/// What the history says of each test with regard to one change.
struct CoChange: Sendable {
    /// Commits that touched the test and a changed file, each weighing less the older and the larger it is.
    private(set) var together: [String: Double] = [:]
    /// How many commits ago the test was last touched; 0 is the newest.
    private(set) var lastTouched: [String: Int] = [:]

    /// A commit over more files than this says nothing of any two of them.
    private static let mostFiles = 30
    /// After so many commits a common change counts half.
    private static let halfLife = 1000.0

    /// `history` newest first.
    init(_ history: [CommitFiles], changed: Set<String>, tests: Set<String>) {
        for (age, commit) in history.enumerated() where commit.paths.count <= Self.mostFiles {
            let touches = commit.paths.contains(where: changed.contains)
            let weight = exp2(-Double(age) / Self.halfLife) * min(1, 2 / Double(max(1, commit.paths.count)).squareRoot())
            for path in commit.paths where tests.contains(path) {
                if lastTouched[path] == nil { lastTouched[path] = age }
                if touches { together[path, default: 0] += weight }
            }
        }
    }
}
