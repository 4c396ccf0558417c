package import Basics

/// One request as it ended. Never the query, a header or a body: they carry tokens.
package struct AccessRecord: Sendable {
    package let method: String
    /// Decoded and cut at 200 bytes; empty when the target was malformed.
    package let path: UntrustedText
    /// The route's pattern; `none` for what no route takes, `refused` for what was not read so far.
    package let route: String
    /// `nil` when the connection ended before an answer.
    package let status: Int?
    /// Of the body.
    package let received: ByteCount
    /// Of the answer's body, as handed to the network.
    package let sent: ByteCount
    package let duration: Duration
    package let peer: String?

    /// It was answered, and not with an error.
    package var isGood: Bool { status.map { $0 < 400 } ?? false }

    /// For one log line.
    package var metadata: [String: JSONValue] {
        [
            "http.method": .string(method), "http.path": .string(path.raw), "http.route": .string(route),
            "http.status": status.map { .integer(Int64($0)) } ?? .null, "http.received": .integer(Int64(received.bytes)),
            "http.sent": .integer(Int64(sent.bytes)), "http.milliseconds": .number(Double(duration.microseconds) / 1000),
            "http.peer": peer.map { .string($0) } ?? .null,
        ]
    }
}
