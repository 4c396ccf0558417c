import Basics
package import Forge
package import Jobs

/// Somebody commented. Only a new comment that begins with a command of ours leads to anything.
package struct CommentHandler: EventHandler {
    package init() {}

    package func decide(_ event: ForgeEvent) -> DeliveryDecision? {
        guard case .comment(let event) = event else { return nil }
        guard event.action == .created || event.action == .reviewed else {
            return .ignored(reason: "comment \(event.action.rawValue) on #\(event.number): commands count when first written")
        }
        guard let (text, command) = CommentCommands.command(in: event.body) else {
            return .ignored(reason: "comment on #\(event.number): no command")
        }
        guard event.author.kind == .user else { return .ignored(reason: "/\(command.name) on #\(event.number): no person wrote it") }
        guard event.isPullRequest || command.worksOnIssues else {
            return .ignored(reason: "/\(command.name) on #\(event.number): not on an issue")
        }
        return .handled(jobs: [AnswerCommentRequest(event, text).job], because: "/\(command.name) was asked for")
    }
}
