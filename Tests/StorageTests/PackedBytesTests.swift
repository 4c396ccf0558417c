import TestSupport
import Testing

@testable import Storage

@Suite struct PackedBytesTests {
    private func roundTrip(_ bytes: [UInt8]) -> [UInt8]? { PackedBytes.pack(bytes).withUnsafeBytes { PackedBytes.unpack($0) } }

    @Test func `whatever is packed comes back as it was`() {
        let random = SeededRandom(seed: 7)
        for length in [0, 1, 7, 8, 511, 512, 513, 4096, 65_536, 300_000] {
            let noise = (0..<length).map { _ in UInt8(random.below(256)) }
            let text = Array(
                String(repeating: #"{"url":"https://api.example/repos/octo/demo","id":1}"#, count: length / 50 + 1).utf8.prefix(length))
            #expect(roundTrip(noise) == noise)
            #expect(roundTrip(text) == text)
        }
    }

    @Test func `what looks packed and is not comes back as it was too`() {
        for tail in [[], [0, 0, 0, 0], [255, 255, 255, 255, 1, 2, 3], Array(repeating: UInt8(9), count: 2000)] {
            let bytes = [0x00, 0x4C, 0x5A, 0x34] + tail
            #expect(roundTrip(bytes) == bytes)
        }
    }

    @Test func `a text with repetitions takes a small part of its room`() {
        let text = Array(String(repeating: #"{"url":"https://api.example/repos/octo/demo","id":1}"#, count: 400).utf8)
        #expect(PackedBytes.pack(text).count * 5 < text.count)
    }

    @Test func `damaged bytes are noticed or come out otherwise, and nothing is read or written beyond them`() {
        let random = SeededRandom(seed: 8)
        let packed = PackedBytes.pack(Array(String(repeating: "abcdefgh 12345 ", count: 300).utf8))
        for _ in 0..<2000 {
            var damaged = packed
            for _ in 0...random.below(4) { damaged[random.below(damaged.count)] = UInt8(random.below(256)) }
            if random.below(3) == 0 { damaged.removeLast(random.below(damaged.count)) }
            _ = damaged.withUnsafeBytes { PackedBytes.unpack($0) }
        }
        #expect(packed.dropLast(3).withUnsafeBytes { PackedBytes.unpack($0) } == nil)
    }
}
