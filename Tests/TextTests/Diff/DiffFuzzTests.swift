import Basics
import TestSupport
import Testing
import Text

@Suite struct DiffFuzzTests {
    private static let seed = """
        diff --git a/a.txt b/b.txt
        similarity index 90%
        rename from a.txt
        rename to "b\\303\\244.txt"
        index 1111111..2222222 100644
        --- a/a.txt
        +++ b/b.txt
        @@ -3,3 +3,4 @@ func outer() {
         three
        -four
        +vier
        +five\r
         six
        \\ No newline at end of file
        diff --cc m
        @@@ -1 -1 +1 @@@
        diff --git a/p b/p
        GIT binary patch
        literal 3
        abc

        """

    /// Bytes that mean something to the parser are likelier than others.
    private static let alphabet = Array("@-+ \\\n\r\"ab/,0123456789:di".utf8) + [0, 0xFF, 0xC3]

    private func mutated(_ bytes: [UInt8], _ random: SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(6) {
            let at = random.below(bytes.count + 1)
            switch random.below(4) {
            case 0: bytes.insert(Self.alphabet[random.below(Self.alphabet.count)], at: at)
            case 1 where at < bytes.count: bytes.remove(at: at)
            case 2 where at < bytes.count: bytes[at] = Self.alphabet[random.below(Self.alphabet.count)]
            default: bytes.removeSubrange(at..<min(bytes.count, at + random.below(30)))
            }
        }
        return bytes
    }

    @Test func `no mutation of a diff traps, and every line that comes out has the numbers of its kind`() {
        let random = SeededRandom(seed: 7)
        for _ in 0..<4000 {
            let bytes = mutated(Array(Self.seed.utf8), random)
            let diff = UnifiedDiff(parsing: bytes)
            for file in diff.files {
                let lines = CommentableLines(file)
                for hunk in file.hunks {
                    for line in hunk.lines {
                        #expect((line.oldNumber == nil) == (line.kind == .added) && (line.newNumber == nil) == (line.kind == .removed))
                        _ = lines.refusal(side: .new, startLine: line.oldNumber, line: line.newNumber ?? 0)
                    }
                    #expect(hunk.isComplete || file.content != .text)
                }
            }
            _ = FileDiff.hunks(parsingPatch: UntrustedText(String(decoding: bytes, as: UTF8.self)))
        }
    }
}
