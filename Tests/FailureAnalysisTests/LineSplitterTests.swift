import Basics
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct LineSplitterTests {
    @Test(arguments: [
        ("a\nb\n", ["a", "b"]), ("a\r\nb\rc", ["a", "b", "c"]), ("\n\r\n\r", ["", "", ""]), ("", []), ("x", ["x"]),
        ("a\n\rb", ["a", "", "b"]),
    ])
    func `lines end at CRLF, LF or a bare CR`(text: String, lines: [String]) {
        #expect(split(text.utf8.map(\.self), piece: 100) == lines)
    }

    @Test func `where the stream is cut changes nothing`() {
        let random = SeededRandom(seed: 5)
        let alphabet: [UInt8] = [10, 13, 65, 66]
        for _ in 0..<300 {
            let text = (0..<random.below(40)).map { _ in alphabet[random.below(4)] }
            let whole = split(text, piece: 1000)
            for piece in 1...5 { #expect(split(text, piece: piece) == whole) }
        }
    }

    @Test func `a line of any length is handed over once, cut, and the next one keeps its number`() {
        let long = [UInt8](repeating: 65, count: 3 * LineSplitter.longest + 7)
        var lengths: [Int] = []
        var splitter = LineSplitter()
        for piece in [long, long, [10, 66, 10]] {
            piece.withUnsafeBufferPointer { splitter.feed($0) { _, line in lengths.append(line.count) } }
        }
        #expect(lengths == [LineSplitter.longest, 1])
        #expect(splitter.count == 2)
    }

    private func split(_ bytes: [UInt8], piece: Int) -> [String] {
        var lines: [String] = []
        var splitter = LineSplitter()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            Array(bytes[start..<min(start + piece, bytes.count)]).withUnsafeBufferPointer {
                splitter.feed($0) { lines.append(String(decoding: $1, as: UTF8.self)) }
            }
        }
        splitter.finish { lines.append(String(decoding: $1, as: UTF8.self)) }
        return lines
    }
}
