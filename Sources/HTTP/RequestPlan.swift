package import Basics

/// What the server has to know of a request before its body is there.
package struct RequestPlan: Sendable {
    /// A longer body takes too long to be looked at on the thread that reads for everybody.
    package static let longestBriefBody = ByteCount.kibibytes(256)

    /// What log lines and metrics call such a request: the route's pattern, never the path, so that the set stays small.
    package let route: String
    /// The largest body that is read; the server answers 413 beyond it, before reading on.
    package let bodyLimit: ByteCount
    /// Everything done for it between suspensions takes microseconds: then the thread that read it begins at once, whoever ends a wait
    /// goes on, and no other thread is woken. Not for bodies beyond `longestBriefBody`.
    package let isBrief: Bool

    package init(route: String = "other", bodyLimit: ByteCount, isBrief: Bool = false) {
        self.route = route
        self.bodyLimit = bodyLimit
        self.isBrief = isBrief
    }
}
