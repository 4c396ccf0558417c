package import Basics
import Crypto
package import Storage

/// The hidden marker by which we know our own objects again. It proves nothing about its author: look for it only on objects that
/// our own identity wrote.
package struct EffectMarker: Sendable {
    private let key: [UInt8]

    package init(key: Secret) {
        self.key = Array(key.reveal().utf8)
    }

    /// The operator's key, else the one this database keeps; made at first start.
    package static func load(from database: any Database, override: Secret?) async throws -> EffectMarker {
        if let override, !override.isEmpty { return EffectMarker(key: override) }
        let fresh = try SecureRandom.hex(bytes: 32)
        return try await database.write { transaction in
            let sql = "INSERT INTO keys (name, value) VALUES ('marker', ?) ON CONFLICT (name) DO NOTHING"
            try transaction.execute(sql, [.text(fresh)])
            let rows = try transaction.query("SELECT value FROM keys WHERE name = 'marker'")
            return EffectMarker(key: Secret(try rows.first?.text("value") ?? fresh))
        }
    }

    /// An HTML comment for the end of a body, one per stable key.
    package func comment(for stableKey: String) -> String { "<!-- fettle:\(code(for: stableKey)) -->" }

    package func isIn(_ text: UntrustedText, for stableKey: String) -> Bool { text.raw.contains(comment(for: stableKey)) }

    /// The bare code, for fields the forge hands back, such as a check run's external id.
    package func code(for stableKey: String) -> String {
        Hex.encode(HMACSHA256.authenticate(Array(stableKey.utf8), key: key).prefix(16))
    }
}
