package import Basics
package import HTTP

/// How one forge signs and words its deliveries. Verification reads raw bytes only; decoding happens later, from the inbox,
/// except for what a glance can tell.
package protocol WebhookDialect: Sendable {
    var forge: ForgeKind { get }

    /// Checks the signature over the raw body, in constant time, against each of one or two secrets. Never optional, fails closed.
    func verify(headers: HTTPHeaders, body: [UInt8], secrets: [Secret]) -> SignatureVerdict

    /// The headers `envelope` reads. Each may come once: of two, somebody between could have added one.
    var identifyingHeaders: [String] { get }

    /// What identifies the delivery: only headers, no parsing. `nil` fields were absent.
    func envelope(headers: HTTPHeaders) -> DeliveryEnvelope

    /// The event of a verified body when a glance tells that nobody acts on such ones, else `nil`: most of what a forge sends.
    ///
    /// What it gives is what `decode` gives.
    func unhandled(event: String, body: [UInt8]) -> ForgeEvent?

    /// The event in a verified body. The event name is not signed, so a decoder checks that the shape fits it.
    func decode(event: String, body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent
}

package enum SignatureVerdict: Sendable, Hashable {
    case valid
    case invalid(reason: Reason)

    package enum Reason: String, Sendable {
        case missing = "no signature header"
        case outdated = "only a SHA-1 signature"
        case repeated = "more than one signature header"
        case badForm = "signature header has the wrong form"
        case mismatch = "signature does not match"

        /// What whoever set the hook up can do about it.
        package var advice: String {
            switch self {
            case .missing: "set the hook's secret to the one configured here"
            case .outdated: "let the SHA-256 one through; the forge sends both, so something between drops it"
            case .repeated: "send it once; the forge does, so something between adds another"
            case .badForm: "let the header through as the forge sent it"
            case .mismatch: "check that the hook's secret is the one configured here, and that nothing between changes the body"
            }
        }
    }
}

package struct DeliveryEnvelope: Sendable, Hashable {
    package let deliveryID: String?
    package let event: String?
    /// The hook's own id where the forge sends it, else empty.
    package let hook: String

    package init(deliveryID: String?, event: String?, hook: String) {
        self.deliveryID = deliveryID
        self.event = event
        self.hook = hook
    }
}

/// A verified body that is not what its event name says.
package struct MalformedDelivery: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { reason }
}
