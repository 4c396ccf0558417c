/// Chance as an argument: tests pass a seeded one and get the same run again.
package protocol RandomSource: Sendable {
    /// Uniform over all values. Not for keys: those come from `Crypto`.
    func next() -> UInt64
}

package struct SystemRandom: RandomSource {
    package init() {}

    package func next() -> UInt64 { UInt64.random(in: .min ... .max) }
}

extension RandomSource {
    /// Uniform in 0..<1.
    package func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// 26 characters, sortable by time: 48 bits of milliseconds, then 80 of chance. Source: github.com/ulid/spec
    package func identifier(at time: Timestamp) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var text: [UInt8] = []
        let milliseconds = UInt64(clamping: time.microseconds / 1000)
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(alphabet[Int(truncatingIfNeeded: milliseconds >> UInt64(shift)) & 31])
        }
        for word in [next(), next()] {
            for shift in stride(from: 0, to: 40, by: 5) { text.append(alphabet[Int(truncatingIfNeeded: word >> UInt64(shift)) & 31]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
