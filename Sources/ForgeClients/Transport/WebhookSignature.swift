import Basics
import Crypto
import Forge

/// HMAC-SHA256 in hex over the raw body, as GitHub, Gitea and Forgejo sign deliveries.
enum WebhookSignature {
    /// `values` are all values of the signature header: a second one would let two parties disagree about which counts.
    ///
    /// Every secret is tried, whichever matched, so that the time taken does not tell which one did. An empty secret never matches.
    static func verdict(values: [String], prefix: String, body: [UInt8], secrets: [Secret]) -> SignatureVerdict {
        guard let value = values.first else { return .invalid(reason: .missing) }
        guard values.count == 1 else { return .invalid(reason: .repeated) }
        guard !value.isEmpty else { return .invalid(reason: .missing) }
        guard value.utf8.count == prefix.utf8.count + 64, value.hasPrefix(prefix),
            let given = Hex.decode(value.utf8.count == 64 ? value[...] : value.dropFirst(prefix.count)), given.count == 32
        else { return .invalid(reason: .badForm) }
        var matched = false
        for secret in secrets where !secret.isEmpty {
            let expected = HMACSHA256.authenticate(body, key: secret.reveal())
            let same = ConstantTime.areEqual(given, expected)
            matched = matched || same
        }
        return matched ? .valid : .invalid(reason: .mismatch)
    }
}
