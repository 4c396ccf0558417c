import Basics
package import Forge
package import Policy
import Review

/// A thread on a line that somebody resolved, or opened again.
package struct ResolveThreadRequest: Sendable, Hashable, Codable {
    package static let kind = "resolve-thread"

    package let pullRequest: PullRequestReference
    package let isResolved: Bool
    package let comments: [Int64]
    package let sender: Account

    package init(_ event: ReviewThreadEvent) {
        pullRequest = event.pullRequest
        isResolved = event.isResolved
        comments = Array(event.comments.prefix(200))
        sender = event.sender
    }

    package var job: JobRequest {
        JobRequest(
            kind: Self.kind, lane: .review, payload: JSONValue(encoding: self),
            concurrencyKey: "\(Self.kind):\(ReviewRequest.concurrencyKey(pullRequest))", maxAttempts: JobRequest.outlastingOutage)
    }
}

/// Remembers that a finding's thread was resolved: it counts no more, and is not raised again while its code stays as it is.
///
/// The author of a pull request may resolve threads without being allowed to write: that changes nothing here.
package struct ResolveThread: JobHandler {
    package let kind = ResolveThreadRequest.kind
    private let forges: any ForgeAccess
    private let redactor: Redactor
    private let marker: EffectMarker?

    package init(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker?) {
        self.forges = forges
        self.redactor = redactor
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ResolveThreadRequest.self)
        let client = try await forges.client(for: request.pullRequest.repository)
        let pullRequest = ReviewRequest.concurrencyKey(request.pullRequest)
        guard let reader = client as? any PermissionReader,
            try await reader.permission(of: request.sender.login, in: request.pullRequest.repository) >= .write
        else {
            try await job.audit("thread.left", subject: pullRequest, detail: ["because": "who resolved it may not write"])
            return .done
        }
        let marks = ReviewMarks(marker: marker, pullRequest: request.pullRequest)
        let thread = try await client.reviewComments(on: request.pullRequest).filter { request.comments.contains($0.id) }
        guard let fingerprint = marks.finding(in: thread) else { return .done }
        let isResolved = request.isResolved
        try await job.write { try ReviewMemory.setResolved(isResolved, fingerprint, in: pullRequest, $0) }
        let login = redactor.redact(request.sender.login.raw).text
        try await job.audit(
            isResolved ? "thread.resolved" : "thread.reopened", subject: pullRequest,
            detail: ["finding": .string(fingerprint.text), "by": .string(login)])
        return .done
    }
}
