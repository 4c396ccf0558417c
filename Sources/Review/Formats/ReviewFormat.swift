package import Policy
import Basics
import Text

/// One way of writing a review to a terminal or file. A new one is a file here and a line in `all`.
package protocol ReviewFormat: Sendable {
    /// As users name it: `--format name`.
    var name: String { get }

    /// The whole output, ending in a newline.
    func render(_ report: ReviewReport) -> String
}

package enum ReviewFormats {
    package static let all: [any ReviewFormat] = [TextFormat(), JSONFormat(), MarkdownFormat(), SARIFFormat(), RDJSONFormat()]

    package static func named(_ name: String) -> (any ReviewFormat)? { all.first { $0.name == name } }
}

/// A result with what is needed to write it down.
package struct ReviewReport: Sendable {
    package let change: Change
    package let result: ReviewResult
    private let redactor: Redactor
    let hygiene: OutputHygiene

    package init(change: Change, result: ReviewResult, redactor: Redactor) {
        self.change = change
        self.result = result
        self.redactor = redactor
        hygiene = OutputHygiene(redactor: redactor)
    }

    var writing: ReviewWriting { ReviewWriting(change: change, result: result, outcome: .none) }

    /// Text from outside for a terminal or data file: no credentials, no control characters.
    func text(_ text: UntrustedText) -> String { redactor.redact(InvisibleCharacters.removed(from: text.raw)).text }

    func path(_ placement: Placement) -> String {
        text(placement.anchor.file.map { change.files[$0].diff.path } ?? placement.finding.path)
    }
}
