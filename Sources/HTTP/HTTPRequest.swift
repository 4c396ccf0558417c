/// A request as the server hands it to a handler: whole body, caps already applied.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    /// Percent-decoded, without the query; begins with `/`.
    package var path: String
    /// The path cut at its slashes *before* decoding: `/a%2Fb/c` has the two segments `a/b` and `c`. Routes match these.
    package var segments: [String]
    /// What the matched route calls its segments: `{id}` gives `parameters["id"]`.
    package var parameters: [String: String] = [:]
    /// Decoded pairs in order of appearance.
    package var query: [HTTPHeaders.Field]
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// The address of the other end as text, `nil` without a socket.
    package var peer: String?

    /// `segments` is derived from `path` when left out.
    package init(
        method: HTTPMethod, path: String, segments: [String]? = nil, query: [HTTPHeaders.Field] = [], headers: HTTPHeaders = [:],
        body: [UInt8] = [], peer: String? = nil
    ) {
        self.method = method
        self.path = path
        self.segments = segments ?? path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    package func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
