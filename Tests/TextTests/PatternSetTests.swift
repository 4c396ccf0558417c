import Basics
import TestSupport
import Testing
import Text

@Suite struct PatternSetTests {
    @Test func `a literal is found wherever it ends, in any ASCII case, also inside another`() {
        let scanner = LiteralScanner(["he", "she", "hers", ""].map { Array($0.utf8) })
        var found: [[Int]] = []
        Array("uSHErs".utf8).withUnsafeBufferPointer { scanner.scan($0) { found.append([$0, $1]) } }
        #expect(Set(found) == [[1, 4], [0, 4], [2, 6]])
    }

    @Test func `the scanner agrees with a plain search on random text`() {
        let random = SeededRandom(seed: 3)
        let literals = ["a", "ab", "bab", "bc", "bca", "c", "caa", "aBa"].map { Array($0.utf8) }
        let scanner = LiteralScanner(literals)
        for _ in 0..<200 {
            let text = (0..<Int(random.next() % 60)).map { _ in UInt8(ascii: "a") + UInt8(random.next() % 4) }
            var found: Set<[Int]> = []
            text.withUnsafeBufferPointer { scanner.scan($0) { found.insert([$0, $1]) } }
            var expected: Set<[Int]> = []
            for (index, literal) in literals.enumerated() {
                let folded = literal.map { $0 | 32 }
                for end in 0...text.count where end >= folded.count && Array(text[end - folded.count..<end]) == folded {
                    expected.insert([index, end])
                }
            }
            #expect(found == expected)
        }
    }

    @Test func `only lines with a literal are searched, and offsets are those of the whole text`() throws {
        let set = PatternSet([
            .init(try Pattern("^error: (\\w+)"), literals: ["error:"]),
            .init(try Pattern("BEGIN.*?END", .dotMatchesNewline), literals: ["begin"], scope: .text),
            .init(try Pattern("\\d{3}"), literals: []),
        ])
        let text = Array("x error: no\r\nerror: yes\nBEGIN 123\rEND".utf8)
        var found: [String] = []
        text.withUnsafeBufferPointer { bytes in
            set.forEachMatch(in: bytes) { entry, match in
                found.append("\(entry):\(match.range):\(match.groups.compactMap { $0 })")
            }
        }
        #expect(found == ["0:13..<23:[Range(20..<23)]", "1:24..<37:[]", "2:30..<33:[]"])
    }

    @Test func `candidates name the patterns worth running`() throws {
        let entries = try (0..<200).map { PatternSet.Entry(try Pattern("word\($0)"), literals: ["word\($0)"]) }
        let set = PatternSet(entries)
        let found = Array("a word7 and WORD150.".utf8).withUnsafeBufferPointer { set.candidates(in: $0) }
        #expect(Array(found) == [1, 7, 15, 150])
        #expect(found.contains(150) && !found.contains(151))
    }

    @Test func `a pattern stopped at its ceiling is reported with what it was searching`() throws {
        let set = PatternSet([.init(try Pattern("(a+)+$"), literals: ["a"])])
        let text = Array("ok\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 60) + Array("!\n".utf8)
        var failures: [Range<Int>] = []
        text.withUnsafeBufferPointer { bytes in
            set.forEachMatch(in: bytes, failed: { _, range, _ in failures.append(range) }) { _, _ in }
        }
        #expect(failures == [3..<64])
    }
}
