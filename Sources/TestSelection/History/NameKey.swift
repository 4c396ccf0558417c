/// A test name cut at punctuation, so that names have an order and a distance.
///
/// Numbers compare as numbers: `case_9` comes before `case_10`, and is one step from it.
struct NameKey: Sendable, Hashable, Comparable {
    enum Segment: Sendable, Hashable, Comparable {
        case number(UInt64)
        case word(String)
    }

    let segments: [Segment]

    init(_ test: TestID) {
        segments = test.name.utf8.split(omittingEmptySubsequences: true, whereSeparator: { !Self.isWord($0) }).map { part in
            if part.count < 19, part.allSatisfy({ (48...57).contains($0) }), let number = UInt64(String(decoding: part, as: UTF8.self)) {
                .number(number)
            } else {
                .word(String(decoding: part, as: UTF8.self))
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 128...255: true
        default: false
        }
    }

    static func < (a: NameKey, b: NameKey) -> Bool { a.segments.lexicographicallyPrecedes(b.segments) }

    /// How far apart two names are: the difference of the last number within one family, and more the earlier they part.
    func distance(to other: NameKey) -> Double {
        let common = zip(segments, other.segments).prefix { $0 == $1 }.count
        let longest = max(segments.count, other.segments.count)
        if common == longest - 1, segments.count == other.segments.count, case .number(let a) = segments[common],
            case .number(let b) = other.segments[common]
        {
            let difference = Double(a > b ? a - b : b - a)
            return common == 0 ? difference : min(difference, 7)
        }
        let parted = min(longest - common, 10)
        return parted == 0 ? 0 : Double(1 << (2 * parted - 1))
    }
}
