import Basics
import Forge
import FoundationEssentials
import HTTP

extension APITransport {
    /// The error for an answer that is no success, worded so that the operator knows the next step.
    func refusal(of call: ForgeCall, _ response: ClientResponse) -> ForgeError {
        let message = RefusalMessage(response.body)
        switch response.status {
        case 401: return .unauthorized(host: endpoint.host, reason: message.text)
        case 403: return .forbidden(resource: call.subject, needs: needs(response) ?? message.textIfAny)
        case 404, 410: return .notFound(resource: call.subject)
        case 413: return .tooLarge(resource: call.subject, limit: call.body?.serialized().count ?? 0)
        case 300...399: return .malformedReply(resource: call.subject, reason: "redirected to another server (\(response.status))")
        case 500...599: return .serverFailed(host: endpoint.host, status: response.status)
        default: return .refused(resource: call.subject, reason: "\(response.status) \(message.text)")
        }
    }

    /// Source: docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api, "Resource not accessible"
    private func needs(_ response: ClientResponse) -> String? {
        response.headers["X-Accepted-GitHub-Permissions"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// What the forge says about a refusal: `message`, and each of `errors`. Cut to 500 characters; it may quote what an outsider wrote.
struct RefusalMessage {
    let text: String

    init(_ body: [UInt8]) {
        guard let document = try? JSONValue(parsing: body.prefix(65_536)) else {
            text = "without a reason we can read"
            return
        }
        let message = document["message"]?.string ?? "without a reason"
        let errors: [String]
        switch document["errors"] {
        case .array(let list): errors = list.compactMap { $0.string ?? Self.describe($0) }
        case .string(let one): errors = [one]
        default: errors = []
        }
        text = String((errors.isEmpty ? message : message + ": " + errors.joined(separator: "; ")).prefix(500))
    }

    var textIfAny: String? { text.hasPrefix("without a reason") ? nil : text }

    private static func describe(_ error: JSONValue) -> String? {
        let words = ["resource", "field", "code", "message"].compactMap { error[$0]?.string }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
