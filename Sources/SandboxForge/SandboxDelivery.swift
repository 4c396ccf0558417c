package import Basics
import Crypto
package import Forge
package import HTTP

/// A webhook delivery as a forge would send it.
package struct SandboxDelivery: Sendable {
    /// The one hook the sandbox has.
    static let hook = 1

    package let id: String
    package let event: String
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// The attempt's number in the forge's log; 0 before it was sent.
    package internal(set) var attempt: Int64 = 0
    package internal(set) var time = Timestamp(seconds: 0)
    /// The receiver's answer; `nil` when none came.
    package internal(set) var status: Int?

    /// Signed over the body with `secret`. Source: docs.github.com/webhooks/webhook-events-and-payloads, "Delivery headers"
    package static func github(event: String, payload: JSONValue, id: String, secret: Secret) -> SandboxDelivery {
        let body = payload.serialized()
        let signature = Hex.encode(HMACSHA256.authenticate(body, key: secret.reveal()))
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/sandbox", "X-GitHub-Event": event, "X-GitHub-Delivery": id,
            "X-GitHub-Hook-ID": "\(hook)", "X-Hub-Signature-256": "sha256=" + signature,
        ]
        return SandboxDelivery(id: id, event: event, headers: headers, body: body)
    }

    /// With every header a real Gitea sends: its own, and GitHub's with GitHub's signature. Source: requests recorded from Gitea 1.15
    package static func gitea(event: String, payload: JSONValue, id: String, secret: Secret) -> SandboxDelivery {
        let body = payload.serialized(pretty: true)
        let signature = Hex.encode(HMACSHA256.authenticate(body, key: secret.reveal()))
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "User-Agent": "Go-http-client/1.1", "X-GitHub-Delivery": id, "X-GitHub-Event": event,
            "X-Gitea-Delivery": id, "X-Gitea-Event": event, "X-Gitea-Signature": signature, "X-Gogs-Delivery": id, "X-Gogs-Event": event,
            "X-Gogs-Signature": signature, "X-Hub-Signature-256": "sha256=" + signature,
        ]
        return SandboxDelivery(id: id, event: event, headers: headers, body: body)
    }
}

extension SandboxForge {
    /// The `pull_request` delivery for what the pull request is now. `action` as GitHub writes it: `opened`, `synchronize`, `closed`, …
    ///
    /// `nil` when there is no such pull request.
    package func pullRequestDelivery(
        _ action: String, _ reference: PullRequestReference, id: String, secret: Secret, sender: String = "mona"
    ) -> SandboxDelivery? {
        change(reference.repository.name) { repository -> SandboxDelivery? in
            guard let pull = repository.pulls[reference.number] else { return nil }
            let payload: JSONValue = [
                "action": .string(action), "number": .integer(Int64(pull.number)), "pull_request": GitHubFace.json(pull, in: repository),
                "repository": GitHubFace.json(repository), "sender": SandboxIdentity.account(sender),
                "installation": ["id": .integer(GitHubFace.installation)],
            ]
            return .github(event: "pull_request", payload: payload, id: id, secret: secret)
        } ?? nil
    }

    /// The same as Gitea words it: `action` is `opened`, `synchronized`, `closed`, …
    package func giteaPullRequestDelivery(
        _ action: String, _ reference: PullRequestReference, id: String, secret: Secret, sender: String = "mona"
    ) -> SandboxDelivery? {
        change(reference.repository.name) { repository -> SandboxDelivery? in
            guard let pull = repository.pulls[reference.number] else { return nil }
            let payload: JSONValue = [
                "action": .string(action), "number": .integer(Int64(pull.number)), "pull_request": GiteaFace.json(pull, in: repository),
                "repository": GitHubFace.json(repository), "sender": GiteaFace.account(sender), "review": nil,
            ]
            return .gitea(event: "pull_request", payload: payload, id: id, secret: secret)
        } ?? nil
    }

    /// Posts a delivery and keeps it with the receiver's answer, as a forge's delivery log does.
    @discardableResult
    package func send(_ delivery: SandboxDelivery, to url: String, with http: any HTTPClient) async throws(HTTPClientError)
        -> ClientResponse
    {
        let request = ClientRequest(.post, url, headers: delivery.headers, body: delivery.body, deadline: .seconds(10))
        var sent = delivery
        do throws(HTTPClientError) {
            let response = try await http.send(request)
            sent.status = response.status
            record(sent)
            return response
        } catch {
            record(sent)
            throw error
        }
    }

    package var deliveries: [SandboxDelivery] { store.withState { $0.deliveries } }

    /// Deliveries somebody asked for again through the API, for the caller to send.
    package func takeRedeliveries() -> [SandboxDelivery] {
        store.withState { state in
            defer { state.redeliveries = [] }
            return state.redeliveries
        }
    }

    private func record(_ delivery: SandboxDelivery) {
        let now = clock.now
        store.withState { state in
            var delivery = delivery
            delivery.attempt = state.takeID()
            delivery.time = now
            state.deliveries.append(delivery)
        }
    }
}
