import Basics

/// What errors say of a server: its host, and its own words made harmless.
struct ServerName: Sendable {
    /// Host and port, without path or credentials.
    let name: String
    private let key: Secret?

    init(url: String, key: Secret?) {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        name = String(authority.split(separator: "@").last ?? "?")
        self.key = key
    }

    /// One printable line of at most 200 characters, without our key: a server may send it back. Says so when there is none.
    func quote(_ text: String) -> String {
        var text = text
        if let key, !key.isEmpty { text = text.replacingExactly(key.reveal(), with: "[redacted]") }
        let printable = text.unicodeScalars.prefix(2000).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: Character(" ")
            default: Character(scalar)
            }
        }
        let words = String(printable).split(separator: " ").joined(separator: " ")
        if words.isEmpty { return "no reason given" }
        return words.count > 200 ? words.prefix(199) + "…" : words
    }
}
