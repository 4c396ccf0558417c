package import Forge
package import Policy
import Basics

/// Whether a pull request is reviewed at all.
package enum SkipDecision {
    package static func verdict(_ pullRequest: PullRequest, _ settings: RepositorySettings) -> Verdict {
        .all([
            check(settings.isEnabled, "the repository's settings switch reviews off"),
            check(!(pullRequest.isDraft && settings.skips.drafts), "it is a draft"),
            check(!(pullRequest.author.kind == .bot && settings.skips.bots), "a bot opened it"),
            check(!pullRequest.labels.contains { settings.skips.labels.contains($0.raw) }, "it has a label that the settings skip"),
            check(!settings.skips.titles.contains { pullRequest.title.raw.hasPrefix($0) }, "its title begins as the settings skip"),
            check(pullRequest.state == .open, "it is not open"),
        ])
    }

    private static func check(_ passes: Bool, _ reason: String) -> Verdict {
        passes ? Verdict(.allowed, because: "not so: \(reason)") : Verdict(.denied, because: reason)
    }
}
