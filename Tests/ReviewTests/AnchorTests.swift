import Basics
import Review
import Testing
import Text

@Suite struct AnchorTests {
    private let resolver = AnchorResolver(SampleChange.change)

    private func place(_ finding: Finding) -> String {
        switch resolver.resolve(finding).anchor {
        case .lines(let file, let side, let lines): "\(file) \(side.rawValue) \(lines.lowerBound)-\(lines.upperBound)"
        case .file(let file): "\(file) file"
        case .change: "change"
        }
    }

    @Test(
        arguments: [
            ("    return parse_all(data)", nil, "0 new 13-13"), ("return parse_all(data)", 99, "0 new 13-13"),
            ("    if not data:\n        return None\n", nil, "0 new 11-12"),
            ("+    if not data:\n+        return None", nil, "0 new 11-12"),
            ("11 +    if not data:\n12 +        return None", nil, "0 new 11-12"),
            ("\tif not data:\r\n\t\treturn None\r", nil, "0 new 11-12"),
            ("```python\n    return parse_all(data)\n```", nil, "0 new 13-13"), ("parse_all(data)", nil, "0 new 13-13"),
            ("    return parse(data)", nil, "0 old 11-11"), ("-    return parse(data)", 4, "0 old 11-11"),
            ("return None", 43, "0 new 43-43"),
            ("return None", 12, "0 new 12-12"), ("return None", nil, "0 file"), ("return None", 27, "0 file"), ("pass", 45, "0 new 45-46"),
            ("nowhere to be seen", 12, "0 file"), ("count = len(data) / 0", 1, "0 new 44-44"),
            ("returnparse_all( data )", nil, "0 new 13-13"),
            ("-    return parse(data)\n+    if not data:\n+        return None", 11, "0 new 11-12"),
            ("10     data = open(path).read()\n-    return parse(data)\n11+    if not data:", 10, "0 new 10-11"),
            ("if not data:\n    ...\n    return parse_all(data)", nil, "0 new 11-13"),
            ("if not data:\n\n        return None", nil, "0 new 11-12"), ("open(path).read()\n    if not", nil, "0 new 10-11"),
            ("`return parse_all(data)`", nil, "0 new 13-13"), ("    if not data:\\n        return None", nil, "0 new 11-12"),
            ("pass", 15, "0 new 15-16"), ("...", nil, "0 file"),
        ] as [(String, Int?, String)])
    func `the quote decides and the line only breaks ties`(quote: String, line: Int?, expected: String) {
        #expect(place(SampleChange.finding(quote, line: line)) == expected)
    }

    @Test(arguments: [
        ("src/app.py", "0 new 13-13"), ("b/src/app.py", "0 new 13-13"), ("./src/app.py", "0 new 13-13"), ("app.py", "0 new 13-13"),
        ("wrong/place.py", "0 new 13-13"),
    ])
    func `a path is understood as people write it`(path: String, expected: String) {
        #expect(place(SampleChange.finding("    return parse_all(data)", path: path)) == expected)
    }

    @Test func `a renamed file is known by both names`() {
        #expect(place(SampleChange.finding("return x + offset", path: "lib/util.go")) == "1 new 4-4")
        #expect(place(SampleChange.finding("\treturn x", path: "lib/tool.go", side: .old)) == "1 old 4-4")
    }

    @Test func `a quote that is in no file leaves the finding without ground`() {
        let resolution = resolver.resolve(SampleChange.finding("launch_missiles()", path: "no/such.c"))
        #expect(resolution.anchor == .change && !resolution.isGrounded)
    }

    @Test func `lines a rule names are kept when they are in the diff, else the file is meant`() {
        var finding = SampleChange.finding("")
        finding.target = .lines(11...13)
        #expect(place(finding) == "0 new 11-13")
        finding.target = .lines(5...11)
        #expect(place(finding) == "0 new 11-11")
        finding.target = .lines(30...30)
        #expect(place(finding) == "0 file")
    }

    /// Two functions change places: each line stands on both sides.
    private static let moved = """
        diff --git a/m.py b/m.py
        --- a/m.py
        +++ b/m.py
        @@ -1,9 +1,9 @@
        -def first_of_all(values):
        -    return values[0]
        -
         def last_of_all(values):
             return values[-1]
         
        +def first_of_all(values):
        +    return values[0]
        +
         def other(values):
             return 1
         

        """

