import Basics
import TestSupport
import Testing

@testable import Dashboard

@Suite struct HTMLTests {
    @Test(arguments: [
        "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' autofocus onfocus='x", "</td></table><img src=x onerror=x>", "`x`",
        "&lt;",
        "a\u{202E}b", "a\u{200B}b", "\u{E0041}", "\u{0}",
    ])
    func `nothing that is interpolated becomes markup or hides text`(text: String) {
        let page: HTML = "<td title=\"\(text)\">\(UntrustedText(text))</td>"
        let inside = page.markup.dropFirst("<td title=\"".count).dropLast("</td>".count)
        let parts = inside.split(separator: "\">", maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        for part in parts {
            #expect(!part.contains(where: { "<>\"'`".contains($0) }))
            #expect(!part.unicodeScalars.contains { $0.properties.generalCategory == .format || $0.properties.generalCategory == .control })
        }
    }

    @Test func `random hostile text never opens a tag or leaves an attribute`() {
        let random = SeededRandom(seed: 11)
        let pieces = ["<", ">", "\"", "'", "&", "script", "\u{202E}", "javascript:", "\n", "é", "`", "=", " ", "/", "\u{FEFF}"]
        for _ in 0..<2000 {
            let text = (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
            let escaped = HTML.escape(text)
            #expect(!escaped.contains(where: { "<>\"'`".contains($0) }))
        }
    }
}
