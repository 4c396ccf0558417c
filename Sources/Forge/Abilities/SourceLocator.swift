package import Basics

/// Where a repository is fetched from, and with what.
package struct SourceLocation: Sendable {
    /// Without user or password.
    package let url: String
    /// The name sent along with the token.
    package let user: String
    package let token: Secret?

    package init(url: String, user: String, token: Secret?) {
        self.url = url
        self.user = user
        self.token = token
    }
}

/// Hands out what `git fetch` needs. The token is for our own git alone: never for what is run in the checkout.
///
/// A client that can do it is cast to this.
package protocol SourceLocator: Sendable {
    func source(of repository: RepositoryReference) async throws(ForgeError) -> SourceLocation
}
