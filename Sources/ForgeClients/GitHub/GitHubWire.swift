import Basics
import Forge

/// A user, bot or organisation. GitHub sends null for accounts since deleted, and shows them as `ghost`.
struct GitHubAccountWire: Decodable {
    let login: String
    let type: String?

    var account: Account {
        let kind: Account.Kind =
            switch type {
            case "Bot": .bot
            case "Organization": .organization
            default: .user
            }
        return Account(login: UntrustedText(login), kind: kind)
    }
}

extension GitHubAccountWire? {
    /// Source: docs.github.com/account-and-profile, "Deleting your personal account"
    var orGhost: Account { self?.account ?? Account(login: "ghost", kind: .user) }
}

struct GitHubRepositoryWire: Decodable {
    let fullName: FullName

    enum CodingKeys: String, CodingKey {
        case fullName = "full_name"
    }
}

struct GitHubNumberWire: Decodable {
    let number: ItemNumber
}
