package import Basics

/// Why an environment did not come up or go down: what happened, what to do next, and the lines that show it.
package struct PreviewFailure: Error, Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case buildFailed = "build_failed"
        case timedOut = "timed_out"
        case noAddress = "no_address"
        case notAllowed = "not_allowed"
        case misconfigured
        case noRoom = "no_room"
        case quota
        case imagePull = "image_pull"
        case crashLoop = "crash_loop"
        case portConflict = "port_conflict"
        case missingPermission = "missing_permission"
        case source
        case database
        case unavailable
        case overtaken
    }

    package let kind: Kind
    /// One sentence in our own words.
    package let cause: String
    /// What a person does about it; one sentence.
    package let nextStep: String
    /// The end of a log, events, or standard error, as somebody else wrote it.
    package let excerpt: UntrustedText
    /// The same call may succeed later without anybody changing anything: the job is tried again.
    package let mayPass: Bool

    package init(_ kind: Kind, cause: String, nextStep: String, excerpt: UntrustedText = "", mayPass: Bool = false) {
        self.kind = kind
        self.cause = cause
        self.nextStep = nextStep
        self.excerpt = excerpt
        self.mayPass = mayPass
    }
}

extension PreviewFailure: CustomStringConvertible {
    /// Without the excerpt: for logs and errors of jobs.
    package var description: String { "\(cause) \(nextStep)" }
}
