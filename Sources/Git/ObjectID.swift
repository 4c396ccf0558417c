/// The name of a commit, tree or blob: 40 or 64 lower-case hex digits. Safe as a command argument by its shape.
package struct ObjectID: Sendable, Hashable, Codable, CustomStringConvertible {
    package let hex: String

    package init?(_ text: some StringProtocol) {
        let length = text.utf8.count
        guard length == 40 || length == 64, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        hex = String(text)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = try ObjectID(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "an object id is 40 or 64 hex digits")
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
