package import Forge
package import Policy
import Basics

/// Whether a pull request is reviewed at all.
package enum SkipDecision {
    /// `isAskedFor`: somebody who may write to the repository wants it reviewed; only the pull request's end is then a reason not to.
    package static func verdict(_ pullRequest: PullRequest, _ settings: RepositorySettings, isAskedFor: Bool = false) -> Verdict {
        let isOpen = check(pullRequest.state == .open, "it is not open")
        if isAskedFor { return .all([isOpen, Verdict(.allowed, because: "somebody asked for it")]) }
        return .all([
            check(settings.isEnabled, "the repository's settings switch reviews off"),
            check(!(pullRequest.isDraft && settings.skips.drafts), "it is a draft"),
            check(!(pullRequest.author.kind == .bot && settings.skips.bots), "a bot opened it"),
            check(!pullRequest.labels.contains { settings.skips.labels.contains($0.raw) }, "it has a label that the settings skip"),
            check(!settings.skips.titles.contains { pullRequest.title.raw.hasPrefix($0) }, "its title begins as the settings skip"),
            isOpen,
        ])
    }

    private static func check(_ passes: Bool, _ reason: String) -> Verdict {
        passes ? Verdict(.allowed, because: "not so: \(reason)") : Verdict(.denied, because: reason)
    }
}
