import Basics

/// A request that cannot be mistaken on the wire: no line ends in headers, an `http` or `https` address without credentials in it.
struct CheckedRequest: Sendable {
    let request: ClientRequest
    /// Without port; for error messages.
    let host: String

    init(_ request: ClientRequest) throws(HTTPClientError) {
        guard RequestHead.isToken(request.method.name) else { throw .invalidRequest(reason: "malformed method") }
        for field in request.headers.fields {
            guard RequestHead.isToken(field.name) else { throw .invalidRequest(reason: "malformed header name") }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .invalidRequest(reason: "control characters in the value of \(field.name)")
            }
        }
        host = try Self.host(of: request.url)
        self.request = request
    }

    /// The parts that different readers of addresses disagree about are refused: backslashes, user names, anything but visible ASCII.
    private static func host(of url: String) throws(HTTPClientError) -> String {
        let bytes = Array(url.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidRequest(reason: "the address has characters that need percent-encoding")
        }
        guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }) else {
            throw .invalidRequest(reason: "only http and https addresses are called")
        }
        let authority = bytes.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .invalidRequest(reason: "the address has credentials in it") }
        let host =
            authority.first == UInt8(ascii: "[")
            ? authority.prefix { $0 != UInt8(ascii: "]") } + [0x5D] : authority.prefix { $0 != UInt8(ascii: ":") }
        guard !host.isEmpty else { throw .invalidRequest(reason: "the address has no host") }
        return String(decoding: host, as: UTF8.self)
    }
}
