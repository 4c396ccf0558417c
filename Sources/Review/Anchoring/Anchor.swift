package import Text

/// The place in the change that a finding belongs to.
package enum Anchor: Sendable, Hashable {
    /// Lines of one hunk. `file` is an index into `Change.files`.
    case lines(file: Int, side: DiffSide, lines: ClosedRange<Int>)
    case file(Int)
    case change

    package var file: Int? {
        switch self {
        case .lines(let file, _, _), .file(let file): file
        case .change: nil
        }
    }
}

/// An anchor, and how it was found.
package struct AnchorResolution: Sendable, Hashable {
    package let anchor: Anchor
    /// Our own words, e.g. “the quote stands there exactly”.
    package var because: String
    /// Whether the quoted code is in the change. A model's finding without it is not believed.
    package let isGrounded: Bool
    /// The quote is the lines themselves, indentation included: a replacement for it replaces them.
    package var isExact = false
    /// The lines reach over several equal places, one of which is meant.
    package var isStretch = false
}
