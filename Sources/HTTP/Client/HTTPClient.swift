package import Basics

/// A request to somebody else's server.
package struct ClientRequest: Sendable {
    package var method: HTTPMethod
    /// Absolute, `http` or `https`.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// Over everything: connect, send, wait, receive.
    package var deadline: Duration
    package var connectTimeout: Duration
    /// A longer answer is an error, not a cut one.
    package var responseLimit: ByteCount

    package init(
        _ method: HTTPMethod, _ url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, deadline: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10), responseLimit: ByteCount = .mebibytes(64)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.connectTimeout = connectTimeout
        self.responseLimit = responseLimit
    }
}

package struct ClientResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]

    package init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why no answer came. An answer with a status is never an error here, whatever the status.
package enum HTTPClientError: Error, Sendable, Hashable {
    /// Nothing was sent: name not found, refused, TLS not agreed. Sending again is safe.
    case notConnected(host: String, reason: String)
    /// The deadline passed. The server may have acted on the request.
    case timedOut(host: String, after: Duration)
    /// The connection broke after something was sent. The server may have acted on the request.
    case interrupted(host: String, reason: String)
    case responseTooLarge(host: String, limit: Int)
    case invalidRequest(reason: String)
    case cancelled

    /// The request may have had its effect although no answer came.
    package var mayHaveActed: Bool {
        switch self {
        case .timedOut, .interrupted, .responseTooLarge, .cancelled: true
        case .notConnected, .invalidRequest: false
        }
    }
}

/// Sends requests. Redirects are returned, never followed: who follows decides which credentials go along.
package protocol HTTPClient: Sendable {
    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notConnected(let host, let reason): "no connection to \(host): \(reason)"
        case .timedOut(let host, let after): "\(host) did not answer within \(Int(after.inSeconds.rounded(.up))) s"
        case .interrupted(let host, let reason): "the connection to \(host) broke: \(reason)"
        case .responseTooLarge(let host, let limit): "\(host) sent more than \(limit) bytes"
        case .invalidRequest(let reason): "not a request that can be sent: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
