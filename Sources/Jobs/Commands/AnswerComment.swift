import Basics
package import Forge
import Policy
import Review

/// Carries out a command that somebody gave in a comment: permission → arguments → action → one answer.
package struct AnswerComment: JobHandler {
    package let kind = AnswerCommentRequest.kind
    private let forges: any ForgeAccess
    private let tools: CommandTools
    private let marker: EffectMarker?

    package init(forges: any ForgeAccess, tools: CommandTools, marker: EffectMarker?) {
        self.forges = forges
        self.tools = tools
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: AnswerCommentRequest.self)
        guard let command = CommentCommands.named(request.text.name) else { return .done }
        let client = try await forges.client(for: request.repository)
        let reference = PullRequestReference(repository: request.repository, number: request.number)
        let marks = ReviewMarks(marker: marker, pullRequest: reference)
        let invocation = CommandInvocation(request: request, client: client, job: job, tools: tools, marks: marks, marker: marker)
        let reply = CommandReply(invocation: invocation, hygiene: OutputHygiene(redactor: tools.redactor))
        let verdict = try await verdict(on: command, request, client)
        guard verdict.isAllowed else {
            try await audit("command.refused", request, job, because: verdict.because)
            try await reply.react(.disagree)
            return .done
        }
        if try await reply.isGiven() { return .done }
        let answer = try await answer(to: request, command, invocation)
        try await reply.give(answer)
        try await audit("command.done", request, job, because: verdict.because)
        return .done(next: answer.jobs)
    }

    private func answer(to request: AnswerCommentRequest, _ command: any CommentCommand, _ invocation: CommandInvocation) async throws
        -> CommandAnswer
    {
        let action: any CommandAction
        do throws(UnusableCommand) {
            action = try CommentCommands.read(request.text, by: command)
        } catch {
            return CommandAnswer(.prose(UntrustedText("\(error.sentence) As in: `\(command.usage)`")))
        }
        return try await action.run(invocation)
    }

    private func verdict(on command: any CommentCommand, _ request: AnswerCommentRequest, _ client: any ForgeClient) async throws -> Verdict
    {
        guard let reader = client as? any PermissionReader, let answerer = client as? any CommentAnswerer else {
            return Verdict(.denied, because: "this forge does not say who may do what")
        }
        let permission = try await reader.permission(of: request.author.login, in: request.repository)
        // Nobody else is worth the question.
        let isOurs = try await permission >= command.permission ? answerer.isOurs(request.author) : false
        return CommandPermission.verdict(command, author: request.author, may: permission, isOurselves: isOurs)
    }

    private func audit(_ action: String, _ request: AnswerCommentRequest, _ job: JobContext, because reason: String) async throws {
        let subject = PullRequestReference(repository: request.repository, number: request.number).key
        let login = tools.redactor.redact(request.author.login.raw).text
        try await job.audit(
            action, subject: subject,
            detail: ["command": .string(request.text.name), "by": .string(login), "because": .string(reason)])
    }
}
