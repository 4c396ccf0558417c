import HTTP

/// What the operator says of the App to be.
struct SetupAnswers: Sendable {
    /// Where GitHub reaches this server, without a slash at the end.
    let site: String
    let name: String
    /// Empty: the operator's own account.
    let organization: String

    init(site: String, name: String, organization: String) {
        var site = site
        while site.hasSuffix("/") { site.removeLast() }
        self.site = site
        self.name = name.isEmpty ? "fettle" : name
        self.organization = organization
    }

    /// What is wrong with them; `nil` when nothing is.
    var problem: String? {
        let rest = ["https://", "http://"].first { site.hasPrefix($0) }.map { site.dropFirst($0.count) } ?? ""
        let isAddress =
            !rest.isEmpty && !rest.hasPrefix("/") && rest.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"\"<>'`\\?#@".utf8.contains($0) }
        if !isAddress {
            return "the address begins with https:// and names the host that GitHub can reach, e.g. https://fettle.example.com"
        }
        if name.count > 34 { return "GitHub takes names of at most 34 characters" }
        let letters = organization.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
        }
        if !letters || organization.utf8.count > 39 { return "an organization's name has letters, digits and hyphens" }
        return nil
    }

    /// GitHub's page that takes the manifest.
    func registration(at site: String) -> String {
        organization.isEmpty ? "\(site)/settings/apps/new" : "\(site)/organizations/\(organization)/settings/apps/new"
    }
}
