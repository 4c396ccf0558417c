package import Basics
import COpenSSL

extension SigningKey {
    /// A new private key as unencrypted PKCS#8 PEM: RSA of 2,048 bits, or EC on P-256.
    package static func generatePEM(_ algorithm: SignatureAlgorithm) throws(CryptoError) -> Secret {
        let made = algorithm == .rs256 ? copenssl_rsa_gen(2048) : copenssl_ec_gen("P-256")
        guard let made else { throw .operationFailed(operation: "making a key", reason: Algorithms.takeError()) }
        let key = KeyHandle(made)
        return Secret(try PEM.write { PEM_write_bio_PKCS8PrivateKey($0, key.pointer, nil, nil, 0, nil, nil) })
    }
}

extension VerificationKey {
    /// `BEGIN PUBLIC KEY`
    package func pem() throws(CryptoError) -> String {
        try PEM.write { PEM_write_bio_PUBKEY($0, handle.pointer) }
    }
}

extension PEM {
    static func write(_ writer: (OpaquePointer) -> Int32) throws(CryptoError) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else {
            throw .operationFailed(operation: "writing a key", reason: Algorithms.takeError())
        }
        defer { BIO_free(bio) }
        guard writer(bio) == 1 else { throw .operationFailed(operation: "writing a key", reason: Algorithms.takeError()) }
        var start: UnsafeMutablePointer<CChar>?
        let length = copenssl_bio_mem_data(bio, &start)
        guard let start, length > 0 else { throw .operationFailed(operation: "writing a key", reason: "nothing was written") }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(length))
        return String(decoding: bytes, as: UTF8.self)
    }
}
