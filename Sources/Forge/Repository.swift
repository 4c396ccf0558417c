package import Basics

/// The kinds of forge we speak to. A new one is a folder in `ForgeClients` and a case here.
package enum ForgeKind: String, Sendable, Hashable, Codable, CaseIterable {
    case github
    case gitea
}

/// `owner/name`, checked to hold nothing but what the forges allow in either, so that it is safe in paths and addresses.
package struct RepositoryName: Sendable, Hashable, Codable, CustomStringConvertible {
    package let owner: String
    package let name: String

    /// `nil` unless both are 1 to 100 letters, digits, `-`, `_` or `.`, and neither is `.` or `..`.
    package init?(owner: String, name: String) {
        guard Self.isValid(owner), Self.isValid(name) else { return nil }
        self.owner = owner
        self.name = name
    }

    /// Reads `owner/name`.
    package init?(_ fullName: String) {
        let parts = fullName.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    package var description: String { "\(owner)/\(name)" }

    private static func isValid(_ part: String) -> Bool {
        (1...100).contains(part.utf8.count) && part != "." && part != ".."
            && part.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46 || byte == 95
            }
    }
}

/// Where a repository is and how we may reach it.
package struct RepositoryReference: Sendable, Hashable, Codable {
    package let forge: ForgeKind
    package let name: RepositoryName
    /// The GitHub App installation that covers it; `nil` with a plain token and on other forges.
    package let installation: Int64?

    package init(forge: ForgeKind, name: RepositoryName, installation: Int64? = nil) {
        self.forge = forge
        self.name = name
        self.installation = installation
    }

    /// How rows, logs and commands name it: `github:owner/name`.
    package var key: String { "\(forge.rawValue):\(name)" }
}

/// A full commit id: 40 or 64 lower-case hex digits.
package struct CommitID: Sendable, Hashable, Codable, CustomStringConvertible {
    package let hex: String

    package init?(_ text: String) {
        let lowered = text.lowercased()
        guard lowered.utf8.count == 40 || lowered.utf8.count == 64,
            lowered.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        hex = lowered
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = try CommitID(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a commit id is 40 or 64 hex digits")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    package var description: String { hex }
    /// The first eight digits, for people.
    package var short: String { String(hex.prefix(8)) }
}

/// Somebody on the forge.
package struct Account: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable {
        case user, bot, organization
    }

    package let login: UntrustedText
    package let kind: Kind

    package init(login: UntrustedText, kind: Kind) {
        self.login = login
        self.kind = kind
    }
}
