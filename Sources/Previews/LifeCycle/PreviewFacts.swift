import Basics
package import Forge

/// What the forge shows of a pull request now, as far as a preview depends on it.
package struct PreviewFacts: Sendable, Hashable {
    package var isOpen: Bool
    package var isDraft: Bool
    package var isFork: Bool
    package var head: CommitID
    package var labels: Set<String>
    /// A changed file matches `preview.paths`; only asked when the settings name paths.
    package var touchesPaths: Bool

    package init(
        isOpen: Bool, isDraft: Bool = false, isFork: Bool = false, head: CommitID, labels: Set<String> = [], touchesPaths: Bool = false
    ) {
        self.isOpen = isOpen
        self.isDraft = isDraft
        self.isFork = isFork
        self.head = head
        self.labels = labels
        self.touchesPaths = touchesPaths
    }

    package init(_ pull: PullRequest, touchesPaths: Bool) {
        self.init(
            isOpen: pull.state == .open, isDraft: pull.isDraft, isFork: pull.isFromFork, head: pull.head.commit,
            labels: Set(pull.labels.map(\.raw)), touchesPaths: touchesPaths)
    }
}

/// What a maintainer asks of a preview in a comment, or an operator at the command line.
package enum PreviewCommand: Sendable, Hashable {
    case start
    case stop
    case extend(by: Duration)
    /// Digits the approval names; empty binds it to the head that was announced as waiting.
    case approve(prefix: String)
}

package enum PreviewEvent: Sendable, Hashable {
    /// The pull request was read: after a delivery of any kind, at the hourly look, after a restart.
    case seen(PreviewFacts)
    /// It cannot be read any more and waiting will not help: the App was removed, a right was taken away, the repository is gone.
    case unreadable
    case asked(PreviewCommand)
    /// The driver's answers.
    case cameUp(address: String)
    case failed(PreviewFailure)
    case wentDown
}

package enum PreviewAction: Sendable, Hashable {
    case bringUp(CommitID)
    case takeDown
}
