package import Text

/// Text that passed redaction and output hygiene. Only Policy makes one, so nothing is published around it.
package struct PublishableText: Sendable, Hashable {
    package let text: String

    /// Called by `Policy` alone; a test over the sources keeps it so.
    package init(checked text: String) {
        self.text = text
    }
}

/// A review to post in one request: comments on lines, and a body.
///
/// There is no verdict to choose: it is always a plain comment. We never approve and never request changes.
package struct ReviewDraft: Sendable, Hashable {
    package struct Comment: Sendable, Hashable {
        package let path: String
        package let side: DiffSide
        /// First line of a range in the same hunk; `nil` for a single line.
        package let startLine: Int?
        /// Counted from 1 in the file of `side`; the last line of a range.
        package let line: Int
        package let body: PublishableText

        package init(path: String, side: DiffSide, startLine: Int?, line: Int, body: PublishableText) {
            self.path = path
            self.side = side
            self.startLine = startLine
            self.line = line
            self.body = body
        }
    }

    package let commit: CommitID
    package let body: PublishableText
    package let comments: [Comment]

    package init(commit: CommitID, body: PublishableText, comments: [Comment]) {
        self.commit = commit
        self.body = body
        self.comments = comments
    }
}

/// The state of our check on a commit. Where a forge has no check runs, a commit status carries it.
package struct CheckDraft: Sendable, Hashable {
    package enum Conclusion: String, Sendable, Codable {
        case success, failure, neutral, cancelled, skipped
    }

    package enum Status: Sendable, Hashable {
        case inProgress
        case completed(Conclusion)
    }

    package struct Annotation: Sendable, Hashable {
        package enum Level: String, Sendable, Codable {
            case notice, warning, failure
        }

        package let path: String
        package let startLine: Int
        package let endLine: Int
        package let level: Level
        package let title: PublishableText
        package let message: PublishableText

        package init(path: String, startLine: Int, endLine: Int, level: Level, title: PublishableText, message: PublishableText) {
            self.path = path
            self.startLine = startLine
            self.endLine = endLine
            self.level = level
            self.title = title
            self.message = message
        }
    }

    /// The name branch protection refers to, e.g. `fettle / review`.
    package let name: String
    package let commit: CommitID
    package let status: Status
    package let title: PublishableText
    package let summary: PublishableText
    /// Any number: the client sends them in as many calls as the forge needs.
    package let annotations: [Annotation]
    /// Our own key, given back by the forge: how a probe after a lost answer finds what was made.
    package let externalID: String

    package init(
        name: String, commit: CommitID, status: Status, title: PublishableText, summary: PublishableText, annotations: [Annotation],
        externalID: String
    ) {
        self.name = name
        self.commit = commit
        self.status = status
        self.title = title
        self.summary = summary
        self.annotations = annotations
        self.externalID = externalID
    }
}
