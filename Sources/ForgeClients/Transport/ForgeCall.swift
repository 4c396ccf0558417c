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
    /// `false` hands a redirect to the caller.
    var followsRedirects = true

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

enum FilePath {
    /// A file's path for an address. `nil` for what no repository holds and a server might read as another address: empty, `.` and `..`
    /// segments, NUL.
    static func encode(_ path: String) -> String? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.utf8.contains(0), segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        return PercentEncoding.encode(path, keepingSlashes: true)
    }
}
