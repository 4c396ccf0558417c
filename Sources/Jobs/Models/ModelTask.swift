/// A kind of work that a model may do; each may have a model of its own.
package enum ModelTask: String, Sendable, Hashable, CaseIterable {
    case review
    /// Questions in comments.
    case ask
    /// Commands that a repository leaves unsaid, for generated files.
    case generate
    /// What broke in a failed run.
    case failures

    /// For messages and tables.
    package static let words = allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
}
