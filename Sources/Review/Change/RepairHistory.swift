package import Basics

/// How often files were repaired: those that broke before are read first.
///
/// Source: Graves et al., "Predicting fault incidence using software change history" (2000): past repairs tell more than size.
package enum RepairHistory {
    private static let words: Set<String> = [
        "fix", "fixes", "fixed", "fixing", "bug", "bugs", "bugfix", "hotfix", "revert", "reverts", "regression", "crash", "leak", "race",
    ]

    /// Repairs by path, from commits' subjects and the files each touched. Commits over many files tell nothing of any of them.
    package static func repairs(in commits: some Sequence<(subject: UntrustedText, paths: [String])>, mostPaths: Int = 30) -> [String: Int]
    {
        var repairs: [String: Int] = [:]
        for commit in commits where commit.paths.count <= mostPaths && isRepair(commit.subject.raw) {
            for path in commit.paths { repairs[path, default: 0] += 1 }
        }
        return repairs
    }

    private static func isRepair(_ subject: String) -> Bool {
        subject.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
    }
}
