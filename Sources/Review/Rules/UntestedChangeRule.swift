import Basics
import Text

package struct UntestedChangeRule: Rule {
    package let id = "untested-change"
    package let severity = Severity.info
    package let category = Category.tests
    package let finds = "Source changed by many lines while no test changed at all."
    package let why = "The change touches a good deal of source, and no test changes with it."
    package let fix = "Add or adapt a test, or say in the description why none is needed."

    /// Small fixes are often covered by the tests that are there.
    private static let fewestLines = 30

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        let kinds = change.files.map { PathKind($0.path) }
        guard change.isWhole, !kinds.contains(.test) else { return [] }
        let sources = zip(change.files, kinds).filter { $1 == .source }.map(\.0)
        let added = sources.reduce(0) { $0 + $1.diff.addedLineCount }
        guard added >= Self.fewestLines, let largest = sources.max(by: { $0.diff.addedLineCount < $1.diff.addedLineCount }) else {
            return []
        }
        return [
            RuleHit(
                path: largest.diff.path, target: .change, title: UntrustedText("\(added) lines of source are added and no test changes"))
        ]
    }
}
