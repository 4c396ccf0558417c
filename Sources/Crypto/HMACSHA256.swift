import COpenSSL

/// Source: RFC 2104, FIPS 198-1
package enum HMACSHA256 {
    /// 32 bytes.
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        guard let context = EVP_MAC_CTX_dup(Algorithms.hmacTemplate.pointer) else { preconditionFailure("no memory for an HMAC") }
        defer { EVP_MAC_CTX_free(context) }
        // An empty array may have no address, and OpenSSL would then keep the template's key; HMAC pads keys with zeros anyway.
        let key = key.isEmpty ? [0] : key
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        let done =
            EVP_MAC_init(context, key, key.count, nil) == 1 && EVP_MAC_update(context, message, message.count) == 1
            && EVP_MAC_final(context, &code, &length, 32) == 1
        precondition(done && length == 32, "an HMAC of bytes in memory cannot fail")
        return code
    }

    package static func authenticate(_ message: [UInt8], key: String) -> [UInt8] { authenticate(message, key: Array(key.utf8)) }
}

package enum ConstantTime {
    /// Whether both hold the same bytes, in a time that depends on the length alone.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }

    /// The same for texts, such as bearer tokens: their lengths stay hidden too, because digests are compared.
    package static func areEqual(_ a: String, _ b: String) -> Bool {
        areEqual(SHA256.digest(of: Array(a.utf8)), SHA256.digest(of: Array(b.utf8)))
    }
}
