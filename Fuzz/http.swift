import Basics
@testable import HTTP

/// A request head as the library hands it over: the first line is method, target and version, then one header a line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    let fields = lines.dropFirst().map { line -> HTTPHeaders.Field in
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return .init(name: parts[0], value: parts.count > 1 ? parts[1] : "")
    }
    let raw = RawHead(
        method: words[0], target: words.count > 1 ? words[1] : "/", version: words.count > 2 ? words[2] : "HTTP/1.1", fields: fields)
    if let target = RequestTarget(parsing: raw.target) { check(target) }
    _ = ListenAddress(lines[0])
    _ = try? CheckedRequest(ClientRequest(HTTPMethod(words[0]), raw.target, headers: HTTPHeaders(fields)))
    guard let head = try? RequestHead(checking: raw, limits: ServerLimits()) else { return 0 }
    precondition(head.request.headers.values("Transfer-Encoding").isEmpty || head.request.headers.values("Content-Length").isEmpty)
    if case .bytes(let length) = head.length { precondition(length >= 0) }
    _ = router.bodyLimit(for: head.request)
    _ = router.routeName(for: head.request)
    return 0
}

private let router: Router = {
    var router = Router()
    router.get("/jobs/{id}") { _ in .text(200, "") }
    router.get("/files/{path...}") { _ in .text(200, "") }
    router.post("/webhooks/github") { _ in .text(202, "") }
    return router
}()

private func check(_ target: RequestTarget) {
    precondition(!target.segments.contains { $0 == ".." || $0 == "." }, "a path climbs")
    precondition(!target.path.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a path has control characters")
    let encoded = target.segments.map { "/" + PercentEncoding.encode($0) }.joined()
    precondition(RequestTarget(parsing: encoded)?.segments == target.segments, "encoding and decoding differ")
}
