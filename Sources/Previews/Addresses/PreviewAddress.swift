/// Where a preview answers: an absolute `http` or `https` address, safe to publish and to link to.
package struct PreviewAddress: Sendable, Hashable, CustomStringConvertible {
    package let url: String

    /// `nil` unless it begins with `http://` or `https://`, names a host and perhaps a port, holds no user, and nothing but the characters
    /// an address may have (RFC 3986), at most 500 of them.
    package init?(_ text: String) {
        guard let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }), text.utf8.count <= 500,
            text.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard Self.isAuthority(authority) else { return nil }
        url = scheme + text.dropFirst(scheme.count)
    }

    package var description: String { url }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
        }
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        if text.contains("@") { return false }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), text[text.index(after: text.startIndex)..<end].contains(":") else { return false }
            return isPort(text[text.index(after: end)...])
        }
        let host = text.prefix { $0 != ":" }
        let isHost =
            !host.isEmpty
            && host.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46 || byte == 95
            }
        return isHost && isPort(text.dropFirst(host.count))
    }

    /// Nothing, or `:` and a port.
    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        guard text.first == ":", let port = Int(text.dropFirst()), text.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }) else {
            return false
        }
        return (1...65535).contains(port)
    }
}
