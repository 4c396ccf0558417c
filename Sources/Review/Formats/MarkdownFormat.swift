import Basics
import Forge
import Policy

/// The summary as a forge would show it, with every finding in it: for step summaries and files.
package struct MarkdownFormat: ReviewFormat {
    package let name = "markdown"

    package init() {}

    package func render(_ report: ReviewReport) -> String {
        let writing = report.writing
        let inline = report.result.placements.filter { $0.disposition == .inline }
        let comments = inline.reduce(into: Markdown()) { $0 += .together(["#### \(writing.location($1))", writing.comment($1)]) }
        return report.hygiene.publish(writing.summary + comments, limit: .kibibytes(900)).text + "\n"
    }
}
