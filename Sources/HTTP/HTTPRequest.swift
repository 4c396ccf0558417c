/// A request as the server hands it to a handler: whole body, caps already applied.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    /// Percent-decoded, without the query; begins with `/`.
    package var path: String
    /// Decoded pairs in order of appearance.
    package var query: [HTTPHeaders.Field]
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// The address of the other end as text, `nil` without a socket.
    package var peer: String?

    package init(
        method: HTTPMethod, path: String, query: [HTTPHeaders.Field] = [], headers: HTTPHeaders = [:], body: [UInt8] = [],
        peer: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    package func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
