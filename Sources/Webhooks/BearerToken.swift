import Basics
import Crypto
import HTTP

/// The `Authorization` header of those who show a token.
enum BearerToken {
    /// Exactly one header of the right form.
    static func shown(in headers: HTTPHeaders) -> Secret? {
        let values = headers.values("Authorization")
        guard values.count == 1, let value = values.first, value.lowercased().hasPrefix("bearer ") else { return nil }
        let token = value.dropFirst("bearer ".count).filter { !$0.isWhitespace }
        return token.isEmpty ? nil : Secret(token)
    }

    /// In a time that tells nothing of where they differ.
    static func areEqual(_ a: Secret, _ b: Secret) -> Bool { ConstantTime.areEqual(Array(a.reveal().utf8), Array(b.reveal().utf8)) }
}
