package import HTTP

/// Lets only requests through that come from this machine and name it: the pages have no sign-in yet.
///
/// The Host check stops DNS rebinding, where a page elsewhere makes a browser on this machine ask us under its own name.
package struct LoopbackGuard: Sendable {
    package init() {}

    /// The refusal, or `nil` for a request that may pass. A request without a socket (`peer` is `nil`) is our own.
    package func refusal(of request: HTTPRequest) -> HTTPResponse? {
        if let peer = request.peer, !Self.isLoopback(host: Self.host(of: peer)) {
            return .text(403, "pages are served to this machine only; open an SSH tunnel: ssh -L 8080:127.0.0.1:8080 HOST")
        }
        let hosts = request.headers.values("Host")
        guard hosts.count == 1, Self.isLoopback(host: Self.host(of: hosts[0])) else {
            return .text(403, "the Host header names another machine; open the page as http://127.0.0.1:PORT/ or http://localhost:PORT/")
        }
        // A header of a proxy in front: the peer is then not who asks.
        for name in ["X-Forwarded-For", "Forwarded", "X-Real-IP"] where request.headers[name] != nil {
            return .text(403, "pages are not served through a proxy until sign-in is built")
        }
        return nil
    }

    /// The host of `127.0.0.1:8080`, `[::1]:8080` or `localhost`.
    static func host(of address: String) -> String {
        if address.hasPrefix("[") { return String(address.dropFirst().prefix { $0 != "]" }) }
        let colons = address.utf8.count { $0 == UInt8(ascii: ":") }
        return colons == 1 ? String(address.prefix { $0 != ":" }) : address
    }

    static func isLoopback(host: String) -> Bool {
        if host == "::1" || host == "localhost" || host == "::ffff:127.0.0.1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
