import Basics
import Crypto
package import Forge

/// Something others will see: a comment, a review, a check run, an issue. Known by a key that every attempt computes alike.
package struct Effect: Sendable, Hashable {
    /// E.g. `summary:github:owner/name#12`. The same key means the same object on the forge.
    package let stableKey: String
    /// `comment`, `review`, `check`, …
    package let kind: String
    /// SHA-256 of what is to be there: the same content is never sent twice.
    package let digest: String

    package init(stableKey: String, kind: String, content: [UInt8]) {
        self.stableKey = stableKey
        self.kind = kind
        digest = SHA256.hex(of: content)
    }

    package init(stableKey: String, kind: String, content: String) {
        self.init(stableKey: stableKey, kind: kind, content: Array(content.utf8))
    }

    /// As a row remembers it.
    init(stableKey: String, kind: String, digest: String) {
        self.stableKey = stableKey
        self.kind = kind
        self.digest = digest
    }
}

/// How an effect came to stand.
package struct EffectReceipt: Sendable, Hashable {
    package enum Way: String, Sendable {
        /// Confirmed before with the same content: nothing was sent.
        case unchanged
        /// An earlier send, whose answer was lost, had arrived: our marker was found.
        case found
        case created
        case updated
    }

    /// The forge's id of the object.
    package let remoteID: String
    package let way: Way

    package init(remoteID: String, way: Way) {
        self.remoteID = remoteID
        self.way = way
    }
}

package enum EffectState: String, Sendable, Hashable {
    /// Decided, and certainly not under way.
    case intended
    /// Sent, answer not known: it may be there.
    case sending
    case confirmed
}

/// Whether a failed send may have changed something all the same.
package protocol SendFailure: Error {
    var mayHaveHappened: Bool { get }
}

extension ForgeError: SendFailure {
    package var mayHaveHappened: Bool {
        switch self {
        case .ambiguous, .serverFailed, .malformedReply, .cancelled: true
        case .unreachable, .unauthorized, .forbidden, .notFound, .rateLimited, .refused, .tooLarge: false
        }
    }
}
