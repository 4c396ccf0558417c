import Basics
import Crypto
import Testing

struct KeyTests {
    private func reason(_ pem: String) -> String {
        do {
            _ = try SigningKey(pem: Secret(pem))
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test func `an unreadable key file is told what it is and what to do`() throws {
        let key = try SigningKey(pem: SigningKey.generatePEM(.es256))
        #expect(reason(" \n").contains("it is empty"))
        #expect(reason("ghp_something").contains("not PEM"))
        #expect(reason("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").contains("damaged"))
        #expect(try reason(key.verificationKey.pem()).contains("a private key is needed"))
        #expect(reason("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n").contains("ssh-keygen"))
        #expect(reason("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").contains("certificate"))
        #expect(reason("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n").contains("openssl pkey"))
        #expect(reason(#"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"#).contains("line ends"))
    }

    @Test func `a private key is no public key`() throws {
        let pem = try SigningKey.generatePEM(.es256).reveal()
        #expect(throws: CryptoError.self) { try VerificationKey(pem: pem) }
    }

    @Test func `an error never holds the key`() throws {
        let pem = try SigningKey.generatePEM(.rs256).reveal()
        let damaged = pem.replacing("MII", with: "MIX", maxReplacements: 1)
        let body = String(pem.split(separator: "\n")[2])
        #expect(!reason(damaged).contains(body))
        #expect(reason(damaged) != "accepted")
    }
}
