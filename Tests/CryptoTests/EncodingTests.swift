import Crypto
import TestSupport
import Testing

struct EncodingTests {
    @Test func `hex goes there and back`() {
        #expect(Hex.encode([0, 15, 255]) == "000fff")
        #expect(Hex.decode("000fff") == [0, 15, 255])
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "0G", "FF", "0x", " 00", "é0"])
    func `what is not lower-case hex is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    /// Source: RFC 4648 §10, without padding
    @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("\u{3ff}\u{3ff}", "z7_Pvw")])
    func `base64url goes there and back`(text: String, encoded: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Zg==", "Zm+v", "Zm/v", "A", "Z g"])
    func `what is not base64url is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `any bytes survive both encodings`() {
        let random = SeededRandom(seed: 1)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
