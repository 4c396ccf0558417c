import Basics
package import HTTP

/// Sends requests to a handler without a socket, as the server would hand them over.
package struct LoopbackHTTPClient: HTTPClient {
    private let handler: any HTTPHandler

    package init(_ handler: any HTTPHandler) {
        self.handler = handler
    }

    package func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let parts = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, let target = RequestTarget(parsing: "/" + (parts.count > 3 ? parts[3] : "")) else {
            throw .invalidRequest(reason: "the server would refuse this address")
        }
        var headers = request.headers
        headers.replace("Host", String(parts[2]))
        let handed = HTTPRequest(
            method: request.method, path: target.path, segments: target.segments, query: target.query, headers: headers,
            body: request.body ?? [])
        let response = await handler.respond(to: handed)
        guard response.bytes.count <= request.responseLimit.bytes else {
            throw .responseTooLarge(host: String(parts[2]), limit: request.responseLimit.bytes)
        }
        return ClientResponse(status: response.status, headers: response.headers, body: response.bytes)
    }
}
