import COpenSSL

extension SigningKey {
    /// The signature as JSON Web Tokens carry it: for ES256 the two 32-byte numbers, not DER. Source: RFC 7518 §3.3, §3.4
    func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let operation = "signing with \(algorithm.rawValue)"
        guard let context = EVP_MD_CTX_new() else { throw .operationFailed(operation: operation, reason: "no memory") }
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        guard EVP_DigestSignInit(context, nil, Algorithms.sha256.pointer, nil, handle.pointer) == 1,
            EVP_DigestSign(context, nil, &length, message, message.count) == 1
        else { throw .operationFailed(operation: operation, reason: Algorithms.takeError()) }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw .operationFailed(operation: operation, reason: Algorithms.takeError())
        }
        let bytes = Array(signature.prefix(length))
        guard algorithm == .es256 else { return bytes }
        guard let pair = ECDSASignature.pair(fromDER: bytes) else {
            throw .operationFailed(operation: operation, reason: Algorithms.takeError())
        }
        return pair
    }
}

extension VerificationKey {
    func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let signature = algorithm == .es256 ? ECDSASignature.der(fromPair: signature) : signature,
            let context = EVP_MD_CTX_new()
        else { return false }
        defer { EVP_MD_CTX_free(context) }
        let verified =
            EVP_DigestVerifyInit(context, nil, Algorithms.sha256.pointer, nil, handle.pointer) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        // A wrong signature leaves entries in the thread's error queue that a later call would report as its own.
        ERR_clear_error()
        return verified
    }
}

/// Between OpenSSL's DER and the plain pair of numbers.
private enum ECDSASignature {
    static func pair(fromDER der: [UInt8]) -> [UInt8]? {
        der.withUnsafeBufferPointer { bytes -> [UInt8]? in
            var cursor = bytes.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &cursor, bytes.count) else { return nil }
            defer { ECDSA_SIG_free(signature) }
            var r = [UInt8](repeating: 0, count: 32)
            var s = [UInt8](repeating: 0, count: 32)
            guard BN_bn2binpad(ECDSA_SIG_get0_r(signature), &r, 32) == 32, BN_bn2binpad(ECDSA_SIG_get0_s(signature), &s, 32) == 32 else {
                return nil
            }
            return r + s
        }
    }

    static func der(fromPair pair: [UInt8]) -> [UInt8]? {
        guard pair.count == 64, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(Array(pair.prefix(32)), 32, nil)
        let s = BN_bin2bn(Array(pair.suffix(32)), 32, nil)
        // set0 takes both numbers over only when it succeeds.
        guard ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        var der: UnsafeMutablePointer<UInt8>?
        let length = i2d_ECDSA_SIG(signature, &der)
        guard length > 0, let start = der else { return nil }
        defer { CRYPTO_free(start, #file, #line) }
        return Array(UnsafeBufferPointer(start: start, count: Int(length)))
    }
}
