/// Why something cryptographic was not done. No text here ever holds key material.
package enum CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no key we can read; the reason says what it looks like instead and what to do.
    case unreadableKey(reason: String)
    /// A key, but not of a kind we sign or verify with.
    case unsupportedKey(reason: String)
    /// The token is not one, was not signed by this key, or its time has passed.
    case invalidToken(reason: String)
    case operationFailed(operation: String, reason: String)

    package var description: String {
        switch self {
        case .unreadableKey(let reason): "cannot read the key: \(reason)"
        case .unsupportedKey(let reason): "cannot use the key: \(reason)"
        case .invalidToken(let reason): "token refused: \(reason)"
        case .operationFailed(let operation, let reason): "\(operation) failed: \(reason)"
        }
    }
}
