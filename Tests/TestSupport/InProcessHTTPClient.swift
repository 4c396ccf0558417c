import Basics
package import HTTP
import Synchronization

/// Hands requests to a handler without a socket, and fails where it is told to.
package final class InProcessHTTPClient: HTTPClient {
    private let handler: any HTTPHandler
    private let fault: @Sendable (_ request: ClientRequest, _ earlier: Int) -> HTTPClientError?
    private let sent = Mutex<[ClientRequest]>([])

    /// `earlier` is the number of requests before this one; with an error the handler is not asked.
    package init(
        _ handler: any HTTPHandler,
        fault: @escaping @Sendable (_ request: ClientRequest, _ earlier: Int) -> HTTPClientError? = { _, _ in nil }
    ) {
        self.handler = handler
        self.fault = fault
    }

    package var requests: [ClientRequest] { sent.withLock { $0 } }

    package func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        if Task.isCancelled { throw .cancelled }
        let earlier = sent.withLock { sent in
            sent.append(request)
            return sent.count - 1
        }
        if let error = fault(request, earlier) { throw error }
        let rest = request.url.firstRange(of: "://").map { request.url[$0.upperBound...] } ?? ""
        let target = rest.drop { $0 != "/" }
        let parsed = RequestTarget(parsing: String(target))
        let path = parsed?.path ?? String(target.prefix { $0 != "?" })
        let response = await handler.respond(
            to: HTTPRequest(
                method: request.method, path: path, segments: parsed?.segments, query: parsed?.query ?? [], headers: request.headers,
                body: request.body ?? []))
        return ClientResponse(status: response.status, headers: response.headers, body: response.bytes)
    }
}
