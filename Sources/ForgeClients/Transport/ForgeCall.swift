import Basics
import HTTP

/// One call to a forge's API, before credentials and retries.
struct ForgeCall: Sendable {
    var method: HTTPMethod
    /// Beneath the API's base, percent-encoded, beginning with `/`; or an absolute address the API itself gave (the next page).
    var path: String
    var query: [(name: String, value: String)]
    var body: JSONValue?
    /// Asks for another form of the answer than the forge's usual JSON.
    var accept: String?
    /// A longer answer is `ForgeError.tooLarge`.
    var limit: ByteCount = .mebibytes(32)
    /// A POST that leaves nothing behind, such as making a token: it may be sent again like a read.
    var isHarmless = false

    init(_ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [], body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }

    /// Sending it twice may do something twice.
    var writes: Bool { method != .get && method != .head && !isHarmless }

    /// How errors name it: without query, which may hold what an outsider wrote.
    var subject: String { "\(method) \(path.prefix { $0 != "?" })" }
}

enum PercentEncoding {
    /// One path segment or query value: everything but unreserved characters is encoded. Source: RFC 3986 §2.3
    static func encode(_ text: some StringProtocol) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.append(byte)
            default: encoded += [37, digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// A file's path. `nil` for what no repository holds and a server might read as another address: empty, `.` and `..` segments, NUL.
    static func encode(path: String) -> String? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.utf8.contains(0), segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        return segments.map { encode($0) }.joined(separator: "/")
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
}
