import Basics
import Crypto
package import Forge

/// Which environment is meant: one pull request of one repository.
package struct PreviewIdentity: Sendable, Hashable, Codable, CustomStringConvertible {
    package let forge: ForgeKind
    package let repository: RepositoryName
    package let number: Int

    package init(forge: ForgeKind, repository: RepositoryName, number: Int) {
        self.forge = forge
        self.repository = repository
        self.number = number
    }

    package init(_ pull: PullRequestReference) {
        self.init(forge: pull.repository.forge, repository: pull.repository.name, number: pull.number)
    }

    /// Reads `description`; what drivers write beside what they make, to know it again.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let hash = text.lastIndex(of: "#"), colon < hash,
            let forge = ForgeKind(rawValue: String(text[..<colon])),
            let repository = RepositoryName(String(text[text.index(after: colon)..<hash])),
            let number = Int(text[text.index(after: hash)...]), number > 0
        else { return nil }
        self.init(forge: forge, repository: repository, number: number)
    }

    /// `github:octo/demo#5`
    package var description: String { "\(forge.rawValue):\(repository)#\(number)" }

    /// The forge's environment, one for each pull request, so that none deactivates another's: `pr-5`.
    package var environment: String { "pr-\(number)" }

    /// A name of at most 40 characters for namespaces, projects, databases and folders: letters, digits and hyphens, begins with a letter.
    /// Two identities never share one.
    package var slug: String {
        "pr-\(number)-\(Self.label(of: repository.name, limit: 16))-\(SHA256.hex(of: Array(description.utf8)).prefix(8))"
    }

    /// The name as part of a host name: lower-case letters, digits and inner hyphens.
    static func label(of name: String, limit: Int) -> String {
        let letters = name.lowercased().utf8.prefix(limit).map { byte in
            (48...57).contains(byte) || (97...122).contains(byte) ? byte : UInt8(ascii: "-")
        }
        let text = String(decoding: letters, as: UTF8.self)
        let trimmed = text.drop { $0 == "-" }
        let end = trimmed.lastIndex { $0 != "-" }
        return end.map { String(trimmed[...$0]) } ?? "x"
    }
}
