/// Answers requests. A router is one, and so is each route: the same test runs a handler with and without a socket.
package protocol HTTPHandler: Sendable {
    /// `head` is the request without its body.
    func plan(for head: HTTPRequest) -> RequestPlan

    /// Never throws: a fault inside becomes a 500 here, where it can be named.
    ///
    /// The task is cancelled when the server's deadline for handlers passes; the answer then goes nowhere.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
