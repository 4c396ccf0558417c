import Basics
import Text

package struct UnlockedDependencyRule: Rule {
    package let id = "dependency-without-lock"
    package let severity = Severity.medium
    package let category = Category.maintainability
    package let finds =
        "A dependency added or changed in a manifest while the lock file that the change also carries, or should carry, stays as it was."
    package let why =
        "The next clean installation resolves the dependency anew: it may differ from what was tested, and a frozen installation fails."
    package let fix = "Run the package manager and commit its lock file with the manifest."

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        guard change.isWhole else { return [] }
        let changed = Set(change.files.map { $0.path.lowercased() })
        return change.files.compactMap { file in
            let path = file.path.lowercased()
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard file.diff.change == .modified, let locks = LockFiles.byManifest[name] else { return nil }
            // A workspace keeps one lock at its root.
            let folders = [folder, ""]
            if locks.contains(where: { lock in folders.contains { changed.contains($0.isEmpty ? lock : "\($0)/\(lock)") } }) { return nil }
            let lines = file.diff.hunks.joined
            let before = Set(lines.filter { $0.kind == .removed }.map { Self.withoutRemark($0.text.raw) })
            let line = lines.first { line in
                line.kind == .added && Self.isDependency(line.text.raw, name) && !before.contains(Self.withoutRemark(line.text.raw))
            }
            guard let line, let number = line.newNumber
            else { return nil }
            let candidates = folders.flatMap { folder in locks.map { folder.isEmpty ? $0 : "\(folder)/\($0)" } }
            if let others = change.otherPaths, !candidates.contains(where: { lock in others.contains { $0.lowercased() == lock } }) {
                return nil
            }
            // Libraries often keep no lock at all: without a look at the tree this is a guess.
            return RuleHit(
                path: file.diff.path, target: .lines(number...number), title: "A dependency changes and no lock file does",
                severity: change.otherPaths == nil ? .info : nil)
        }
    }

    /// Moving a line, or the remark behind it, changes no dependency.
    private static func withoutRemark(_ line: String) -> String {
        let end = [" //", " #"].compactMap { line.firstRange(of: $0)?.lowerBound }.min() ?? line.endIndex
        return line[..<end].filter { !$0.isWhitespace && $0 != "," }
    }

    /// A line that names a version, as each manifest writes it.
    static func isDependency(_ line: String, _ manifest: String) -> Bool {
        let text = line.trimmingBlanks
        switch manifest {
        case "package.json", "composer.json", "deno.json":
            // "name": "^1.2.3"
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 5, parts[2].trimmingBlanks == ":", parts[1] != "version", !parts[1].hasPrefix("node") else { return false }
            let version = parts[3].drop { "^~><= v".contains($0) }
            return version.first?.isNumber == true && version.contains(".") && !version.contains(" ")
        case "go.mod": return text.split(separator: " ").contains { $0.hasPrefix("v") && $0.dropFirst().first?.isNumber == true }
        case "cargo.toml", "pyproject.toml", "pipfile":
            guard let equals = text.firstIndex(of: "=") else { return ["==", ">=", "~="].contains { text.contains($0) } }
            let key = String(text[..<equals]).trimmingBlanks
            guard !["version", "edition", "rust-version", "requires-python", "python", "name"].contains(key), !key.contains(" ") else {
                return false
            }
            let value = text[text.index(after: equals)...]
            return value.contains("version") || value.drop { "\" ^~>=<".contains($0) }.first?.isNumber == true
        case "gemfile": return text.hasPrefix("gem ")
        default: return false
        }
    }
}
