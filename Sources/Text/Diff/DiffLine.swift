package import Basics

/// One line of a hunk, with its number in each file it belongs to.
package struct DiffLine: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case context, added, removed
    }

    package let kind: Kind
    /// Counted from 1 in the old file; `nil` for added lines.
    package let oldNumber: Int?
    /// Counted from 1 in the new file; `nil` for removed lines.
    package let newNumber: Int?
    /// The line without its end; bytes that are no UTF-8 became U+FFFD.
    package let text: UntrustedText
    /// The line ended in CRLF.
    package let hasCarriageReturn: Bool
    /// `false` for the last line of a file that does not end in a newline.
    package internal(set) var hasNewline: Bool

    package init(
        kind: Kind, oldNumber: Int?, newNumber: Int?, text: UntrustedText, hasCarriageReturn: Bool = false, hasNewline: Bool = true
    ) {
        self.kind = kind
        self.oldNumber = oldNumber
        self.newNumber = newNumber
        self.text = text
        self.hasCarriageReturn = hasCarriageReturn
        self.hasNewline = hasNewline
    }

    /// The number on that side; `nil` when the line does not exist there.
    package func number(on side: DiffSide) -> Int? {
        switch side {
        case .old: oldNumber
        case .new: newNumber
        }
    }
}
