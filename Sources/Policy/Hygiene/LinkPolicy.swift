/// The web addresses a published text may link to.
package struct LinkPolicy: Sendable, Hashable {
    /// Host names in lower case, matched whole: `docs.github.com` does not allow `x.docs.github.com`.
    package let hosts: Set<String>

    package init(hosts: Set<String>) {
        self.hosts = hosts
    }

    /// References on weaknesses and on the forges' own features.
    package static let standard = LinkPolicy(hosts: [
        "cwe.mitre.org", "owasp.org", "cheatsheetseries.owasp.org", "docs.github.com", "docs.gitea.com", "nvd.nist.gov",
    ])

    package static let none = LinkPolicy(hosts: [])

    /// `https://host/path` of an allowed host, in plain characters only, and no page of an issue or pull request: naming one would
    /// write a reference into it.
    func allows(_ address: some Collection<UInt8>) -> Bool {
        let scheme = Array("https://".utf8)
        guard address.starts(with: scheme) else { return false }
        let rest = address.dropFirst(scheme.count)
        guard rest.allSatisfy({ $0.isLetterOrDigit || "/._~%?=+-".utf8.contains($0) }) else { return false }
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard hosts.contains(String(decoding: host.map(\.lowered), as: UTF8.self)) else { return false }
        let path = rest.map(\.lowered)
        let acting = ["www.", "gh-", "/issues/", "/pull/", "/pulls/", "/discussions/", "/commit/"]
        return !acting.contains { path.firstRange(of: Array($0.utf8)) != nil }
    }
}
