import Basics

/// What the library read of a request before its body, unjudged.
struct RawHead {
    var method: String
    var target: String
    /// `HTTP/1.1`
    var version: String
    var fields: [HTTPHeaders.Field]
    /// A NUL byte or a folded line hid part of the head from the library.
    var isCut = false
}

/// Why a request is not read further.
struct Refusal: Error, Equatable {
    let status: Int
    let reason: String

    var response: HTTPResponse {
        var response = HTTPResponse.text(status, reason)
        // What follows on such a connection cannot be told apart from a body.
        response.headers.add("Connection", "close")
        if status == 503 { response.headers.add("Retry-After", "10") }
        return response
    }
}

/// How the body is framed.
enum BodyLength: Equatable {
    case none
    case bytes(Int)
    case chunked
}

/// A head that is safe to act on: one way to read where the body ends, a target that decodes, fields that are fields.
///
/// The library itself accepts what request smuggling is made of: two lengths, a length beside a transfer coding, a space before the colon.
/// Source: RFC 9112 §3.2, §5.1, §6.1, §6.3
struct RequestHead {
    let request: HTTPRequest
    let length: BodyLength

    init(checking raw: RawHead, limits: ServerLimits, peer: String? = nil) throws(Refusal) {
        guard raw.version == "HTTP/1.1" || raw.version == "HTTP/1.0" else {
            throw Refusal(status: raw.version.hasPrefix("HTTP/") ? 505 : 400, reason: "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
        }
        guard !raw.isCut else { throw Refusal(status: 400, reason: "The request head has a NUL byte or a folded line.") }
        guard Self.isToken(raw.method), raw.method.utf8.count <= 32 else {
            throw Refusal(status: 400, reason: "The method is malformed.")
        }
        try Self.checkFields(raw.fields, limits: limits)
        let headers = HTTPHeaders(raw.fields)
        try Self.checkHost(headers, version: raw.version)
        length = try Self.length(headers, version: raw.version)
        guard let target = RequestTarget(parsing: raw.target) else {
            throw Refusal(status: 400, reason: "The request target is malformed.")
        }
        request = HTTPRequest(
            method: HTTPMethod(raw.method), path: target.path, segments: target.segments, query: target.query, headers: headers, peer: peer)
    }

    private static func checkFields(_ fields: [HTTPHeaders.Field], limits: ServerLimits) throws(Refusal) {
        let size = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard size <= limits.headerBytes.bytes, fields.count <= limits.headerCount else {
            throw Refusal(status: 431, reason: "The header fields are too many or too long.")
        }
        for field in fields {
            guard isToken(field.name) else { throw Refusal(status: 400, reason: "A header name is malformed.") }
            guard Self.all(field.value, { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw Refusal(status: 400, reason: "A header value has control characters.")
            }
        }
    }

    private static func checkHost(_ headers: HTTPHeaders, version: String) throws(Refusal) {
        let hosts = headers.values("Host")
        guard hosts.count == 1 || hosts.isEmpty && version == "HTTP/1.0" else {
            throw Refusal(status: 400, reason: "Exactly one Host header is needed.")
        }
        let allowed = hosts.allSatisfy { $0.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") } }
        guard allowed else { throw Refusal(status: 400, reason: "The Host header is malformed.") }
    }

    private static func length(_ headers: HTTPHeaders, version: String) throws(Refusal) -> BodyLength {
        let codings = headers.values("Transfer-Encoding")
        let lengths = headers.values("Content-Length")
        if codings.isEmpty, lengths.isEmpty { return .none }
        guard codings.isEmpty || lengths.isEmpty else {
            throw Refusal(status: 400, reason: "Content-Length and Transfer-Encoding exclude each other.")
        }
        if let coding = codings.first {
            guard version == "HTTP/1.1" else { throw Refusal(status: 400, reason: "HTTP/1.0 has no Transfer-Encoding.") }
            guard codings.count == 1, coding.lowercased() == "chunked" else {
                throw Refusal(status: 501, reason: "The only transfer coding known here is chunked, once.")
            }
            return .chunked
        }
        guard lengths.count == 1, let digits = lengths.first?.utf8, !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw Refusal(status: 400, reason: "Content-Length is malformed or given twice.")
        }
        guard let count = Int(String(lengths[0])) else { throw Refusal(status: 413, reason: "The body is too large.") }
        return .bytes(count)
    }

    /// Source: RFC 9110 §5.6.2
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && all(text) { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E: true
                default: false
                }
            }
    }

    /// Over the bytes as they lie in memory: every byte of every head passes here.
    private static func all(_ text: String, _ holds: (UInt8) -> Bool) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(holds) } ?? text.utf8.allSatisfy(holds)
    }
}
