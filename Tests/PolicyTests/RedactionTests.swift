import Basics
import FoundationEssentials
import LLM
import Policy
import TestSupport
import Testing

@Suite struct RedactionTests {
    /// Written in halves, so that no scanner takes this file for a leak.
    private static let empty = ""
    private static let nine = String(repeating: "a1B2", count: 9)
    private static let twelve = String(repeating: "a1B2", count: 12)
    private static let shaped: [(String, String)] = [
        ("AKIA\(empty)IOSFODNN7EXAMPL2", "aws-access-key"), ("ghp_\(nine)", "github-token"),
        ("github_pat_\(twelve)", "github-token"), ("glpat-\(empty)abcDEF123456ghiJKL78", "gitlab-token"),
        ("xoxb-\(empty)123456789012-abcdefABCDEF", "slack-token"), ("sk_live_\(empty)abcdefghijklmnop1234", "stripe-key"),
        ("AIza\(empty)SyA1234567890abcdefghijklmnopqrstuv", "google-api-key"), ("npm_\(nine)", "npm-token"),
        ("pypi-AgE\(twelve)", "pypi-token"),
        ("eyJhbGciOiJIUzI1NiJ9\(empty).eyJzdWIiOiIxMjM0In0.abcDEF123456_-xyz", "json-web-token"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----", "private-key"),
        ("postgres://app:s3cr3tPass@db/x", "url-password"), ("Authorization: Bearer abc123DEF456ghi789JKL", "authorization"),
        ("DB_PASSWORD = \"k9#Vq2!mZx7\"", "assigned-secret"), ("api_key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0", "assigned-secret"),
    ]

    @Test(arguments: shaped)
    func `credentials are known by their shape`(text: String, kind: String) {
        let redacted = Redactor().redact("before \(text) after\\n\(text)")
        #expect(redacted.counts[kind] == 2, "\(redacted)")
        #expect(Redactor().redact(redacted.text).text == redacted.text)
    }

    @Test(arguments: [
        "token = getToken(request)", "password: ${{ secrets.DB_PASSWORD }}", "let secretName = \"database\"", "sk-learn is a library",
        "https://user@example.org/path", "the token: identifier of the thing", "AKIA in a word AKIAXX",
        "const tokenizerVersionNumber = tokenizerVersion12",
        "password = os.environ[\"PASSWORD\"]", "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----", "checksum = \"sha256\"",
    ])
    func `ordinary code stays as it is`(text: String) {
        #expect(Redactor().redact(text).text == text)
    }

    @Test func `a registered secret is found in every encoding`() {
        let value = "pä$$ w/rd\"<1>&=+"
        let redactor = Redactor(secrets: [Secret(value)])
        let bytes = Array(value.utf8)
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let forms = [
            value, hex, hex.uppercased(), JSONValue.string(value).text, "p%C3%A4%24%24%20w%2Frd%22%3C1%3E%26%3D%2B",
            "p%C3%A4%24%24+w%2Frd%22%3C1%3E%26%3D%2B", "pä$$ w/rd&quot;&lt;1&gt;&amp;=+",
        ]
        for form in forms { #expect(redactor.redact("x\(form)y").counts["configured-secret"] == 1, "\(form)") }
        for offset in 0..<4 {
            let text = Data(Array(repeating: UInt8(ascii: "z"), count: offset) + bytes + Array("tail".utf8)).base64EncodedString()
            #expect(redactor.redact(text).counts["configured-secret"] == 1, "offset \(offset)")
        }
    }

    @Test func `short values are no secrets, and nothing registered changes nothing`() {
        #expect(Redactor(secrets: [Secret("abc"), Secret("")]).redact("abc abc").text == "abc abc")
    }

    @Test func `prompts lose credentials and hidden characters`() {
        let prompt = Redactor(secrets: [Secret("hunter2hunter2")]).prompt("a\u{200B}b hunter2\u{E0041}hunter2 c\r\nd")
        #expect(prompt.text == "ab (redacted:configured-secret) c\nd")
    }

    @Test func `random bytes never trap the scanner`() {
        let random = SeededRandom(seed: 5)
        let pieces = [
            "AKIA", "eyJ", ".eyJ", "-----BEGIN ", "PRIVATE KEY", "-----", "://", ":", "@", "=", "token", "\"", "Bearer ", "\\n", "%3", "é",
            "A1b2C3d4",
        ]
        let redactor = Redactor(secrets: [Secret("A1b2C3d4A1b2")])
        for _ in 0..<3000 {
            let text = (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
            let once = redactor.redact(text).text
            #expect(redactor.redact(once).text == once, "\(text)")
        }
    }
}
