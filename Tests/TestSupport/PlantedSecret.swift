import Basics
import FoundationEssentials

/// A kind of credential: pieces that stay, and how many characters of which alphabet follow each. Made at random, and written in
/// every way in which a log brings it.
package struct PlantedSecret: Sendable {
    package let name: String
    private let pieces: [(text: String, count: Int, alphabet: String)]

    package init(_ name: String, _ pieces: (text: String, count: Int, alphabet: String)...) {
        self.name = name
        self.pieces = pieces
    }

    package func make(_ random: SeededRandom) -> String {
        pieces.map { piece in
            let letters = Array(piece.alphabet)
            return piece.text + String((0..<piece.count).map { _ in letters[random.below(letters.count)] })
        }.joined()
    }

    private static let hex = "0123456789abcdef"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    package static let word = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

    package static let kinds: [PlantedSecret] = [
        PlantedSecret("AWS key id", ("AKIA", 16, upper)), PlantedSecret("AWS session key id", ("ASIA", 16, upper)),
        PlantedSecret("GitHub personal", ("ghp_", 36, word)),
        PlantedSecret("GitHub installation", ("ghs_", 36, word)), PlantedSecret("GitHub fine-grained", ("github_pat_", 60, word)),
        PlantedSecret("GitLab", ("glpat-", 20, word)), PlantedSecret("GitLab runner", ("glrt-", 20, word)),
        PlantedSecret("Slack bot", ("xoxb-", 40, word)),
        PlantedSecret("Slack app", ("xapp-", 50, word)),
        PlantedSecret("Slack webhook", ("https://hooks.slack.com/services/T", 8, upper), ("/B", 8, upper), ("/", 24, word)),
        PlantedSecret("Stripe", ("sk_live_", 24, word)), PlantedSecret("Stripe restricted", ("rk_live_", 24, word)),
        PlantedSecret("Google API", ("AIza", 35, word)),
        PlantedSecret("Google OAuth", ("GOCSPX-", 28, word)), PlantedSecret("npm", ("npm_", 36, word)),
        PlantedSecret("PyPI", ("pypi-AgE", 80, word)),
        PlantedSecret("RubyGems", ("rubygems_", 48, hex)), PlantedSecret("Anthropic", ("sk-ant-", 80, word)),
        PlantedSecret("OpenAI", ("sk-proj-", 60, word)),
        PlantedSecret("Hugging Face", ("hf_", 34, word)), PlantedSecret("SendGrid", ("SG.", 22, word), (".", 43, word)),
        PlantedSecret("Twilio", ("SK", 32, hex)),
        PlantedSecret("DigitalOcean", ("dop_v1_", 64, hex)), PlantedSecret("Docker Hub", ("dckr_pat_", 27, word)),
        PlantedSecret("Shopify", ("shpat_", 32, hex)),
        PlantedSecret("Databricks", ("dapi", 32, hex)), PlantedSecret("Vault", ("hvs.", 90, word)),
        PlantedSecret("Grafana", ("glsa_", 32, word), ("_", 8, hex)),
        PlantedSecret("Linear", ("lin_api_", 40, word)), PlantedSecret("New Relic", ("NRAK-", 27, upper)),
        PlantedSecret("Doppler", ("dp.pt.", 43, word)),
        PlantedSecret("Postman", ("PMAK-", 24, hex), ("-", 34, hex)), PlantedSecret("Pulumi", ("pul-", 40, hex)),
        PlantedSecret("Supabase", ("sbp_", 40, hex)),
        PlantedSecret("Buildkite", ("bkua_", 40, hex)), PlantedSecret("Figma", ("figd_", 40, word)),
        PlantedSecret("Groq", ("gsk_", 52, word)),
        PlantedSecret("Mailgun", ("key-", 32, hex)), PlantedSecret("Atlassian", ("ATATT3", 180, word)),
        PlantedSecret("JFrog", ("AKCp", 69, word)),
        PlantedSecret("NuGet", ("oy2", 43, word)), PlantedSecret("crates.io", ("cio", 32, word)),
        PlantedSecret("Sentry", ("sntryu_", 64, hex)),
        PlantedSecret("JSON web token", ("eyJ", 30, word), (".eyJ", 60, word), (".", 43, word)),
        PlantedSecret(
            "private key", ("-----BEGIN PRIVATE KEY-----\n", 64, word), ("\n", 64, word), ("\n-----END PRIVATE KEY-----", 0, hex)),
        PlantedSecret("password in an address", ("postgres://app:", 14, word), ("@db.internal/shop", 0, hex)),
        PlantedSecret("bearer header", ("Authorization: Bearer ", 40, word)),
        PlantedSecret("assigned key", ("AWS_SECRET_ACCESS_KEY=", 40, word)),
        PlantedSecret("simple password", ("DB_PASSWORD=letmein", 2, "123456789")),
        PlantedSecret("quoted password", ("\"password\": \"", 8, word), ("\"", 0, hex)),
    ]

    package enum Writing: CaseIterable, Sendable {
        case plain, base64, base64URL, percent, json, hexadecimal, colours, wrapped
    }

    package static func write(_ secret: String, _ writing: Writing) -> String {
        let bytes = Array(secret.utf8)
        let middle = secret.index(secret.startIndex, offsetBy: secret.count / 2)
        switch writing {
        case .plain: return secret
        case .base64: return Data(bytes).base64EncodedString()
        case .base64URL:
            return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        case .percent: return bytes.map { ($0.isWordByte ? String(UnicodeScalar($0)) : "%" + twoDigits($0).uppercased()) }.joined()
        case .json: return String(JSONValue.string(secret).text.dropFirst().dropLast()).replacing("/", with: "\\/")
        case .hexadecimal: return bytes.map(twoDigits).joined()
        case .colours: return secret[..<middle] + "\u{1B}[0m\u{1B}[31;1m" + secret[middle...]
        case .wrapped: return secret[..<middle] + "\n" + secret[middle...]
        }
    }

    private static func twoDigits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    /// Eight characters of the written secret's second half that are still there; its own words, which say nothing, left out.
    package static func remains(of written: String, in redacted: String) -> String? {
        let text = Array(redacted.utf8)
        for piece in written.utf8.dropFirst(written.utf8.count / 2).split(whereSeparator: { $0 <= 32 }) where piece.count >= 8 {
            let bytes = Array(piece)
            for start in 0...(bytes.count - 8) where text.firstRange(of: bytes[start..<(start + 8)]) != nil {
                let found = String(decoding: bytes[start..<(start + 8)], as: UTF8.self)
                if !harmless.contains(where: { $0.contains(found) }) { return found }
            }
        }
        return nil
    }

    /// Eight telling characters from the written secret's second half; `nil` where it has none.
    package static func sample(of written: String) -> [UInt8]? {
        for piece in written.utf8.dropFirst(written.utf8.count / 2).split(whereSeparator: { $0 <= 32 }) where piece.count >= 8 {
            let bytes = Array(piece)
            for start in 0...(bytes.count - 8) {
                let text = String(decoding: bytes[start..<(start + 8)], as: UTF8.self)
                if !harmless.contains(where: { $0.contains(text) }) { return Array(text.utf8) }
            }
        }
        return nil
    }

    private static let harmless = ["@db.internal/shop", "@db.internal\\/shop", "%40db.internal%2Fshop", "-----END", "[31;1m"]
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || "-_.~".utf8.contains(self)
    }
}
