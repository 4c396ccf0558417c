import Forge

/// Who we are to a forge.
protocol ForgeCredential: Sendable {
    /// The Authorization header's value. `refused` is one that was answered with 401: another is made where that is possible,
    /// and `nil` returned where it is not.
    func authorization(refused: String?) async throws(ForgeError) -> String?
}
