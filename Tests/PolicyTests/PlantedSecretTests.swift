import Basics
import FoundationEssentials
import Policy
import TestSupport
import Testing

/// Credentials of every kind we know, made at random, written in every way in which a log brings them.
@Suite struct PlantedSecretTests {
    /// What a kind looks like: pieces that stay, and how many characters of which alphabet follow each.
    struct Kind: CustomTestStringConvertible {
        let name: String
        let pieces: [(text: String, count: Int, alphabet: String)]
        var testDescription: String { name }

        init(_ name: String, _ pieces: (text: String, count: Int, alphabet: String)...) {
            self.name = name
            self.pieces = pieces
        }

        func make(_ random: SeededRandom) -> String {
            pieces.map { piece in
                let letters = Array(piece.alphabet)
                return piece.text + String((0..<piece.count).map { _ in letters[random.below(letters.count)] })
            }.joined()
        }
    }

    private static let hex = "0123456789abcdef"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    private static let word = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

    static let kinds: [Kind] = [
        Kind("AWS key id", ("AKIA", 16, upper)), Kind("AWS session key id", ("ASIA", 16, upper)),
        Kind("GitHub personal", ("ghp_", 36, word)),
        Kind("GitHub installation", ("ghs_", 36, word)), Kind("GitHub fine-grained", ("github_pat_", 60, word)),
        Kind("GitLab", ("glpat-", 20, word)), Kind("GitLab runner", ("glrt-", 20, word)), Kind("Slack bot", ("xoxb-", 40, word)),
        Kind("Slack app", ("xapp-", 50, word)),
        Kind("Slack webhook", ("https://hooks.slack.com/services/T", 8, upper), ("/B", 8, upper), ("/", 24, word)),
        Kind("Stripe", ("sk_live_", 24, word)), Kind("Stripe restricted", ("rk_live_", 24, word)), Kind("Google API", ("AIza", 35, word)),
        Kind("Google OAuth", ("GOCSPX-", 28, word)), Kind("npm", ("npm_", 36, word)), Kind("PyPI", ("pypi-AgE", 80, word)),
        Kind("RubyGems", ("rubygems_", 48, hex)), Kind("Anthropic", ("sk-ant-", 80, word)), Kind("OpenAI", ("sk-proj-", 60, word)),
        Kind("Hugging Face", ("hf_", 34, word)), Kind("SendGrid", ("SG.", 22, word), (".", 43, word)), Kind("Twilio", ("SK", 32, hex)),
        Kind("DigitalOcean", ("dop_v1_", 64, hex)), Kind("Docker Hub", ("dckr_pat_", 27, word)), Kind("Shopify", ("shpat_", 32, hex)),
        Kind("Databricks", ("dapi", 32, hex)), Kind("Vault", ("hvs.", 90, word)), Kind("Grafana", ("glsa_", 32, word), ("_", 8, hex)),
        Kind("Linear", ("lin_api_", 40, word)), Kind("New Relic", ("NRAK-", 27, upper)), Kind("Doppler", ("dp.pt.", 43, word)),
        Kind("Postman", ("PMAK-", 24, hex), ("-", 34, hex)), Kind("Pulumi", ("pul-", 40, hex)), Kind("Supabase", ("sbp_", 40, hex)),
        Kind("Buildkite", ("bkua_", 40, hex)), Kind("Figma", ("figd_", 40, word)), Kind("Groq", ("gsk_", 52, word)),
        Kind("Mailgun", ("key-", 32, hex)), Kind("Atlassian", ("ATATT3", 180, word)), Kind("JFrog", ("AKCp", 69, word)),
        Kind("NuGet", ("oy2", 43, word)), Kind("crates.io", ("cio", 32, word)), Kind("Sentry", ("sntryu_", 64, hex)),
        Kind("JSON web token", ("eyJ", 30, word), (".eyJ", 60, word), (".", 43, word)),
        Kind("private key", ("-----BEGIN PRIVATE KEY-----\n", 64, word), ("\n", 64, word), ("\n-----END PRIVATE KEY-----", 0, hex)),
        Kind("password in an address", ("postgres://app:", 14, word), ("@db.internal/shop", 0, hex)),
        Kind("bearer header", ("Authorization: Bearer ", 40, word)), Kind("assigned key", ("AWS_SECRET_ACCESS_KEY=", 40, word)),
        Kind("simple password", ("DB_PASSWORD=letmein", 2, "123456789")),
        Kind("quoted password", ("\"password\": \"", 8, word), ("\"", 0, hex)),
    ]

