package import Basics

/// Which changed lines were read by the model, and which were not and why. Rules read everything that was given.
package struct Coverage: Sendable, Hashable {
    package struct Gap: Sendable, Hashable {
        package let path: UntrustedText
        package let reason: String
        /// Changed lines concerned; 0 where the source gave none.
        package let lines: Int
        /// Nobody wanted these lines read: binary, generated, filtered. Not a lack.
        package let isIntended: Bool
    }

    package var files = 0
    package var changedLines = 0
    package var readLines = 0
    package var gaps: [Gap] = []

    package init() {}

    /// Everything that was to be read was read.
    package var isComplete: Bool { gaps.allSatisfy(\.isIntended) }

    /// Of the changed lines that were to be read, 0...1.
    package var share: Double {
        let wanted = changedLines - gaps.reduce(0) { $0 + ($1.isIntended ? $1.lines : 0) }
        return wanted <= 0 ? 1 : min(1, Double(readLines) / Double(wanted))
    }
}
