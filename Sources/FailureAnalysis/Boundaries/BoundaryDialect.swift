/// How one CI server marks steps, folds and exits in its log. A new server is one file with a dialect and a line in `all`.
package struct BoundaryDialect: Sendable {
    package struct Rule: Sendable {
        package let mark: BoundaryMark
        package let pattern: String
        package let literals: [String]
        /// A line as the server prints it: the rule's own test.
        package let example: String

        package init(_ mark: BoundaryMark, _ pattern: String, literals: [String], like example: String) {
            self.mark = mark
            self.pattern = pattern
            self.literals = literals
            self.example = example
        }
    }

    package let name: String
    package let rules: [Rule]

    package init(name: String, rules: [Rule]) {
        self.name = name
        self.rules = rules
    }

    package static let all: [BoundaryDialect] = [.travis, .github, .gitlab, .tekton, .jenkins, .others]
}
