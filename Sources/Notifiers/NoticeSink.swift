import Basics

/// Somewhere a notice goes.
///
/// Contract, kept by the conformance suite: one message on the wire for one call, sent again only where the receiver certainly did not
/// take it; no credential in any error; a refusal says what an operator can do.
package protocol NoticeSink: Sendable {
    /// `slack`, `webhook`: part of the key under which a sending is remembered.
    var name: String { get }
    /// The receiver takes a notice it has seen for the same one: then it is sent again when an answer was lost.
    var knowsRepeats: Bool { get }

    /// - Parameter thread: what the first notice about the subject returned; `nil` for the first.
    /// - Returns: the receiver's id of the message.
    func send(_ notice: Notice, thread: String?) async throws(NoticeError) -> String
}

package enum NoticeError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreachable(sink: String, reason: String)
    /// Sent, and no answer came: it may have arrived.
    case ambiguous(sink: String, reason: String)
    case limited(sink: String, retryAfter: Duration)
    case refused(sink: String, reason: String)

    package var description: String {
        switch self {
        case .unreachable(let sink, let reason): "\(sink) cannot be reached: \(reason)"
        case .ambiguous(let sink, let reason): "\(sink) gave no answer (\(reason)); the message may have arrived"
        case .limited(let sink, let wait): "\(sink) asks to wait for \(wait.components.seconds) s"
        case .refused(let sink, let reason): "\(sink) refused the message: \(reason)"
        }
    }
}
