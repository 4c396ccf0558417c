package import Basics

/// Compact signed tokens. Source: RFC 7515, RFC 7519; refused on principle: RFC 8725 §3.1, §3.2
package enum JSONWebToken {
    package static func sign(_ claims: [String: JSONValue], with key: SigningKey, keyID: String? = nil) throws(CryptoError) -> String {
        var header: [String: JSONValue] = ["alg": .string(key.algorithm.rawValue), "typ": "JWT"]
        if let keyID { header["kid"] = .string(keyID) }
        let signed = part(.object(header)) + "." + part(.object(claims))
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    /// The claims of a token this key signed, within its time.
    ///
    /// `exp` must be there; `nbf` is honoured. `leeway` allows for clocks that differ. Issuer and audience are the caller's to check.
    package static func verify(
        _ token: String, with key: VerificationKey, at now: Timestamp, leeway: Duration = .seconds(60)
    ) throws(CryptoError) -> JSONValue {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 16_384, parts.count == 3, let signature = Base64URL.decode(parts[2]) else {
            throw .invalidToken(reason: "not three base64url parts")
        }
        let header = try document(parts[0])
        guard header["alg"]?.string == key.algorithm.rawValue else {
            throw .invalidToken(reason: "not signed with \(key.algorithm.rawValue)")
        }
        guard header["crit"] == nil else { throw .invalidToken(reason: "it demands extensions we do not know") }
        guard key.accepts(signature, of: Array("\(parts[0]).\(parts[1])".utf8)) else {
            throw .invalidToken(reason: "the signature does not match")
        }
        let claims = try document(parts[1])
        try checkTime(claims, at: Double(now.microseconds) / 1_000_000, leeway: leeway.inSeconds)
        return claims
    }

    private static func checkTime(_ claims: JSONValue, at now: Double, leeway: Double) throws(CryptoError) {
        guard let expiry = claims["exp"]?.double else { throw .invalidToken(reason: "it has no expiry") }
        guard now < expiry + leeway else { throw .invalidToken(reason: "it has expired") }
        if let start = claims["nbf"]?.double, now < start - leeway { throw .invalidToken(reason: "it is not valid yet") }
    }

    private static func part(_ value: JSONValue) -> String { Base64URL.encode(value.serialized()) }

    private static func document(_ part: Substring) throws(CryptoError) -> JSONValue {
        guard let bytes = Base64URL.decode(part), let value = try? JSONValue(parsing: bytes), value.object != nil else {
            throw .invalidToken(reason: "a part is not a JSON object")
        }
        return value
    }
}
