package import Basics

/// Answers requests. A router is one, and so is each route: the same test runs a handler with and without a socket.
package protocol HTTPHandler: Sendable {
    /// The largest body this handler reads for such a request; the server answers 413 beyond it, before reading on.
    func bodyLimit(method: HTTPMethod, path: String) -> ByteCount

    /// Never throws: a fault inside becomes a 500 here, where it can be named.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
