import Basics
import Crypto
import Testing

struct JSONWebTokenTests {
    let now = Timestamp(seconds: 1_800_000_000)

    @Test(arguments: [SignatureAlgorithm.rs256, .es256])
    func `a signed token is accepted by the public half alone`(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey(pem: SigningKey.generatePEM(algorithm))
        let published = try VerificationKey(pem: key.verificationKey.pem())
        let token = try JSONWebToken.sign(["iss": "42", "exp": 1_800_000_060], with: key)
        let claims = try JSONWebToken.verify(token, with: published, at: now)
        #expect(claims["iss"]?.string == "42")
        #expect(key.algorithm == algorithm)
    }

    @Test(arguments: [SignatureAlgorithm.rs256, .es256])
    func `no changed character of a token is accepted`(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey(pem: SigningKey.generatePEM(algorithm))
        let token = try JSONWebToken.sign(["exp": 1_800_000_060], with: key)
        let characters = Array(token.utf8)
        for index in stride(from: 0, to: characters.count - 1, by: 7) {
            var changed = characters
            changed[index] = changed[index] == 65 ? 66 : 65
            #expect(throws: CryptoError.self, "changed at \(index)") {
                try JSONWebToken.verify(String(decoding: changed, as: UTF8.self), with: key.verificationKey, at: now)
            }
        }
    }

    @Test func `a token of another key, another algorithm or none is refused`() throws {
        let rsa = try SigningKey(pem: SigningKey.generatePEM(.rs256))
        let ec = try SigningKey(pem: SigningKey.generatePEM(.es256))
        let other = try SigningKey(pem: SigningKey.generatePEM(.es256))
        let token = try JSONWebToken.sign(["exp": 1_800_000_060], with: ec)
        let unsigned = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(Array(#"{"exp":1900000000}"#.utf8)) + "."
        for (token, key) in [(token, rsa), (token, other), (unsigned, ec)] {
            #expect(throws: CryptoError.self) { try JSONWebToken.verify(token, with: key.verificationKey, at: now) }
        }
    }

    @Test func `time claims hold within the leeway`() throws {
        let key = try SigningKey(pem: SigningKey.generatePEM(.es256))
        let expired = try JSONWebToken.sign(["exp": 1_799_999_900], with: key)
        let early = try JSONWebToken.sign(["exp": 1_800_000_900, "nbf": 1_800_000_100], with: key)
        let endless = try JSONWebToken.sign([:], with: key)
        for token in [expired, early, endless] {
            #expect(throws: CryptoError.self) { try JSONWebToken.verify(token, with: key.verificationKey, at: now) }
        }
        #expect(throws: Never.self) {
            try JSONWebToken.verify(expired, with: key.verificationKey, at: now, leeway: .seconds(101))
        }
    }

    @Test(arguments: ["", ".", "..", "a.b.c", "e30.e30.e30", String(repeating: "a", count: 20_000), "e30.e30.e30.e30"])
    func `what is no token is refused`(text: String) throws {
        let key = try SigningKey(pem: SigningKey.generatePEM(.es256))
        #expect(throws: CryptoError.self) { try JSONWebToken.verify(text, with: key.verificationKey, at: now) }
    }
}
