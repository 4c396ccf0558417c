import Crypto
import Testing

struct HashTests {
    @Test func `SHA-256 agrees with the standard's examples`() {
        #expect(SHA256.hex(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hex(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// Source: RFC 4231, test cases 1, 2, 6
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC agrees with the standard's examples`(key: [UInt8], message: String, expected: String) {
        #expect(Hex.encode(HMACSHA256.authenticate(Array(message.utf8), key: key)) == expected)
    }

    @Test func `HMAC takes an empty key and an empty message`() {
        #expect(
            Hex.encode(HMACSHA256.authenticate([], key: "")) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func `HMACs made side by side do not disturb each other`() async {
        let message = [UInt8](repeating: 7, count: 10_000)
        let expected = (0..<8).map { HMACSHA256.authenticate(message, key: [UInt8($0)]) }
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask { HMACSHA256.authenticate(message, key: [UInt8(index % 8)]) == expected[index % 8] }
            }
            for await equal in group { #expect(equal) }
        }
    }

    @Test func `comparison sees every difference`() {
        #expect(ConstantTime.areEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
        #expect(ConstantTime.areEqual([UInt8](), []))
        #expect(ConstantTime.areEqual("token", "token"))
        #expect(!ConstantTime.areEqual("token", "tokens"))
    }

    @Test func `random bytes have the asked length and differ`() throws {
        #expect(try SecureRandom.bytes(32).count == 32)
        #expect(try SecureRandom.hex(bytes: 16) != SecureRandom.hex(bytes: 16))
        #expect(try SecureRandom.bytes(0).isEmpty)
    }
}
