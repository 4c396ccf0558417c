import Basics
import Policy

package struct HiddenCharactersRule: Rule {
    package let id = "hidden-characters"
    package let severity = Severity.high
    package let category = Category.security
    package let finds = "Characters that reorder or hide what a reader sees: bidirectional overrides, zero-width and tag characters."
    package let why = "The line does not read as it runs: characters that cannot be seen reorder or hide a part of it (“Trojan Source”)."
    package let fix = "Remove them, or write them as escapes so that a reader sees them."

    private static let longestReadable = 1000

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        var hits: [RuleHit] = []
        change.forEachAddedLine { line in
            // Almost every line is plain ASCII.
            if line.text.utf8.allSatisfy({ $0 < 128 }) { return }
            // Nobody reads a bundle's lines; its characters are data of the libraries in it.
            if line.text.utf8.count > Self.longestReadable, PathKind(line.path.raw) == .generated { return }
            guard let scalar = line.text.unicodeScalars.first(where: InvisibleCharacters.isDeceptive) else { return }
            let code = String(scalar.value, radix: 16, uppercase: true)
            hits.append(RuleHit(line, title: "This line holds the invisible character U+\(code)"))
        }
        return hits
    }
}
