package import Basics
package import Forge
package import HTTP

/// The App that GitHub made of a manifest: everything in it is told once.
///
/// Source: docs.github.com/rest/apps/apps, "Create a GitHub App from a manifest"
package struct GitHubRegisteredApp: Sendable {
    package let id: Int64
    /// As in `https://github.com/apps/SLUG`.
    package let slug: String
    /// Its page.
    package let page: String
    package let privateKey: Secret
    package let webhookSecret: Secret

    private struct Wire: Decodable {
        let id: Int64
        let slug: String
        let htmlURL: String
        let pem: String
        let webhookSecret: String?

        enum CodingKeys: String, CodingKey {
            case id, slug, pem
            case htmlURL = "html_url"
            case webhookSecret = "webhook_secret"
        }
    }

    /// Exchanges the code that GitHub sent the operator back with. It is good for one hour and one use, so this is never tried twice.
    ///
    /// - Parameter api: base of GitHub's API.
    package static func exchange(code: String, api: String, http: any HTTPClient) async throws(ForgeError) -> GitHubRegisteredApp {
        let subject = "the App's registration"
        let url = "\(api)/app-manifests/\(PercentEncoding.encode(code))/conversions"
        let headers: HTTPHeaders = [
            "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "fettle",
        ]
        let response: ClientResponse
        do {
            response = try await http.send(
                ClientRequest(.post, url, headers: headers, deadline: .seconds(30), responseLimit: .mebibytes(1)))
        } catch {
            throw .unreachable(host: api, reason: "\(error)")
        }
        guard response.status == 201 else {
            throw .malformedReply(
                resource: subject, reason: "status \(response.status); the code may have been used or be over an hour old")
        }
        do throws(WireError) {
            let wire = try WireDecoding.decode(Wire.self, from: response.body)
            guard let secret = wire.webhookSecret, !secret.isEmpty, wire.pem.contains("PRIVATE KEY") else {
                throw WireError(reason: "webhook_secret or pem: missing")
            }
            return GitHubRegisteredApp(
                id: wire.id, slug: wire.slug, page: wire.htmlURL, privateKey: Secret(wire.pem), webhookSecret: Secret(secret))
        } catch {
            throw .malformedReply(resource: subject, reason: error.reason)
        }
    }
}
