/// How random a value looks.
enum Entropy {
    /// Shannon entropy in bits a byte.
    static func bitsPerByte(_ value: ArraySlice<UInt8>) -> Double {
        guard !value.isEmpty else { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let total = Double(value.count)
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }

    /// Letters and digits mixed, few repeats, and not made of words: identifiers and sentences are neither.
    static func isRandomLooking(_ value: ArraySlice<UInt8>) -> Bool {
        let letters = value.count(where: \.isLetter)
        let digits = value.count(where: \.isDigit)
        guard letters > 0, digits > 1 else { return false }
        return bitsPerByte(value) >= (value.count >= 20 ? 3.4 : 3.0)
    }

    /// By repeated squaring of the mantissa: the standard library has no logarithm, and four digits are enough here.
    private static func log2(_ x: Double) -> Double {
        var mantissa = x.significand
        var result = Double(x.exponent)
        var bit = 0.5
        for _ in 0..<16 {
            mantissa *= mantissa
            if mantissa >= 2 {
                mantissa /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }
}

/// Values that stand where a secret would, and are none.
package enum Placeholder {
    private static let words = [
        "example", "xxxx", "****", "your", "changeme", "dummy", "placeholder", "redacted", "insert", "todo", "fake", "sample", "<", "${",
        "{{",
        "$(", "env.", "process.", "secrets.", "os.environ", "getenv", "0000000", "1234567", "abcdef",
    ].map { Array($0.utf8) }

    /// Passwords of every tutorial.
    static func isUsual(_ value: some Collection<UInt8>) -> Bool {
        let usual = ["password", "pass", "passwd", "secret", "postgres", "root", "admin", "test", "guest", "user", "mysql", "token"]
        return usual.contains { value.elementsEqual($0.utf8) }
    }

    package static func looksLikeOne(_ value: some Sequence<UInt8>) -> Bool {
        let lowered = value.map(\.lowered)
        return lowered.first == UInt8(ascii: "$") || lowered.first == UInt8(ascii: "%")
            || words.contains { lowered.firstRange(of: $0) != nil }
    }
}
