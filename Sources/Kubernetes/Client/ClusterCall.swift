import Basics
import HTTP

/// One request to a cluster. All of ours may be sent twice: reads, server-side applies, deletes, and reviews that change nothing.
struct ClusterCall: Sendable {
    var method: HTTPMethod = .get
    /// Begins with `/`; its parts are checked or encoded by whoever makes the call.
    var path: String
    var query: [(name: String, value: String)] = []
    var body: [UInt8]?
    var contentType = "application/json"
    var accept = "application/json"
    /// What errors call the thing asked for, e.g. `pod ci/build-1`.
    var subject: String
    var limit = ByteCount.mebibytes(8)
    var deadline = Duration.seconds(20)

    func address(on server: String) -> String {
        let text = query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return server + path + (text.isEmpty ? "" : "?" + text)
    }
}

/// What a cluster says when it refuses. Source: kubernetes.io/docs/reference/kubernetes-api/common-definitions/status
struct ClusterStatus: Decodable {
    let message: String?
    let reason: String?

    /// At most 500 bytes without control characters: it goes into messages for people.
    static func reason(in body: [UInt8]) -> String {
        guard let status = try? ClusterWire.decode(ClusterStatus.self, body) else { return "" }
        let text = status.message ?? status.reason ?? ""
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(500).map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }
}
