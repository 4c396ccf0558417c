import Basics
import Forge
import Policy
import Review

/// The one answer to a command, where the command stands. Given once, over crashes and repeats.
struct CommandReply: Sendable {
    let invocation: CommandInvocation
    let hygiene: OutputHygiene

    private var request: AnswerCommentRequest { invocation.request }
    private var job: JobContext { invocation.job }
    private var client: any ForgeClient { invocation.client }

    /// What the answer is known by: the comment it answers, or the job where the forge does not name the comment.
    private var name: String {
        "fettle answer=\(request.comment.map { "\(request.isOnLine ? "line-" : "")\($0)" } ?? job.job.id.rawValue)"
    }
    private var stableKey: String { "answer:\(ReviewRequest.concurrencyKey(invocation.pullRequest)) \(name)" }
    private var mark: String { "<!-- \(invocation.marks.sign(name)) -->" }

    /// An earlier attempt answered: the action, which may cost money, need not run again.
    func isGiven() async throws -> Bool { try await job.effects.remoteID(of: stableKey) != nil }

    func give(_ answer: CommandAnswer) async throws {
        if let text = answer.text { try await say(text) }
        if let reaction = answer.reaction { try await react(reaction) }
    }

    /// A sign on the comment. Nobody is told anything where the forge does not name the comment.
    func react(_ reaction: Reaction) async throws {
        guard let comment = request.comment, let answerer = client as? any CommentAnswerer else { return }
        let effect = Effect(stableKey: "reaction \(stableKey)", kind: "reaction", content: reaction.rawValue)
        do {
            _ = try await job.effects.perform(effect, probe: { nil }) { _ in
                try await answerer.react(reaction, to: comment, isOnLine: request.isOnLine, in: request.repository)
                return "\(comment)"
            }
        } catch ForgeError.forbidden, ForgeError.notFound {
            // The comment is gone, or reactions are not for us: what was asked is done all the same.
        }
    }

    private func say(_ text: Markdown) async throws {
        let body = hygiene.publish(text + .marker(invocation.marks.sign(name)))
        let thread = try await invocation.thread()
        let effect = Effect(stableKey: stableKey, kind: "comment", content: body.text)
        let probe: EffectStore.Probe = { try await find(isInThread: !thread.isEmpty) }
        _ = try await job.effects.perform(effect, probe: probe) { known in
            if let known { return known }
            if let first = thread.first, let answerer = client as? any CommentAnswerer {
                return String(try await answerer.reply(to: first, on: invocation.pullRequest, body))
            }
            return String(try await client.createComment(on: invocation.pullRequest, body))
        }
    }

    private func find(isInThread: Bool) async throws -> String? {
        if isInThread {
            let comments = try await client.reviewComments(on: invocation.pullRequest)
            return comments.first { $0.isOurs && $0.body.raw.contains(mark) }.map { String($0.id) }
        }
        let comments = try await client.comments(on: invocation.pullRequest)
        return comments.first { $0.isOurs && $0.body.raw.contains(mark) }.map { String($0.id) }
    }
}
