import Basics
import TestSupport
import Testing
import Text

@Suite struct ANSIStripperTests {
    @Test(arguments: [
        ("\u{1B}[31;1mred\u{1B}[0m", "red"),
        ("\u{1B}[0Ka\u{1B}[2Jb", "ab"),
        ("\u{1B}]0;title\u{07}x\u{1B}]8;;http://a\u{1B}\\link\u{1B}]8;;\u{1B}\\", "xlink"),
        ("\u{1B}(Bplain\u{1B}=", "plain"),
        ("bell\u{07} back\u{08}", "bell back"),
        ("tab\tstays\r\n", "tab\tstays\r\n"),
        ("cut \u{1B}[31", "cut "),
        ("cut \u{1B}", "cut "),
        ("\u{1B}]no end\nnext line", "\nnext line"),
        ("\u{1B}[3\u{1B}[1mtwice", "twice"),
        ("é ✓", "é ✓"),
    ])
    func `control sequences go, text stays`(input: String, output: String) {
        #expect(ANSIStripper.strip(input) == output)
    }

    @Test func `any bytes at all are taken, and nothing is made up`() {
        let random = SeededRandom(seed: 11)
        let alphabet: [UInt8] = [0x1B, 0x5B, 0x5D, 0x07, 0x5C, 0x30, 0x6D, 0x41, 0x0A, 0xFF, 0x00]
        for _ in 0..<2000 {
            let bytes = (0..<Int(random.next() % 30)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let stripped = ANSIStripper.strip(bytes)
            #expect(stripped.count <= bytes.count)
            #expect(!stripped.contains(0x1B))
            #expect(ANSIStripper.strip(stripped) == stripped)
        }
    }
}