    enum Writing: CaseIterable {
        case plain, base64, base64URL, percent, json, hexadecimal, colours, wrapped
    }

    private static func write(_ secret: String, _ writing: Writing) -> String {
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

    @Test func `over five hundred secrets of every kind in eight writings leave nothing behind`() {
        let random = SeededRandom(seed: 77)
        let redactor = Redactor()
        var planted = 0
        for kind in Self.kinds {
            for _ in 0..<11 {
                let secret = kind.make(random)
                planted += 1
                for writing in Writing.allCases {
                    let written = Self.write(secret, writing)
                    let text = "2026-04-22 step 3 says: \(written) and goes on\nmake: *** [all] Error 2"
                    let redacted = redactor.redact(text).text
                    let rest = Self.remains(of: written, in: redacted)
                    #expect(rest == nil, "\(kind.name), \(writing): \(rest ?? "")")
                    #expect(redacted.hasSuffix("Error 2"))
                }
            }
        }
        #expect(planted >= 500)
        #expect(Self.kinds.count >= 30)
    }

    @Test func `registered secrets are found in every writing, also broken by colours and line ends`() {
        let random = SeededRandom(seed: 78)
        for _ in 0..<60 {
            let secret = Kind("own", ("corp-", 12, Self.word)).make(random)
            let redactor = Redactor(secrets: [Secret(secret)])
            for writing in Writing.allCases {
                let written = Self.write(secret, writing)
                let redacted = redactor.redact("x \(written) y").text
                #expect(Self.remains(of: written, in: redacted) == nil, "\(writing): \(redacted)")
            }
        }
    }

    @Test func `lines that belong together lose a secret that a line end broke, and stay as many`() {
        let token = "ghp_" + String(repeating: "a1B2", count: 9)
        let lines = ["before", "token \(token.prefix(20))", "\(token.dropFirst(20)) after", "end"]
        #expect(Redactor().redact(lines: lines) == ["before", "token (redacted:github-token)", " after", "end"])
        #expect(Redactor().redact(lines: ["a", "", "b"]) == ["a", "", "b"])
    }

    @Test(arguments: [
        "commit 3f2a9d1c4b5e6f708192a3b4c5d6e7f809182736", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Digest: sha512-3q2+7wQrFZ0M1p0bJ0c4mJmZ1w8o3o9mJ1y0l9r2v5u8x/A1D4G7K0N3Q6T9W2Z5c8f1i4l7o0r3u6x9==",
        "uuid 123e4567-e89b-12d3-a456-426614174000", "password: required", "Enter password:", "password = input()", "secret=true",
        "docker run -u 1000:1000 image", "The password must not be empty", "invalid password: must be at least 8 characters",
        "/usr/lib/python3/dist-packages/setuptools/command/build_py.py", "bypass=on", "PASSWORD=$SECRET", "--password-file /run/x",
    ])
    func `commit ids, digests and words about passwords stay as they are`(text: String) {
        #expect(Redactor().redact(text).text == text)
    }

    @Test func `a text that is too long to search does not leave`() {
        let text = String(repeating: "x", count: Redactor.longestText.bytes + 1)
        #expect(Redactor().redact(text).text.hasPrefix("(withheld"))
    }

    /// Eight characters of the written secret's second half that are still there; its own words, which say nothing, left out.
    private static func remains(of written: String, in redacted: String) -> String? {
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

    private static let harmless = ["@db.internal/shop", "@db.internal\\/shop", "%40db.internal%2Fshop", "-----END", "[31;1m"]
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || "-_.~".utf8.contains(self)
    }
}
