package import Basics
package import Forge

/// A commit since the last success, and how likely it brought the failure.
package struct Suspect: Sendable, Hashable {
    package let commit: ForgeCommit
    package let score: Double
    /// Why, the strongest first; a file's name in them is text from outside.
    package let reasons: [UntrustedText]
}

/// Orders the commits since the last success by what they touched. Pure.
package struct SuspectRanking: Sendable {
    /// A commit with the files it touched; empty when the forge did not say.
    package struct Candidate: Sendable, Hashable {
        package let commit: ForgeCommit
        package let files: [String]

        package init(commit: ForgeCommit, files: [String]) {
            self.commit = commit
            self.files = files
        }
    }

    private static let most = 5

    private let mentioned: MentionedPaths
    private let failureClass: FailureClass

    package init(_ report: FailureReport) {
        mentioned = MentionedPaths(in: report)
        failureClass = report.failureClass
    }

    /// The likeliest first; those nothing speaks for come last, the newest of them first, and say so. At most five.
    ///
    /// - Parameter candidates: oldest first, as the forge compares.
    package func suspects(among candidates: [Candidate]) -> [Suspect] {
        let together = CoChanges(candidates.map(\.files))
        let ranked = candidates.enumerated().map { place, candidate in (place, suspect(candidate, together)) }
        return ranked.sorted { ($0.1.score, $0.0) > ($1.1.score, $1.0) }.prefix(Self.most).map(\.1)
    }

    private func suspect(_ candidate: Candidate, _ together: CoChanges) -> Suspect {
        var score = 0.0
        var reasons: [(Double, String)] = []
        for file in candidate.files {
            let (points, reason) = judge(file, together)
            guard points > 0 else { continue }
            score += points
            reasons.append((points, reason))
        }
        // A commit of a hundred files touches everything: each counts for less.
        score /= max(1, Double(candidate.files.count) / 20)
        let told = reasons.sorted { $0.0 > $1.0 }.prefix(3).map { UntrustedText($0.1) }
        let none: UntrustedText =
            candidate.files.isEmpty ? "its files are not known" : "since the last success; nothing it touched is named"
        return Suspect(commit: candidate.commit, score: score, reasons: told.isEmpty ? [none] : told)
    }

    private func judge(_ file: String, _ together: CoChanges) -> (Double, String) {
        switch mentioned.weight(of: file) {
        case 3, 2: return (6, "touched \(file), which the failure names")
        case 1: return (4, "touched \(file), whose name the failure has")
        default: break
        }
        if let named = mentioned.paths.first(where: { Self.isTwin(file, $0) }) { return (3, "touched \(file), the other side of \(named)") }
        if let named = mentioned.paths.first(where: { together.times($0, file) >= 2 }) {
            return (1.5, "touched \(file), which changes together with \(named)")
        }
        if isOfClass(file) { return (2, "touched \(file), of which a failure of this class may come") }
        if let named = mentioned.paths.first(where: { Self.isNeighbour(file, $0) }) { return (0.5, "touched \(file), beside \(named)") }
        return (0, "")
    }

    /// A test and what it tests: `orders.py` and `test_orders.py`, `Cart.java` and `CartTest.java`.
    private static func isTwin(_ file: String, _ named: String) -> Bool {
        func stem(_ path: String) -> String {
            var stem = MentionedPaths.lastPart(path).prefix { $0 != "." }.lowercased()
            for part in ["test_", "tests_"] where stem.hasPrefix(part) { stem.removeFirst(part.count) }
            for part in ["_tests", "_test", "_spec", "tests", "test", "spec"] where stem.hasSuffix(part) && stem.count > part.count {
                stem.removeLast(part.count)
                break
            }
            return stem
        }
        let (a, b) = (stem(file), stem(named))
        return a == b && a.count >= 3
    }

    private static func isNeighbour(_ file: String, _ named: String) -> Bool {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        return !folder.isEmpty && named.split(separator: "/").dropLast().joined(separator: "/").hasSuffix(folder)
    }

    private func isOfClass(_ file: String) -> Bool {
        let name = MentionedPaths.lastPart(file).lowercased()
        switch failureClass {
        case .dependency:
            let known = [
                "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "requirements.txt", "pyproject.toml", "poetry.lock",
                "go.mod",
                "go.sum", "cargo.toml", "cargo.lock", "pom.xml", "gemfile", "gemfile.lock", "composer.json", "composer.lock",
                "package.swift",
                "package.resolved",
            ]
            return known.contains(name) || name.hasPrefix("build.gradle")
        case .configuration, .permission, .infrastructure, .timeout, .outOfMemory:
            return file.hasPrefix(".github/workflows/") || file.hasPrefix(".gitea/workflows/") || name.hasPrefix("dockerfile")
                || name == "makefile"
        case .lint: return name.hasPrefix(".eslint") || name.hasPrefix(".flake8") || name.hasPrefix(".rubocop") || name == ".swift-format"
        default: return false
        }
    }
}

/// How often two files changed in one commit, among the commits at hand.
private struct CoChanges {
    private let commits: [Set<String>]

    init(_ commits: [[String]]) {
        self.commits = commits.filter { $0.count <= 50 }.map(Set.init)
    }

    /// `named` may be the end of a path only.
    func times(_ named: String, _ file: String) -> Int {
        commits.count { files in files.contains(file) && files.contains { $0 != file && ($0 == named || $0.hasSuffix("/" + named)) } }
    }
}
