package import Basics

/// What one client may take of a server. Beyond each bound stands a named answer or a closed connection.
package struct ServerLimits: Sendable {
    /// All header fields with their names: more is 431.
    package var headerBytes: ByteCount = .kibibytes(32)
    /// Header fields: more is 431.
    package var headerCount = 100
    /// Bodies held in memory over all connections together: beyond it 503 with `Retry-After`.
    package var bodyBytesInFlight: ByteCount = .mebibytes(256)
    /// Connections at once; more wait in the listen queue.
    package var connections = 1024
    /// Connections at once from one address; more are closed. A reverse proxy is one address, hence no bound by default.
    package var connectionsPerAddress: Int?

    /// From accept or request line to the last header line: then 408.
    package var headTime: Duration = .seconds(15)
    /// From the last header line to the last byte of the body: then 408.
    package var bodyTime: Duration = .seconds(90)
    /// For the handler: then 503, and its task is cancelled.
    package var handlerTime: Duration = .seconds(30)
    /// For sending a whole answer, or for one piece of a streamed one: then the connection is closed.
    package var sendTime: Duration = .seconds(60)
    /// Between two requests of one connection.
    package var idleTime: Duration = .seconds(60)
    /// How often deadlines are looked at: each may pass by that much.
    package var sweepInterval: Duration = .milliseconds(500)

    package init() {}
}
