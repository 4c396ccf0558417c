import Basics
package import Forge
package import Previews

/// What a preview job is asked: look at one pull request, and obey one command before.
package struct PreviewRequest: Sendable, Hashable, Codable {
    package static let kind = "preview"

    package let pullRequest: PullRequestReference
    /// The words behind `/preview`, of somebody who may command; obeyed once however often the job is tried. `nil`: only look.
    package let ask: [String]?

    package init(pullRequest: PullRequestReference, ask: [String]? = nil) {
        self.pullRequest = pullRequest
        self.ask = ask
    }

    var command: PreviewCommand? {
        guard let ask, case .command(let command) = PreviewCommandReader.read(arguments: ask) else { return nil }
        return command
    }

    /// One at a time for each pull request. An older one is not superseded: it might be in the middle of bringing the same head up, and a
    /// job that finds nothing to do costs one look.
    package var job: JobRequest {
        JobRequest(
            kind: Self.kind, lane: .previews, payload: JSONValue(encoding: self), concurrencyKey: Self.concurrencyKey(pullRequest),
            maxAttempts: 6)
    }

    static func concurrencyKey(_ pull: PullRequestReference) -> String { "preview:\(PreviewIdentity(pull))" }
}

/// Our check on a preview's head.
package enum PreviewCheck {
    package static let name = "fettle / preview"
}

extension PreviewFailure: RetryAdvising {
    package var retryAdvice: RetryAdvice { mayPass ? .afterBackoff : .never }
}
