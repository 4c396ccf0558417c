import Testing

@testable import Generators

@Suite struct MergeTests {
    private func block(_ lines: String...) -> ManagedBlock { ManagedBlock(name: "test", margin: "", lines: lines) }

    private func first(_ block: ManagedBlock) throws -> String {
        try #require(ManagedFile.merge([block], header: ["# head"], existing: nil)).text
    }

    @Test func `a line changed by hand stays while the lines around it are renewed`() throws {
        let written = try first(block("a: 1", "b: 2", "c: 3", "d: 4"))
        let edited = written.replacingAll("b: 2", with: "b: mine")
        let merged = try #require(ManagedFile.merge([block("a: 1", "b: 2", "c: 3", "d: new", "e: 5")], header: [], existing: edited))
        #expect(merged.text.contains("a: 1\nb: mine\nc: 3\nd: new\ne: 5\n"))
        #expect(merged.kept == ["block 'test' was changed by hand: the lines that differ are kept"])
        // A third run finds nothing to do, and still knows which line is whose.
        let again = try #require(ManagedFile.merge([block("a: 1", "b: 2", "c: 3", "d: new", "e: 5")], header: [], existing: merged.text))
        #expect(again.text == merged.text)
        let later = try #require(ManagedFile.merge([block("a: 9", "b: 2", "c: 3", "e: 5")], header: [], existing: merged.text))
        #expect(later.text.contains("a: 9\nb: mine\nc: 3\ne: 5\n"))
    }

    @Test func `added and removed lines stay added and removed`() throws {
        let written = try first(block("a", "b", "c"))
        let edited = written.replacingAll("b\nc\n", with: "c\nmine\n")
        let merged = try #require(ManagedFile.merge([block("new", "a", "b", "c")], header: [], existing: edited))
        #expect(merged.text.contains("\nnew\na\nc\nmine\n"))
    }

    @Test func `where both changed the same line the owner's stands and the place is named`() throws {
        let edited = try first(block("a", "b", "c")).replacingAll("\nb\n", with: "\nmine\n")
        let merged = try #require(ManagedFile.merge([block("a", "ours", "c")], header: [], existing: edited))
        #expect(merged.text.contains("a\nmine\nc\n"))
        #expect(merged.kept.first?.contains("near its line 2") == true)
    }

    @Test func `a block taken out by hand stays out`() throws {
        let both = [ManagedBlock(name: "one", margin: "", lines: ["x: 1"]), ManagedBlock(name: "two", margin: "", lines: ["y: 2"])]
        let written = try #require(ManagedFile.merge(both, header: [], existing: nil)).text
        let lines = written.split(separator: "\n").filter { !$0.hasPrefix("# fettle:begin two") && $0 != "y: 2" }
        let merged = try #require(ManagedFile.merge(both, header: [], existing: lines.joined(separator: "\n") + "\n"))
        #expect(!merged.text.contains("y: 2"))
        #expect(merged.kept == ["block 'two' was taken out by hand and stays out"])
    }

    @Test func `line ends of another system are no change`() throws {
        let block = block("a", "b")
        let written = try first(block)
        let merged = try #require(ManagedFile.merge([block], header: [], existing: written.replacingAll("\n", with: "\r\n")))
        #expect(merged.text == written && merged.kept.isEmpty)
    }

    @Test func `damaged markers never trap`() {
        let texts = [
            "# fettle:base", "# fettle:base x", "# fettle:begin a b\n# fettle:base a ABC\n# fettle:end", "# fettle:begin a", "\u{0}",
        ]
        for text in texts { _ = ManagedFile.merge([block("a")], header: [], existing: text) }
    }

    @Test func `merging is the same as diff3 on random edits that do not meet`() {
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<300 {
            let base = (0..<20).map { "line \($0)" }
            let mineAt = random(9)
            let theirsAt = 11 + random(9)
            var mine = base
            var theirs = base
            mine[mineAt] = "mine"
            if random(2) == 0 { theirs.insert("theirs", at: theirsAt) } else { theirs[theirsAt] = "theirs" }
            let merged = LineMerge.merge(base: base.map(LineMerge.mark), mine: mine, theirs: theirs)
            var expected = theirs
            expected[mineAt] = "mine"
            #expect(merged == LineMerge.Result(lines: expected))
        }
    }
}
