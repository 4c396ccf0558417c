import Basics
import Forge
import Policy
import Review

/// `/ignore reason` in a thread of ours: this finding is not raised again in the repository, for as long as dismissals last.
struct IgnoreCommand: CommentCommand {
    let name = "ignore"
    let argument = "reason"
    let meaning = "in a thread of mine: do not raise this again"

    func read(_ argument: UntrustedText) throws(UnusableCommand) -> any CommandAction {
        if argument.raw.isEmpty { throw UnusableCommand("`/ignore` needs a reason behind it.") }
        return Ignore(reason: argument)
    }

    private struct Ignore: CommandAction {
        let reason: UntrustedText

        func run(_ invocation: CommandInvocation) async throws -> CommandAnswer {
            let thread = try await invocation.thread()
            guard let fingerprint = invocation.marks.finding(in: thread) else {
                return CommandAnswer("`/ignore` belongs in the thread of one of my comments: it dismisses what that comment is about.")
            }
            let pullRequest = ReviewRequest.concurrencyKey(invocation.pullRequest)
            let (repository, login, now) = (invocation.repository, invocation.login, invocation.job.clock.now)
            let path = thread.first?.path.raw ?? ""
            let kept = UntrustedText(invocation.tools.redactor.redact(reason.raw).text)
            let expires = now + ReviewMemory.dismissalLength
            try await invocation.job.write { transaction in
                var finding =
                    try ReviewMemory.finding(fingerprint, in: pullRequest, transaction)
                    ?? RememberedFinding(fingerprint: fingerprint, path: path, state: .dismissed)
                finding.state = .dismissed
                finding.reason = kept
                finding.expires = expires
                try ReviewMemory.dismiss(finding, in: repository, by: login, at: now, transaction)
            }
            return CommandAnswer(
                "Dismissed: I do not raise this again in this repository, until \(word: String(expires.iso8601.prefix(10))). `fettle review dismissals` lists what is dismissed."
            )
        }
    }
}
