import Basics
import CMicroHTTPD

/// A response in the library's terms.
struct QueuedAnswer {
    private let status: UInt32
    private let response: OpaquePointer?
    let isStream: Bool

    /// `isLast`: the connection is closed afterwards.
    init(_ answer: HTTPResponse, isLast: Bool, exchange: Exchange, connection: Connection, clock: any Clock) {
        status = UInt32(clamping: answer.status)
        switch answer.body {
        case .bytes(let bytes):
            isStream = false
            exchange.note(sent: bytes.count)
            response = bytes.withUnsafeBytes {
                MHD_create_response_from_buffer($0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .stream(let stream):
            isStream = true
            let body = StreamBody(stream, connection: connection.handle, now: { clock.uptime })
            exchange.attach(body)
            response = Self.stream(StreamSource(body: body, exchange: exchange))
        }
        guard let response else { return }
        for field in answer.headers.fields { Self.add(field.name, field.value, to: response) }
        Self.add("X-Content-Type-Options", "nosniff", to: response)
        if isLast, answer.headers["Connection"] == nil { Self.add("Connection", "close", to: response) }
    }

    /// Consumes the response.
    func queue(on connection: OpaquePointer) -> MHD_Result {
        guard let response else { return .NO }
        defer { MHD_destroy_response(response) }
        return MHD_queue_response(connection, status, response)
    }

    /// The library refuses names and values with line ends, so that none can end a header early.
    private static func add(_ name: String, _ value: String, to response: OpaquePointer) {
        _ = MHD_add_response_header(response, name, value)
    }

    private static func stream(_ source: StreamSource) -> OpaquePointer? {
        MHD_create_response_from_callback(
            CMICROHTTPD_SIZE_UNKNOWN, 16 << 10,
            { context, _, buffer, count in
                guard let context else { return CMICROHTTPD_END_WITH_ERROR }
                let source = Unmanaged<StreamSource>.fromOpaque(context).takeUnretainedValue()
                return source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
            }, Unmanaged.passRetained(source).toOpaque(),
            { context in
                if let context { Unmanaged<StreamSource>.fromOpaque(context).release() }
            })
    }
}

/// What a streamed answer's callback needs, kept alive by the library until the answer is over.
private final class StreamSource: Sendable {
    private let body: StreamBody
    private let exchange: Exchange

    init(body: StreamBody, exchange: Exchange) {
        self.body = body
        self.exchange = exchange
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = body.read(into: buffer)
        if count > 0 { exchange.note(sent: count) }
        return count
    }
}
