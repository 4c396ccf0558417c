import Basics
import Forge
import Policy
import TestSupport
import Testing

@Suite struct OutputHygieneTests {
    private let hygiene = OutputHygiene(redactor: Redactor())

    private func publish(_ text: String) -> String { hygiene.publish(UntrustedText(text)).text }

    @Test(arguments: [
        ("thanks @bob!", "thanks `@bob`!"), ("see (@org/team).", "see (`@org/team`)."), ("fixes #12", "fixes `#12`"),
        ("Closes owner/repo#1", "Closes `owner/repo#1`"), ("resolve: GH-9", "resolve: `GH-9`"), ("<b>bold</b>", "&lt;b>bold&lt;/b>"),
        ("![x](http://e.vil/p)", "!\\[x] (`http://e.vil/p`)"),
        ("see https://docs.github.com/en/actions.", "see https://docs.github.com/en/actions."),
        ("a | b", "a \\| b"), ("keep `@code #1 <b>` so", "keep `@code #1 <b>` so"), ("odd ` tick", "odd &#96; tick"),
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 > 2"), ("/lgtm", "`/lgtm`"), ("array[0] and $x", "array\\[0] and \\$x"), ("\\@bob", "`@bob`"),
        ("fixes https://docs.github.com/o/r/issues/1", "fixes `https://docs.github.com/o/r/issues/1`"),
        ("```js\nlet a = `@b`\n```", "```js\nlet a = `@b`\n```"), ("```suggestion\nrm -rf\n```", "```\nrm -rf\n```"),
        ("~~~\n``` x", "````\n``` x\n````"),
        ("- item\n  ```go\n  a\n  ```\nafter", "- item\n```go\na\n```\nafter"), ("plain **bold** and _it_", "plain **bold** and _it_"),
    ])
    func `text from outside stays readable and does not act`(input: String, published: String) {
        #expect(publish(input) == published)
    }

    @Test func `nothing in many hostile texts acts, and cleaning twice is cleaning once`() {
        let random = SeededRandom(seed: 11)
        for _ in 0..<LongRun.count(3000, long: 200_000) {
            let text = EvilText.make(random)
            let once = publish(text)
            let actions = Actions(in: once).found
            #expect(actions.isEmpty, "\(text.debugDescription) became \(once.debugDescription)")
            let twice = publish(once)
            #expect(twice == once, "from \(text.debugDescription)")
            if !actions.isEmpty || twice != once { return }
        }
    }

    @Test func `interpolated text is escaped for its place and literals are kept`() {
        let title = UntrustedText("evil ` | @bob\n# x")
        let text: Markdown = "**\(title)** in \(code: "a`b.swift") <sub>\(3)</sub>"
        #expect(hygiene.publish(text).text == "**evil &#96; \\| `@bob` # x** in ``a`b.swift`` <sub>3</sub>")
    }

    /// Every place a text can have, and what to read of the result: a table's own pipes and a suggestion's fence are ours.
    private static let places: [(name: String, make: @Sendable (String) -> Markdown, read: @Sendable (String) -> String)] = [
        ("prose", { .prose(UntrustedText($0)) }, { $0 }), ("inline", { "**\(UntrustedText($0))**" }, { $0 }),
        ("code", { "\(code: UntrustedText($0))" }, { $0 }), ("fence", { .fence(UntrustedText($0), language: $0) }, { $0 }),
        ("cell", { .table([["What"], ["\(UntrustedText($0))"]]) }, { cell($0) }),
        ("code in a cell", { .table([["What"], ["\(code: UntrustedText($0))"]]) }, { cell($0) }),
        ("suggestion", { .suggestion(UntrustedText($0)) }, { $0.replacing("```suggestion\n", with: "```\n") }),
        ("marker", { .marker($0) }, { $0.wholeMatch(of: /<!-- [A-Za-z0-9:._=\/+ -]* -->/) == nil ? $0 : "" }),
        ("together", { .together(["\(UntrustedText($0))", .prose(UntrustedText($0))]) }, { $0 }),
        ("lines", { .lines(["\(UntrustedText($0))", "- \(UntrustedText($0))"]) }, { $0 }),
    ]

    private static func cell(_ table: String) -> String {
        String(table.split(separator: "\n").dropFirst(2).joined(separator: "\n").dropFirst().dropLast())
    }

    @Test(arguments: places.map(\.name))
    func `hostile text acts in no place of a text`(name: String) throws {
        let place = try #require(Self.places.first { $0.name == name })
        let random = SeededRandom(seed: 11)
        for _ in 0..<400 {
            let raw = EvilText.make(random)
            let actions = Actions(in: place.read(hygiene.publish(place.make(raw)).text)).found
            #expect(actions.isEmpty, "from \(raw.debugDescription)")
            if !actions.isEmpty { return }
        }
    }

    @Test func `a cell keeps its table together`() {
        let table = Markdown.table([["File", "Why"], ["\(code: "a|b")", "\(UntrustedText("x `p|q` | y"))"]])
        #expect(hygiene.publish(table).text == "|File|Why|\n|---|---|\n|`a\\|b`|x `p\\|q` \\| y|")
    }

    @Test func `a text over the limit ends in a visible note, closes its fences and keeps its markers`() {
        let long = UntrustedText("```\n" + String(repeating: "line @x\n", count: 2000))
        let text = Markdown.prose(long, limit: .mebibytes(1)) + .marker("fettle:summary v=1 -->@all")
        let published = hygiene.publish(text, limit: .kibibytes(4)).text
        #expect(published.utf8.count <= 4096)
        #expect(published.contains("left out"))
        #expect(published.hasSuffix("<!-- fettle:summary v=1 --all -->"))
        #expect(Actions(in: String(published.dropLast(40))).found.isEmpty)
    }

    @Test func `a secret cut by the limit is taken out before the cut`() {
        let secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
        let text = String(repeating: "x", count: 90) + " " + secret
        #expect(!hygiene.publish(.prose(UntrustedText(text), limit: 110)).text.contains("ghp_"))
    }

    @Test func `plain places get one inert line`() {
        #expect(
            hygiene.publishPlain("Fixes #1 by @bob <script>\nhttp://e.vil `x`").text == "Fixes `#1` by `@bob` < script> `http://e.vil` 'x'")
        let random = SeededRandom(seed: 3)
        for _ in 0..<5000 {
            let text = EvilText.make(random)
            let once = hygiene.publishPlain(UntrustedText(text), limit: 60).text
            #expect(hygiene.publishPlain(UntrustedText(once), limit: 60).text == once, "from \(text.debugDescription)")
            #expect(once.utf8.count <= 60 && !once.contains("\n") && !once.contains("<script") && !once.contains(" @"))
        }
    }

    @Test func `a suggestion is a fence that nothing inside can close`() {
        let text = hygiene.publish(.suggestion("let a = 1\n```\n@bob")).text
        #expect(text == "````suggestion\nlet a = 1\n```\n@bob\n````")
    }
}
