import COpenSSL

/// Reads key files, and says what a file is when it is not the expected one.
enum PEM {
    /// Never asks anybody: without this OpenSSL would prompt for a passphrase on the terminal.
    static let noPassphrase: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        _, _, _, _ in
        -1
    }

    static func read(_ text: String, expected: String, with reader: (OpaquePointer) -> OpaquePointer?) throws(CryptoError) -> KeyHandle {
        let bytes = Array(text.utf8)
        guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
            throw .operationFailed(operation: "reading a key", reason: Algorithms.takeError())
        }
        defer { BIO_free(bio) }
        // The buffer only lends its bytes to `bio`, so they must outlive the reading.
        let key = withExtendedLifetime(bytes) { reader(bio) }
        let reason = Algorithms.takeError()
        guard let key else { throw .unreadableKey(reason: explanation(text, expected: expected, reason: reason)) }
        return KeyHandle(key)
    }

    private static func explanation(_ text: String, expected: String, reason: String) -> String {
        let looksLike: [(String, String)] = [
            ("BEGIN OPENSSH PRIVATE KEY", "it is an OpenSSH key; convert it with `ssh-keygen -p -m PEM -f FILE`"),
            ("BEGIN ENCRYPTED PRIVATE KEY", "it is encrypted; decrypt it with `openssl pkey -in FILE -out PLAIN`"),
            ("Proc-Type: 4,ENCRYPTED", "it is encrypted; decrypt it with `openssl pkey -in FILE -out PLAIN`"),
            ("BEGIN CERTIFICATE", "it is a certificate, not a \(expected) key"),
            (expected == "private" ? "PUBLIC KEY" : "PRIVATE KEY", "it is the other half: a \(expected) key is needed"),
        ]
        if text.allSatisfy(\.isWhitespace) { return "it is empty" }
        if let known = looksLike.first(where: { contains(text, $0.0) }) { return known.1 }
        if contains(text, "\\n") { return "its line ends were written as \\n; store the file as GitHub gave it" }
        if !contains(text, "-----BEGIN ") { return "it is not PEM: no line begins with -----BEGIN" }
        return "it is damaged (\(reason))"
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
