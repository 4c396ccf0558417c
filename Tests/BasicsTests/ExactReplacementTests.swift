import Basics
import Testing

@Suite struct ExactReplacementTests {
    @Test(arguments: [("a\r\nb", "\r", "a\nb"), ("##[\u{301}x", "##[", "\u{301}x"), ("aaa", "aa", "a"), ("", "x", ""), ("abc", "", "abc")])
    func `what is replaced is what other programs see`(text: String, old: String, result: String) {
        #expect(Array(text.replacingExactly(old, with: "").utf8) == Array(result.utf8))
    }
}
