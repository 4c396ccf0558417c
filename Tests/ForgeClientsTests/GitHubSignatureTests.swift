import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import Testing

struct GitHubSignatureTests {
    let dialect = GitHubWebhookDialect()
    let body = Array(#"{"zen":"Keep it logically awesome."}"#.utf8)
    let secrets = [Secret("first"), Secret("second")]

    private func signature(_ secret: String) -> String { Hex.encode(HMACSHA256.authenticate(body, key: secret)) }

    private func verdict(_ values: String...) -> SignatureVerdict {
        let fields = values.map { HTTPHeaders.Field(name: "x-hub-signature-256", value: $0) }
        return dialect.verify(headers: HTTPHeaders(fields), body: body, secrets: secrets)
    }

    /// Source: docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries, "Testing the webhook payload validation"
    @Test func `the forge's own example verifies`() {
        let headers: HTTPHeaders = [
            "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        ]
        let verdict = dialect.verify(headers: headers, body: Array("Hello, World!".utf8), secrets: [Secret("It's a Secret to Everybody")])
        #expect(verdict == .valid)
    }

    @Test func `either of two secrets verifies`() {
        #expect(verdict("sha256=" + signature("first")) == .valid)
        #expect(verdict("sha256=" + signature("second")) == .valid)
        #expect(verdict("sha256=" + signature("third")) == .invalid(reason: .mismatch))
    }

    @Test func `a missing or empty header is refused`() {
        #expect(verdict() == .invalid(reason: .missing))
        #expect(verdict("") == .invalid(reason: .missing))
    }

    @Test func `a doubled header is refused even when both are right`() {
        let right = "sha256=" + signature("first")
        #expect(verdict(right, right) == .invalid(reason: .repeated))
        #expect(verdict("", right) == .invalid(reason: .repeated))
    }

    @Test func `any other form is refused`() {
        let right = signature("first")
        let forms = [
            "sha256=", "sha256=" + right.dropLast(), "sha256=" + right + "0", "sha256=" + right.uppercased(), "SHA256=" + right,
            "sha1=" + right, right, " sha256=" + right, "sha256=" + right.dropLast() + "é", "sha256=\(right), sha256=\(right)",
        ]
        for form in forms { #expect(verdict(form) == .invalid(reason: .badForm), "\(form)") }
    }

    @Test func `a SHA-1 signature alone is not believed`() {
        let headers: HTTPHeaders = ["X-Hub-Signature": "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6"]
        #expect(dialect.verify(headers: headers, body: body, secrets: secrets) == .invalid(reason: .outdated))
    }

    @Test func `without a secret nothing verifies, not even a signature made with an empty one`() {
        let headers: HTTPHeaders = ["X-Hub-Signature-256": "sha256=" + signature("")]
        #expect(dialect.verify(headers: headers, body: body, secrets: []) == .invalid(reason: .mismatch))
        #expect(dialect.verify(headers: headers, body: body, secrets: [Secret("")]) == .invalid(reason: .mismatch))
    }

    @Test func `one changed bit of the body is seen`() {
        var changed = body
        changed[3] ^= 1
        let headers: HTTPHeaders = ["X-Hub-Signature-256": "sha256=" + signature("first")]
        #expect(dialect.verify(headers: headers, body: changed, secrets: secrets) == .invalid(reason: .mismatch))
    }

    @Test func `the envelope is read from headers alone`() {
        let headers: HTTPHeaders = ["x-github-delivery": "d-1", "x-github-event": "push", "x-github-hook-id": "77"]
        #expect(dialect.envelope(headers: headers) == DeliveryEnvelope(deliveryID: "d-1", event: "push", hook: "77"))
        #expect(dialect.envelope(headers: [:]) == DeliveryEnvelope(deliveryID: nil, event: nil, hook: ""))
    }
}
