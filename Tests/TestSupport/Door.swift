package import Basics
package import HTTP

/// Runs one test of a handler both ways: called directly, and through the real server and client over a loopback socket.
///
///     @Test(arguments: Door.allCases) func `…`(door: Door) async throws {
///         try await door.open(to: handler) { send in
///             let answer = try await send(HTTPRequest(method: .get, path: "/livez"))
///         }
///     }
package enum Door: CaseIterable, Sendable {
    case direct
    case socket

    package typealias Send = @Sendable (HTTPRequest) async throws -> HTTPResponse

    package func open<Result>(
        to handler: any HTTPHandler, limits: ServerLimits = ServerLimits(), _ body: (@escaping Send) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .direct: return try await body { await Self.direct($0, handler: handler) }
        case .socket:
            return try await withServer(handler, limits: limits) { server in
                let client = CurlHTTPClient.loopback()
                return try await body { try await Self.overSocket($0, to: server.address, client: client) }
            }
        }
    }

    /// What the server adds around a handler, without the socket: the body's bound, and no body in answer to `HEAD`.
    private static func direct(_ request: HTTPRequest, handler: any HTTPHandler) async -> HTTPResponse {
        var head = request
        head.body = []
        guard request.body.count <= handler.plan(for: head).bodyLimit.bytes else { return .text(413, "The body is too large.") }
        var response = await handler.respond(to: request)
        if request.method == .head { response.body = .bytes([]) }
        return response
    }

    private static func overSocket(_ request: HTTPRequest, to address: ListenAddress, client: CurlHTTPClient) async throws -> HTTPResponse {
        let path = request.segments.map { "/" + PercentEncoding.encode($0) }.joined()
        let query = request.query.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
        let url = "http://\(address)\(path)" + (query.isEmpty ? "" : "?" + query)
        let body = request.body.isEmpty ? nil : request.body
        let answer = try await client.send(ClientRequest(request.method, url, headers: request.headers, body: body))
        return HTTPResponse(status: answer.status, headers: answer.headers, body: .bytes(answer.body))
    }
}

/// A server on a free loopback port for as long as `body` runs.
@discardableResult
package func withServer<Result>(
    _ handler: any HTTPHandler, limits: ServerLimits = ServerLimits(), clock: any Clock = SystemClock(),
    observe: @escaping @Sendable (AccessRecord) -> Void = { _ in }, _ body: (HTTPServer) async throws -> Result
) async throws -> Result {
    let server = try HTTPServer.start(on: .anyLoopback, handler: handler, limits: limits, clock: clock, observe: observe)
    do {
        let result = try await body(server)
        await server.stop(within: .zero)
        return result
    } catch {
        await server.stop(within: .zero)
        throw error
    }
}

extension CurlHTTPClient {
    /// For servers of the test itself: whatever proxy the machine is set up with is not asked.
    package static func loopback() -> CurlHTTPClient {
        var options = Options()
        options.proxy = .none
        return CurlHTTPClient(options: options)
    }
}
