import Basics
package import Forge
package import Git
package import Previews

/// Checkouts from the forge itself: our credential goes to our own git alone, and not into the checkout.
package struct GitPreviewSource: PreviewSource {
    private let forges: any ForgeAccess
    private let environment: GitEnvironment

    package init(forges: any ForgeAccess, environment: GitEnvironment) {
        self.forges = forges
        self.environment = environment
    }

    package func checkOut(_ commit: CommitID, of pull: PullRequestReference, into path: String) async throws(PreviewFailure) {
        do {
            guard let locator = try await forges.client(for: pull.repository) as? any SourceLocator, let id = ObjectID(commit.hex) else {
                throw GitError.invalidArgument("this forge gives no address to fetch from")
            }
            let place = try await locator.source(of: pull.repository)
            let remote = try GitRemote(url: place.url, token: place.token, user: place.user)
            // A fork's head is fetched from the repository it asks to be merged into, like any other.
            let reference = "refs/pull/\(pull.number)/head"
            try await GitRepository.checkOut(id, orFrom: reference, of: remote, into: path, environment: environment)
        } catch {
            if Task.isCancelled { throw .overtaken }
            throw PreviewFailure(
                .source, cause: "The head \(commit.short) could not be fetched.",
                nextStep: "Check that the App may read contents and that the forge can be reached; it is tried again.",
                excerpt: UntrustedText("\(error)"), mayPass: true)
        }
    }
}
