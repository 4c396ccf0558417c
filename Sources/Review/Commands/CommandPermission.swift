package import Policy

/// Whether somebody may give a command.
package struct CommandPermission: Sendable {
    /// The commenter's right on the base repository, as the forge says it now: not as the payload says it.
    package enum Right: String, Sendable, Hashable, CaseIterable {
        case none, read, triage, write, maintain, admin

        var mayWrite: Bool { self == .write || self == .maintain || self == .admin }
    }

    package static func verdict(_ command: ReviewCommand, right: Right, isBot: Bool, isOurselves: Bool) -> Verdict {
        .all([
            isOurselves
                ? Verdict(.denied, because: "we do not take commands from ourselves")
                : Verdict(.allowed, because: "somebody else wrote it"),
            isBot ? Verdict(.denied, because: "a bot wrote it") : Verdict(.allowed, because: "a person wrote it"),
            rightVerdict(command, right),
        ])
    }

    private static func rightVerdict(_ command: ReviewCommand, _ right: Right) -> Verdict {
        if right.mayWrite { return Verdict(.allowed, because: "the commenter may write to the repository") }
        return Verdict(.denied, because: "the commenter may not write to the repository (\(right.rawValue))")
    }
}
