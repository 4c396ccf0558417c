import Basics
import Subprocess

/// What an engine's complaint means, and what to do about it.
enum ComposeFailure {
    private struct Sign {
        let words: [String]
        let kind: PreviewFailure.Kind
        let cause: String
        let nextStep: String
        var mayPass = false
    }

    /// The first that fits. Words in lower case, as docker and podman write them.
    private static let signs: [Sign] = [
        Sign(
            words: ["port is already allocated", "address already in use", "bind: address"], kind: .portConflict,
            cause: "The port that was allotted is taken by somebody else.", nextStep: "It is tried again with another one.", mayPass: true),
        Sign(
            words: ["permission denied while trying to connect", "dial unix", "got permission denied"], kind: .missingPermission,
            cause: "The server may not use the container engine.",
            nextStep: "The operator adds the server's user to the engine's group, or uses rootless podman."),
        Sign(
            words: ["cannot connect to the docker daemon", "is the docker daemon running", "cannot connect to podman"], kind: .unavailable,
            cause: "The container engine does not answer.", nextStep: "The operator starts it; it is tried again.", mayPass: true),
        Sign(
            words: [
                "pull access denied", "manifest unknown", "manifest for", "repository does not exist",
                "requested access to the resource is denied",
                "unable to pull", "initializing source", "unauthorized: authentication required",
            ], kind: .imagePull,
            cause: "An image could not be pulled.", nextStep: "Check its name and tag, and that it can be pulled without a password."),
        Sign(
            words: ["no space left on device", "cannot allocate memory", "disk quota exceeded"], kind: .noRoom,
            cause: "The machine has no room left.", nextStep: "The operator frees disk or memory, or lowers FETTLE_PREVIEW_CAP."),
    ]

    static func explained(_ done: Completion, program: String) -> PreviewFailure {
        let said = done.errorOutput.isEmpty ? done.output : done.errorOutput
        let text = String(decoding: said, as: UTF8.self).lowercased()
        let excerpt = LogExcerpt.end(of: said)
        if let sign = signs.first(where: { sign in sign.words.contains { text.contains($0) } }) {
            return PreviewFailure(sign.kind, cause: sign.cause, nextStep: sign.nextStep, excerpt: excerpt, mayPass: sign.mayPass)
        }
        return PreviewFailure(
            .buildFailed, cause: "`\(program)` failed.",
            nextStep: "Read its last lines, mend them, and push; or comment `/preview` to try again.",
            excerpt: excerpt)
    }
}
