import Basics
import Policy
import Text

/// Credentials in added lines. In tests and documentation only what a provider's own form proves: invented passwords are usual there.
package struct CommittedSecretRule: Rule {
    package let id = "committed-secret"
    package let severity = Severity.critical
    package let category = Category.security
    package let finds =
        "Credentials written into the change: provider tokens, private keys, passwords in addresses, random values assigned to a secret's name."
    package let why =
        "Whoever can read the repository, its forks or its history can use this credential, also after a later commit removes it."
    package let fix =
        "Revoke it at its provider, take it out of the branch's history, and read it from the environment or a secret store instead."

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        let scanner = SecretScanner()
        var hits: [RuleHit] = []
        for file in change.files {
            let isIllustration = [.test, .documentation].contains(PathKind(file.path))
            for hunk in file.diff.hunks {
                // A private key spans lines: consecutive added lines are searched together.
                var run: [AddedLine] = []
                for line in hunk.lines {
                    if line.kind == .added, let number = line.newNumber {
                        run.append(AddedLine(path: file.diff.path, number: number, text: line.text.raw))
                    } else if line.kind == .context {
                        hits += Self.hits(in: run, scanner, isIllustration)
                        run = []
                    }
                }
                hits += Self.hits(in: run, scanner, isIllustration)
            }
        }
        return hits
    }

    private static func hits(in run: [AddedLine], _ scanner: SecretScanner, _ isIllustration: Bool) -> [RuleHit] {
        guard let first = run.first else { return [] }
        var starts: [Int] = []
        var bytes: [UInt8] = []
        for line in run {
            starts.append(bytes.count)
            bytes.append(contentsOf: line.text.utf8)
            bytes.append(10)
        }
        return scanner.matches(in: bytes).compactMap { match in
            let value = bytes[match.range]
            let isGuess = ["assigned-secret", "url-password", "authorization"].contains(match.kind)
            if isGuess, isIllustration { return nil }
            guard match.kind == "private-key" ? value.contains(10) || value.count > 100 : !Placeholder.looksLikeOne(value) else {
                return nil
            }
            let from = starts.lastIndex { $0 <= match.range.lowerBound } ?? 0
            let to = starts.lastIndex { $0 < match.range.upperBound } ?? from
            guard run.indices.contains(to) else { return nil }
            return RuleHit(
                path: first.path, target: .lines(run[from].number...max(run[from].number, run[to].number)),
                title: UntrustedText("This looks like \(match.title)"), severity: isGuess ? .high : nil)
        }
    }
}
