import Basics
import TestSupport
import Testing
import Text

@Suite struct PatternTests {
    @Test func `a match gives byte offsets of the whole and of each group`() throws {
        let pattern = try Pattern("(\\w+)=(\\d+)?(x)?")
        let match = try #require(try pattern.firstMatch(in: "  ab=12 c=3"))
        #expect(match.range == 2..<7)
        #expect(match.groups == [2..<4, 5..<7, nil])
        #expect(pattern.groups == 3)
    }

    @Test func `matches come from left to right and empty ones do not stand still`() throws {
        #expect(try Pattern("a*").allMatches(in: Array("baac".utf8)).map(\.range) == [0..<0, 1..<3, 3..<3, 4..<4])
        #expect(try Pattern("$", .multiline).allMatches(in: Array("a\r\nb".utf8)).map(\.range.lowerBound) == [1, 4])
    }

    @Test(arguments: [("(", 1), ("[z-a]", 3), ("a{2,1}", 6), ("\\C", 2), ("(*UTF)a", 6)])
    func `a wrong pattern is an error with its offset`(text: String, offset: Int) {
        #expect {
            try Pattern(text)
        } throws: { error in
            guard case .invalid(_, let found, let reason)? = error as? PatternError else { return false }
            return abs(found - offset) <= 1 && !reason.isEmpty
        }
    }

    @Test func `a pattern that backtracks without end is stopped, not waited for`() throws {
        let pattern = try Pattern("(a+)+$")
        let subject = [UInt8](repeating: UInt8(ascii: "a"), count: 60) + [UInt8(ascii: "!")]
        #expect {
            try pattern.firstMatch(in: subject)
        } throws: { error in
            if case .limitExceeded? = error as? PatternError { true } else { false }
        }
    }

    @Test func `deep recursion gets a larger stack before it is an error`() throws {
        let nested = try Pattern("^(\\((?1)*\\)|x)$", limits: PatternLimits(steps: 100_000_000))
        let depth = 2000
        let subject = [UInt8](repeating: UInt8(ascii: "("), count: depth) + [UInt8](repeating: UInt8(ascii: ")"), count: depth)
        #expect(try nested.firstMatch(in: subject)?.range == 0..<2 * depth)
    }

    @Test func `bytes that are no UTF-8 are searched all the same`() throws {
        let subject: [UInt8] = [0xFF, 0xFE, 0x65, 0x72, 0x72, 0xC3, 0x28, 0x80]
        #expect(try Pattern("err").firstMatch(in: subject)?.range == 2..<5)
        #expect(try Pattern("err", .unicode).firstMatch(in: subject)?.range == 2..<5)
        #expect(try Pattern(".", .unicode).allMatches(in: subject).map(\.range) == [2..<3, 3..<4, 4..<5, 6..<7])
    }

    @Test func `random bytes never make a match leave the subject`() throws {
        let random = SeededRandom(seed: 7)
        let patterns = try [
            Pattern("."), Pattern("(?:.|\\n)*?x", .unicode), Pattern("\\b\\w{2,}\\b", [.unicode, .caseless]), Pattern("(?<=a)b|\\Kc*"),
        ]
        for _ in 0..<300 {
            let subject = (0..<Int(random.next() % 80)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            for pattern in patterns {
                for match in try pattern.allMatches(in: subject) { #expect(match.range.upperBound <= subject.count) }
            }
        }
    }

    @Test func `one pattern serves many threads`() async throws {
        let pattern = try Pattern("(\\d+) failed")
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let match = try? pattern.firstMatch(in: "xx \(number) failed")
                    return match?.groups == [3..<3 + "\(number)".utf8.count]
                }
            }
            for await right in group { #expect(right) }
        }
    }
}
