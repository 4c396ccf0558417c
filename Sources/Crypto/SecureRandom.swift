import COpenSSL

/// Bytes nobody can guess: for keys, prompt delimiters and anything else whose secrecy matters.
package enum SecureRandom {
    package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(count, 0))
        guard RAND_bytes(&bytes, Int32(clamping: bytes.count)) == 1 else {
            throw .operationFailed(operation: "drawing random bytes", reason: Algorithms.takeError())
        }
        return bytes
    }

    /// Twice `count` hex digits.
    package static func hex(bytes count: Int) throws(CryptoError) -> String { Hex.encode(try bytes(count)) }
}
