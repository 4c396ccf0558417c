package import Basics
import COpenSSL

/// How a key signs. The key decides, never the token: a token that names another algorithm is refused.
package enum SignatureAlgorithm: String, Sendable {
    /// RSA PKCS#1 v1.5 with SHA-256.
    case rs256 = "RS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
}

/// A private key.
package struct SigningKey: Sendable {
    package let algorithm: SignatureAlgorithm
    let handle: KeyHandle

    /// Reads an unencrypted PEM private key (PKCS#1, SEC1 or PKCS#8): RSA of 2,048 bits or more, or EC on P-256.
    package init(pem: Secret) throws(CryptoError) {
        let text = pem.reveal()
        handle = try PEM.read(text, expected: "private") { PEM_read_bio_PrivateKey($0, nil, PEM.noPassphrase, nil) }
        algorithm = try handle.algorithm()
    }

    /// The other half: what a receiver checks signatures with.
    package var verificationKey: VerificationKey { VerificationKey(algorithm: algorithm, handle: handle) }
}

/// A public key.
package struct VerificationKey: Sendable {
    package let algorithm: SignatureAlgorithm
    let handle: KeyHandle

    /// Reads a PEM public key (`BEGIN PUBLIC KEY`).
    package init(pem: String) throws(CryptoError) {
        handle = try PEM.read(pem, expected: "public") { PEM_read_bio_PUBKEY($0, nil, PEM.noPassphrase, nil) }
        algorithm = try handle.algorithm()
    }

    init(algorithm: SignatureAlgorithm, handle: KeyHandle) {
        self.algorithm = algorithm
        self.handle = handle
    }
}

/// Owns one `EVP_PKEY`.
///
/// Safe to share: after reading, the key is only used by signing and verifying, which do not change it.
/// Source: openssl.org/docs/man3.0/man7/openssl-threads.html
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    func algorithm() throws(CryptoError) -> SignatureAlgorithm {
        switch EVP_PKEY_get_base_id(pointer) {
        case EVP_PKEY_RSA:
            let bits = EVP_PKEY_get_bits(pointer)
            guard bits >= 2048 else { throw .unsupportedKey(reason: "RSA of \(bits) bits; 2048 or more are needed") }
            return .rs256
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            let known = EVP_PKEY_get_group_name(pointer, &name, name.count, &length) == 1
            let group = known ? String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) : "an unnamed curve"
            guard group == "prime256v1" else { throw .unsupportedKey(reason: "EC on \(group); only P-256 is used") }
            return .es256
        default:
            throw .unsupportedKey(reason: "neither RSA nor EC")
        }
    }
}
