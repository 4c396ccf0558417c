/// The address of a page of a forge, put together by us from its configured root and checked names: it may be published as a link.
package struct WebAddress: Sendable, Hashable, Codable {
    package let text: String

    /// `nil` unless `site` is an `http` or `https` root and every part is made of letters, digits, `-`, `_` and `.`.
    package init?(site: String, repository: RepositoryName, _ parts: String...) {
        guard site.hasPrefix("https://") || site.hasPrefix("http://") else { return nil }
        let isPlain = { (part: String, more: String) in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || more.utf8.contains($0)
                }
        }
        guard isPlain(site, "-_.:/[]"), parts.allSatisfy({ isPlain($0, "-_.") }) else { return nil }
        text = ([site, repository.description] + parts).joined(separator: "/")
    }

    package static func issue(_ number: Int, in repository: RepositoryName, site: String) -> WebAddress? {
        WebAddress(site: site, repository: repository, "issues", "\(number)")
    }

    package static func run(_ id: Int64, in repository: RepositoryName, site: String) -> WebAddress? {
        WebAddress(site: site, repository: repository, "actions", "runs", "\(id)")
    }

    package static func commit(_ id: CommitID, in repository: RepositoryName, site: String) -> WebAddress? {
        WebAddress(site: site, repository: repository, "commit", id.hex)
    }
}