    @Test(
        arguments: [
            (DiffSide.new, 5, "0 new 5-5"), (.new, 4, "0 new 5-5"), (.old, 2, "0 old 2-2"), (.new, 2, "0 old 2-2"), (.old, 5, "0 new 5-5"),
            (.new, 3, "0 file"),
            (.new, nil, "0 new 5-5"), (.new, 900, "0 new 5-5"),
        ] as [(DiffSide, Int?, String)])
    func `where side and line speak for two places of a moved line, neither is guessed`(side: DiffSide, line: Int?, expected: String) {
        let resolver = AnchorResolver(Change(gitDiff: Array(Self.moved.utf8)))
        let finding = SampleChange.finding("    return values[0]", path: "m.py", side: side, line: line)
        switch resolver.resolve(finding).anchor {
        case .lines(let file, let side, let lines): #expect("\(file) \(side.rawValue) \(lines.lowerBound)-\(lines.upperBound)" == expected)
        case .file(let file): #expect("\(file) file" == expected)
        case .change: #expect(Bool(false))
        }
    }

    @Test func `a fence that is quoted from a document is code, and a whole line on one side does not outweigh a part of one on the other`()
    {
        let document = SampleChange.adding("Use it:\n\n```go\nmain()\n```\n\n```go\nother()\n```", path: "a.md")
        let fenced = AnchorResolver(document).resolve(SampleChange.finding("```go\nother()", path: "a.md"))
        #expect(fenced.anchor == .lines(file: 0, side: .new, lines: 7...8))
        let diff = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -5,1 +5,1 @@\n-int count(list);\n+static int count(list);\n"
        let resolver = AnchorResolver(Change(gitDiff: Array(diff.utf8)))
        #expect(resolver.resolve(SampleChange.finding("int count(list);", path: "a.c", side: .new, line: 5)).anchor == .file(0))
        #expect(
            resolver.resolve(SampleChange.finding("int count(list);", path: "a.c", side: .old, line: 5)).anchor
                == .lines(file: 0, side: .old, lines: 5...5))
    }

    @Test func `a quote that stands elsewhere to the letter and at its line but for blanks is put on neither`() {
        let text = "if a:\n    flush(queue)\n" + (0..<9).map { "step(\($0))\n" }.joined() + "if b:\n    if c:\n        flush(queue)\n"
        let resolver = AnchorResolver(SampleChange.adding(text, path: "a.py"))
        func place(_ line: Int?) -> Anchor {
            resolver.resolve(SampleChange.finding("        flush(queue)", path: "a.py", line: line)).anchor
        }
        #expect(place(2) == .file(0))
        #expect([nil, 13, 14, 7].map(place) == Array(repeating: .lines(file: 0, side: .new, lines: 14...14), count: 4))
    }

    @Test func `a line of code that begins with a number is no numbered line`() {
        let diff =
            "diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,3 +1,3 @@\n     2)\n-        complete  nested\n+        complete nested\n         return\n"
        let quote = "     2)\n-        complete  nested\n+        complete nested\n         return"
        let finding = SampleChange.finding(quote, path: "a.sh", side: .old, line: 1)
        let anchor = AnchorResolver(Change(gitDiff: Array(diff.utf8))).resolve(finding).anchor
        #expect(anchor == .lines(file: 0, side: .old, lines: 1...3))
    }

    @Test func `a fence and what follows it is found in a document, also with HTML's entities`() {
        let resolver = AnchorResolver(SampleChange.adding("roll\n```\n\n- term **<n>**:\n\nrest", path: "a.md"))
        let anchor = resolver.resolve(SampleChange.finding("```\n\n- term **&lt;n&gt;**:", path: "a.md", line: 2)).anchor
        #expect(anchor == .lines(file: 0, side: .new, lines: 2...4))
    }

    @Test func `of removed and added lines quoted together those of the claimed side are meant`() {
        let quote = "-    return parse(data)\n+    if not data:"
        #expect(place(SampleChange.finding(quote, side: .old, line: 11)) == "0 old 11-11")
        #expect(place(SampleChange.finding(quote, side: .new, line: 11)) == "0 new 11-11")
    }

    @Test func `a line of which only the end changed is told where the head has it`() {
        let diff = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -5,1 +5,1 @@\n-int count;\r\n+int count;\n"
        let resolver = AnchorResolver(Change(gitDiff: Array(diff.utf8)))
        for side in [DiffSide.old, .new] {
            let anchor = resolver.resolve(SampleChange.finding("int count;", path: "a.c", side: side, line: 5)).anchor
            #expect(anchor == .lines(file: 0, side: .new, lines: 5...5))
        }
    }

    @Test func `a name that several files share is told apart by its folder, else by the quote`() {
        var change = SampleChange.adding("alpha = compute_alpha()", path: "a/x/__init__.py")
        change.files += SampleChange.adding("beta = compute_beta()", path: "b/x/__init__.py").files
        let resolver = AnchorResolver(change)
        #expect(resolver.resolve(SampleChange.finding("beta = compute_beta()", path: "__init__.py")).anchor.file == 1)
        #expect(resolver.resolve(SampleChange.finding("nothing", path: "x/__init__.py")).anchor == .change)
    }

    @Test func `numbers at the edge of Int do no harm`() {
        for line in [Int.min, -1, 0, Int.max] { _ = place(SampleChange.finding("pass", line: line)) }
    }
}
