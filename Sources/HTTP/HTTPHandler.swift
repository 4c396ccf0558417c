package import Basics

/// Answers requests. A router is one, and so is each route: the same test runs a handler with and without a socket.
package protocol HTTPHandler: Sendable {
    /// The largest body this handler reads for such a request; the server answers 413 beyond it, before reading on.
    ///
    /// `head` is the request without its body.
    func bodyLimit(for head: HTTPRequest) -> ByteCount

    /// What log lines and metrics call such a request: the route's pattern, never the path, so that the set stays small.
    func routeName(for head: HTTPRequest) -> String

    /// Whether what is done with such a request before the first suspension takes microseconds: then the thread that read it does it at
    /// once, and no other is woken.
    func isBrief(_ request: HTTPRequest) -> Bool

    /// Never throws: a fault inside becomes a 500 here, where it can be named.
    ///
    /// The task is cancelled when the server's deadline for handlers passes; the answer then goes nowhere.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}

extension HTTPHandler {
    package func routeName(for head: HTTPRequest) -> String { "other" }
    package func isBrief(_ request: HTTPRequest) -> Bool { false }
}
