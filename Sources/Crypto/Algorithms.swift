import COpenSSL

/// Algorithm handles, fetched once: a fetch by name costs more than hashing a small message.
///
/// Without SHA-256 nothing can be verified, so a broken OpenSSL installation ends the program here, at first use.
enum Algorithms {
    /// Safe to share: OpenSSL's fetched algorithm objects are immutable and counted atomically, and this one is never freed.
    /// Source: openssl.org/docs/man3.0/man7/crypto.html, "Explicit fetching" and "Performance"
    struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    static let sha256: Handle = {
        guard let digest = EVP_MD_fetch(nil, "SHA256", nil) else { preconditionFailure("OpenSSL has no SHA-256") }
        return Handle(pointer: digest)
    }()

    /// An HMAC-SHA256 context that is only ever copied from, never run: copying reads it, and reading is safe from any thread.
    /// It holds a key because OpenSSL 3.0 refuses to copy a context without one.
    static let hmacTemplate: Handle = {
        guard let mac = EVP_MAC_fetch(nil, "HMAC", nil), let context = EVP_MAC_CTX_new(mac) else {
            preconditionFailure("OpenSSL has no HMAC")
        }
        EVP_MAC_free(mac)
        var name = Array("SHA256".utf8CString)
        let key: [UInt8] = [0]
        // A parameter keeps the pointer to its name: a literal's would be gone after the call that makes it.
        let ready = "digest".withCString { digest in
            name.withUnsafeMutableBufferPointer { name in
                let parameters = [OSSL_PARAM_construct_utf8_string(digest, name.baseAddress, 0), OSSL_PARAM_construct_end()]
                return EVP_MAC_init(context, key, 1, parameters)
            }
        }
        guard ready == 1 else { preconditionFailure("OpenSSL refuses HMAC with SHA-256") }
        return Handle(pointer: context)
    }()

    /// The oldest error of this thread's queue, which is emptied.
    static func takeError() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: reason)
    }
}
