package import Basics
package import Forge
package import HTTP

/// How GitHub signs and words deliveries.
///
/// The event name comes in an unsigned header, so every decoder asks for members that only its own event has.
/// Source: docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
package struct GitHubWebhookDialect: WebhookDialect {
    package let forge = ForgeKind.github

    package init() {}

    package func verify(headers: HTTPHeaders, body: [UInt8], secrets: [Secret]) -> SignatureVerdict {
        let values = headers.values("X-Hub-Signature-256")
        if values.isEmpty, headers["X-Hub-Signature"] != nil { return .invalid(reason: .outdated) }
        return WebhookSignature.verdict(values: values, prefix: "sha256=", body: body, secrets: secrets)
    }

    package var identifyingHeaders: [String] { ["X-GitHub-Event", "X-GitHub-Delivery", "X-GitHub-Hook-ID"] }

    package func envelope(headers: HTTPHeaders) -> DeliveryEnvelope {
        DeliveryEnvelope(
            deliveryID: headers["X-GitHub-Delivery"], event: headers["X-GitHub-Event"], hook: headers["X-GitHub-Hook-ID"] ?? "")
    }

    private static let actions = WebhookActions([
        "ping": .all, "workflow_run": .all,
        "pull_request": .only(["opened", "reopened", "synchronize", "ready_for_review", "edited", "closed"]),
        "installation": .only(["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"]),
        "installation_repositories": .only(["added", "removed"]), "check_run": .only(["rerequested"]),
        "merge_group": .only(["checks_requested"]), "issue_comment": .only(["created", "edited", "deleted"]),
        "pull_request_review_comment": .only(["created", "edited", "deleted"]),
        "pull_request_review_thread": .only(["resolved", "unresolved"]),
    ])

    package func unhandled(event: String, body: [UInt8]) -> ForgeEvent? { Self.actions.unhandled(event: event, body: body) }

    package func decode(event: String, body: [UInt8]) throws(MalformedDelivery) -> ForgeEvent {
        if let event = unhandled(event: event, body: body) { return event }
        let delivery = try read(GitHubDeliveryWire.self, body)
        switch event {
        case "ping":
            _ = try read(GitHubPingWire.self, body)
            return .ping
        case "pull_request": return try pullRequest(delivery, body)
        case "installation": return try installation(delivery, body)
        case "installation_repositories": return try installationRepositories(delivery, body)
        case "check_run": return try checkRun(delivery, body)
        case "merge_group": return try mergeGroup(delivery, body)
        case "issue_comment": return try issueComment(delivery, body)
        case "pull_request_review_comment": return try reviewComment(delivery, body)
        case "pull_request_review_thread": return try reviewThread(delivery, body)
        case "workflow_run": return try workflowRun(delivery, body)
        default: return .unhandled(event: event, action: delivery.action)
        }
    }

    func read<Wire: Decodable>(_ type: Wire.Type, _ body: [UInt8]) throws(MalformedDelivery) -> Wire {
        do {
            return try WireDecoding.decode(type, from: body)
        } catch {
            throw MalformedDelivery(reason: error.reason)
        }
    }
}
