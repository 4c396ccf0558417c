import Basics
import Forge
import Policy

/// Whether somebody may give a command: asked of the forge now, not taken from the payload.
enum CommandPermission {
    static func verdict(_ command: any CommentCommand, author: Account, may permission: RepositoryPermission, isOurselves: Bool) -> Verdict
    {
        .all([
            isOurselves
                ? Verdict(.denied, because: "we take no commands from ourselves") : Verdict(.allowed, because: "somebody else wrote it"),
            author.kind == .user ? Verdict(.allowed, because: "a person wrote it") : Verdict(.denied, because: "no person wrote it"),
            permission >= command.permission
                ? Verdict(.allowed, because: "the commenter's right is enough")
                : Verdict(.denied, because: "the commenter's right is not enough (\(permission))"),
        ])
    }
}
