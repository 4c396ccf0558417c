import Basics
import Testing
import Text

@Suite struct UnifiedDiffTests {
    private func parse(_ text: String) -> UnifiedDiff { UnifiedDiff(parsing: Array(text.utf8)) }

    @Test func `both sides of a hunk carry their own line numbers`() throws {
        let diff = parse(
            """
            diff --git a/a.txt b/a.txt
            index 1111111..2222222 100644
            --- a/a.txt
            +++ b/a.txt
            @@ -3,3 +3,4 @@ func outer() {
             three
            -four
            +vier
            +fünf
             six

            """)
        let hunk = try #require(diff.files.first?.hunks.first)
        #expect(hunk.section.raw == "func outer() {")
        #expect(hunk.lines.map(\.oldNumber) == [3, 4, nil, nil, 5])
        #expect(hunk.lines.map(\.newNumber) == [3, nil, 4, 5, 6])
        #expect(hunk.lines.map(\.text.raw) == ["three", "four", "vier", "fünf", "six"])
        #expect(hunk.isComplete && diff.skippedLineCount == 0)
        #expect(diff.files.first?.oldMode == "100644")
    }

    @Test func `removed lines that look like file headers stay lines`() {
        let diff = parse("--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- old comment\n+-- new comment\n select 1;\n")
        #expect(diff.files.count == 1)
        #expect(diff.files.first?.hunks.first?.lines.map(\.text.raw) == ["-- old comment", "-- new comment", "select 1;"])
    }

    @Test(
        arguments: [
            ("diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", FileDiff.Change.renamed, "x", "y"),
            ("diff --git a/x b/y\nsimilarity index 90%\ncopy from x\ncopy to y\n", .copied, "x", "y"),
            ("diff --git a/d e/f b/d e/f\nold mode 100644\nnew mode 100755\n", .modified, "d e/f", "d e/f"),
            ("diff --git \"a/\\303\\244\\t\" \"b/\\303\\244\\t\"\nindex 1..2\n", .modified, "ä\t", "ä\t"),
            ("diff --git a/plain \"b/\\\"q\\\"\"\nrename from plain\nrename to \"\\\"q\\\"\"\n", .renamed, "plain", "\"q\""),
            ("--- a/with tab\t2020-01-01\n+++ b/with tab\t2020-01-01\n@@ -1 +1 @@\n-a\n+b\n", .modified, "with tab", "with tab"),
        ] as [(String, FileDiff.Change, String, String)])
    func `paths and changes are read from every kind of header`(text: String, change: FileDiff.Change, old: String, new: String) {
        let file = parse(text).files.first
        #expect(file?.change == change)
        #expect(file?.oldPath?.raw == old)
        #expect(file?.newPath?.raw == new)
    }

    @Test func `an added empty file, a removed file and a binary file have their paths and no hunks`() {
        let diff = parse(
            """
            diff --git a/empty b/empty
            new file mode 100644
            index 0000000..e69de29
            diff --git a/gone b/gone
            deleted file mode 100644
            index 1111111..0000000
            --- a/gone
            +++ /dev/null
            @@ -1 +0,0 @@
            -bye
            diff --git a/pic.png b/pic.png
            index 1..2 100644
            GIT binary patch
            literal 8
            Pc${NkU|;|M00aO5

            literal 0
            HcmV?d00001

            """)
        #expect(diff.files.map(\.change) == [.added, .removed, .modified])
        #expect(diff.files.map(\.oldPath?.raw) == [nil, "gone", "pic.png"])
        #expect(diff.files.map(\.newPath?.raw) == ["empty", nil, "pic.png"])
        #expect(diff.files.map(\.content) == [.text, .text, .binary])
        #expect(diff.files[1].hunks.first?.lines.first?.oldNumber == 1)
    }

    @Test func `a submodule is known by its mode`() {
        let diff = parse(
            "diff --git a/lib b/lib\nindex 111..222 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n-Subproject commit 111\n+Subproject commit 222\n"
        )
        #expect(diff.files.first?.content == .submodule)
    }

    @Test func `carriage returns and missing newlines are facts beside the text`() {
        let diff = parse("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\r\n\\ No newline at end of file\n+one\n")
        let lines = diff.files.first?.hunks.first?.lines ?? []
        #expect(lines.map(\.text.raw) == ["one", "one"])
        #expect(lines.map(\.hasCarriageReturn) == [true, false])
        #expect(lines.map(\.hasNewline) == [false, true])
    }

    @Test func `a patch that breaks off is known to be cut off and keeps what came`() {
        let patch = FileDiff.hunks(parsingPatch: "@@ -1,3 +1,3 @@\n a\n-b\n+c")
        #expect(!patch.isComplete)
        #expect(patch.hunks.first?.lines.count == 3)
        #expect(FileDiff.hunks(parsingPatch: "@@ -1,2 +1,2 @@\n a\n-b\n+c").isComplete)
    }

    @Test func `a merge diff against several parents is named as left out`() {
        let diff = parse("diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n@@@ -1,1 -1,1 +1,1 @@@\n--a\n -b\n++c\n")
        #expect(diff.files.map(\.content) == [.omitted])
    }
}

@Suite struct CommentableLinesTests {
    private let file: FileDiff? = {
        let text = "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n@@ -10,2 +10,3 @@\n j\n+k\n l\n"
        return UnifiedDiff(parsing: Array(text.utf8)).files.first
    }()

    @Test(
        arguments: [
            (DiffSide.new, nil, 2, nil), (.old, nil, 2, nil), (.new, nil, 3, nil), (.old, nil, 3, nil), (.new, 1, 3, nil),
            (.new, nil, 4, .lineNotInDiff), (.old, nil, 12, .lineNotInDiff), (.new, nil, 12, nil), (.new, 3, 3, .startNotBeforeEnd),
            (.new, 3, 10, .rangeLeavesHunk), (.new, 5, 10, .startNotInDiff), (.new, nil, 0, .lineNotInDiff), (.new, -1, 2, .startNotInDiff),
        ] as [(DiffSide, Int?, Int, CommentableLines.Refusal?)])
    func `a comment stands only on lines of one hunk of its side`(
        side: DiffSide, start: Int?, line: Int, refusal: CommentableLines.Refusal?
    ) throws {
        #expect(CommentableLines(try #require(file)).refusal(side: side, startLine: start, line: line) == refusal)
    }
}
