import Basics
package import Forge

/// A comment that gives a command, on its way to being answered.
package struct AnswerCommentRequest: Sendable, Hashable, Codable {
    package static let kind = "answer-comment"

    package let repository: RepositoryReference
    package let number: Int
    package let isPullRequest: Bool
    /// `nil` where the forge does not name it: Gitea tells of comments on lines without them.
    package let comment: Int64?
    /// The first comment of the thread it stands in; `nil` in the conversation, and where the forge does not say.
    package let thread: Int64?
    /// It is told as a review: it may stand in a thread all the same.
    package let isReview: Bool
    package let author: Account
    package let text: CommandText

    package init(_ event: CommentEvent, _ text: CommandText) {
        repository = event.repository
        number = event.number
        isPullRequest = event.isPullRequest
        comment = event.commentID
        thread = event.thread
        isReview = event.action == .reviewed
        author = event.author
        self.text = text
    }

    /// The job that answers it: once for each comment, in the order they came.
    package var job: JobRequest {
        let place = PullRequestReference(repository: repository, number: number).key
        return JobRequest(
            kind: Self.kind, lane: .review, payload: JSONValue(encoding: self),
            uniqueKey: comment.map { "\(Self.kind):\(place):\(isOnLine ? "line" : "conversation"):\($0)" }, uniqueness: .forever,
            concurrencyKey: "\(Self.kind):\(place)", maxAttempts: JobRequest.outlastingOutage, priority: 5)
    }

    package var isOnLine: Bool { thread != nil }
}
