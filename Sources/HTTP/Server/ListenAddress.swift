import CMicroHTTPD
import Glibc

/// Where a server listens: `127.0.0.1:8080`, `[::1]:0`, `0.0.0.0:80`. Port 0 is any free one. Names are not looked up, except `localhost`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An address literal, without brackets.
    package let host: String
    package let port: UInt16

    /// `nil` unless the text is an address literal (IPv6 in brackets) or `localhost`, a colon and a port.
    package init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), let port = UInt16(text[text.utf8.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        let bracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if bracketed { host = String(host.dropFirst().dropLast()) }
        self.init(host: host, port: port)
        guard isIPv6 == bracketed else { return nil }
    }

    /// `nil` unless `host` is an address literal.
    package init?(host: String, port: UInt16) {
        var buffer = in6_addr()
        guard inet_pton(AF_INET, host, &buffer) == 1 || inet_pton(AF_INET6, host, &buffer) == 1 else { return nil }
        self.host = host
        self.port = port
    }

    /// A free port on the loopback interface: for tests and the demo.
    package static let anyLoopback = ListenAddress(loopback: 0)

    private init(loopback port: UInt16) {
        host = "127.0.0.1"
        self.port = port
    }

    package var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// Only this machine can reach it.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The same address with the port that was bound.
    func bound(to port: UInt16) -> ListenAddress { ListenAddress(host: host, port: port) ?? self }

    /// Runs `body` with the address as the kernel wants it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}

/// The numeric address behind a socket address; `nil` for families other than IPv4 and IPv6.
func numericHost(_ address: UnsafePointer<sockaddr>?) -> String? {
    guard let address else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = Int32(address.pointee.sa_family)
    let raw = UnsafeRawPointer(address)
    let written: UnsafePointer<CChar>?
    switch family {
    case AF_INET: written = inet_ntop(family, raw + 4, &text, socklen_t(text.count))  // offset of sin_addr
    case AF_INET6: written = inet_ntop(family, raw + 8, &text, socklen_t(text.count))  // offset of sin6_addr
    default: written = nil
    }
    return written.map { _ in String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
