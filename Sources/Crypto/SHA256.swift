import COpenSSL

package enum SHA256 {
    /// 32 bytes.
    package static func digest(of message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let done = EVP_Digest(message, message.count, &digest, &length, Algorithms.sha256.pointer, nil)
        precondition(done == 1 && length == 32, "SHA-256 of bytes in memory cannot fail")
        return digest
    }

    /// 64 lower-case hex digits.
    package static func hex(of message: [UInt8]) -> String { Hex.encode(digest(of: message)) }

    /// Of the text's UTF-8.
    package static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }
}
