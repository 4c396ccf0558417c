package import Basics
package import Forge
package import HTTP

/// Why a delivery is not taken, and what whoever set the hook up can do about it.
package struct DoorRefusal: Sendable, Hashable {
    package let status: Int
    /// A few words from a short list: metrics count by them.
    package let reason: String
    package let advice: String

    package var response: HTTPResponse { .text(status, "\(reason): \(advice)") }

    private init(_ status: Int, _ reason: String, _ advice: String) {
        self.status = status
        self.reason = reason
        self.advice = advice
    }

    /// `nil` for a delivery that is to be taken. What shows a wrong address or setting is looked at before the signature: it says more.
    package init?(of request: HTTPRequest, at dialect: any WebhookDialect, secrets: [Secret]) {
        let headers = request.headers
        // Gitea and Forgejo send GitHub's headers too, with a valid GitHub signature.
        let isGiteas = ["X-Gitea-Event", "X-Forgejo-Event"].contains { headers[$0] != nil }
        if dialect.forge == .github, isGiteas {
            self.init(400, "wrong address", "this comes from Gitea or Forgejo: set the hook's address to /webhooks/gitea")
        } else if dialect.forge == .gitea, !isGiteas, headers["X-Gogs-Event"] == nil, headers["X-GitHub-Event"] != nil {
            self.init(400, "wrong address", "this comes from GitHub: set the hook's address to /webhooks/github")
        } else if let type = headers["Content-Type"], !Self.isJSON(type) {
            self.init(415, "not sent as JSON", "set the hook's content type to application/json")
        } else if case .invalid(let reason) = dialect.verify(headers: headers, body: request.body, secrets: secrets) {
            self.init(401, reason.rawValue, reason.advice)
        } else if let name = dialect.identifyingHeaders.first(where: { headers.count($0) > 1 }) {
            self.init(400, "a header came twice", "send \(name) once; the forge does, so something between adds another")
        } else if dialect.envelope(headers: headers).event?.isEmpty ?? true {
            self.init(400, "no event name", "let the forge's event header through")
        } else {
            return nil
        }
    }

    private static func isJSON(_ type: String) -> Bool {
        type == "application/json" || type.prefix { $0 != ";" }.trimmingSuffix { $0 == " " }.lowercased() == "application/json"
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isDropped(last) { text.removeLast() }
        return text
    }
}
