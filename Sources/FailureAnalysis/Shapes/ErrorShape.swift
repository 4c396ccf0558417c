/// One way in which one tool says that something went wrong.
package struct ErrorShape: Sendable {
    /// How much a line of this shape tells about the cause.
    package enum Role: Sendable, Hashable {
        /// Names what is wrong and where: a compiler's error, the head of a failed test.
        case cause
        /// Part of such a block: the assertion, the exception's message.
        case detail
        /// Says that something failed, in a general way.
        case hint
        /// Counts or lists what failed: `2 failed, 5 passed`.
        case summary
        /// What a wrapper prints because something inside it failed: `make: *** Error 1`, `npm ERR!`.
        case aftermath
        /// A warning: an error only where a tool was told so.
        case warning
        /// Looks like an error and is none: `0 errors`, `-Werror`.
        case harmless
    }

    /// How far the block goes that this line begins.
    package enum Extent: Sendable, Hashable {
        /// The line alone.
        case line
        /// Lines indented deeper, frames, and blank lines between those.
        case indented
        /// All lines to the next blank one.
        case paragraph
        /// Everything to the next ruler, or to a line that begins a block of the same shape.
        case section
        /// Numbered entries of a test report: to the next line of the same shape, a summary or two blank lines.
        case entry
    }

    /// `tool.what`: printed as the reason of a range.
    package let name: String
    package let role: Role
    package let pattern: String
    /// Every match holds one of these, case ignored: where none stands, the pattern is not run.
    package let literals: [String]
    package let extent: Extent
    /// What a line of this shape says about the kind of failure; `nil` when it does not tell.
    package let failureClass: FailureClass?
    /// A line as the tool prints it: the shape's own test.
    package let example: String

    /// Words that any tool may print, instead of one tool's own form.
    package var isGeneral: Bool { name.hasPrefix("hint.") }

    package init(
        _ name: String, _ role: Role, _ pattern: String, literals: [String], _ extent: Extent = .indented,
        class failureClass: FailureClass? = nil,
        like example: String
    ) {
        self.name = name
        self.role = role
        self.pattern = pattern
        self.literals = literals
        self.extent = extent
        self.failureClass = failureClass
        self.example = example
    }
}
