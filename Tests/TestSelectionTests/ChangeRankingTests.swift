import Testing
import Text

@testable import TestSelection

@Suite struct ChangeRankingTests {
    private func change(_ path: String, _ diff: String, old: String = "", new: String = "") -> SourceChange {
        let hunks = UnifiedDiff(parsing: Array("--- a/\(path)\n+++ b/\(path)\n\(diff)".utf8)).files.flatMap(\.hunks)
        return SourceChange(files: [.init(path: path, hunks: hunks, old: Array(old.utf8), new: Array(new.utf8))])
    }

    private func rank(
        _ change: SourceChange, _ tests: [String: String], history: [[String]] = []
    ) -> [ChangeRanking.RankedTest] {
        let files = tests.sorted { $0.key < $1.key }.map { (path: $0.key, text: Array($0.value.utf8)) }
        return ChangeRanking(change, tests: files, history: history.map { CommitFiles(paths: $0) }).tests
    }

    @Test func `the test that uses the changed function comes first and says so`() {
        let source = "class Money:\n    def convert(self, rate):\n        return self.amount * rate\n"
        let diff = "@@ -3,1 +3,1 @@ def convert(self, rate):\n-        return self.amount * rate\n+        return self.amount / rate\n"
        let ranked = rank(
            change("shop/money.py", diff, old: source, new: source),
            ["tests/test_basket.py": "def test_total(): basket.total()", "tests/test_currency.py": "def test_it(): money.convert(2)"])
        #expect(ranked.first?.path == "tests/test_currency.py")
        #expect(ranked.first?.reasons.contains("uses what was changed: convert") == true)
    }

    @Test func `a test named like the changed file comes before one in the same folder`() {
        let ranked = rank(
            change("src/main/java/a/NumberUtils.java", "@@ -1,1 +1,1 @@\n-x\n+y\n"),
            ["src/test/java/a/ArrayUtilsTest.java": "class A {}", "src/test/java/a/NumberUtilsTest.java": "class B {}"])
        #expect(ranked.map(\.path) == ["src/test/java/a/NumberUtilsTest.java", "src/test/java/a/ArrayUtilsTest.java"])
    }

    @Test func `files changed together before are tried together again`() {
        let history = (0..<5).map { _ in ["core/engine.c", "tests/test_b.c"] } + (0..<5).map { _ in ["tests/test_a.c"] }
        let ranked = rank(
            change("core/engine.c", "@@ -1,1 +1,1 @@\n-1\n+2\n"), ["tests/test_a.c": "", "tests/test_b.c": ""], history: history)
        #expect(ranked.first?.path == "tests/test_b.c")
    }

    @Test func `a changed test comes before all others`() {
        let ranked = rank(
            SourceChange(files: [.init(path: "t/test_b.py"), .init(path: "alpha.py")]),
            ["t/test_b.py": "", "t/test_alpha.py": "alpha alpha"])
        #expect(ranked.first?.path == "t/test_b.py")
    }

    @Test func `every test is ranked once, also for a change that says nothing`() {
        let tests = Dictionary(uniqueKeysWithValues: (0..<50).map { ("tests/test_\($0).py", "import x\u{0}\u{fffd}") })
        let ranked = rank(SourceChange(files: []), tests)
        #expect(Set(ranked.map(\.path)) == Set(tests.keys))
        #expect(ranked.count == 50)
    }

    @Test(arguments: [
        ("parseXMLFile_2b", ["parse", "xml", "file"]), ("XPath", ["path"]), ("HTTPServer", ["http", "server"]),
        ("utf8Reader", ["utf", "reader"]),
        ("A", []), ("AB", ["ab"]), ("aB", []), ("snake_case_name", ["snake", "case", "name"]), ("v2024", ["2024"]),
    ]) func `names are cut into words`(name: String, words: [String]) {
        #expect(Identifiers.words(name) == words)
    }

    @Test func `random bytes are cut into names without a trap`() {
        var random = SplitMix(state: 7)
        for _ in 0..<2000 {
            let bytes = (0..<Int(random.next() % 60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let documents = TestDocuments([bytes], names: ["a", "B"], words: ["a"])
            #expect(documents.names.lengths.count == 1)
            _ = EnclosingDeclarations(bytes).names(at: Int(random.next() % 9))
        }
    }

    @Test func `what is kept of a text counts its names and words as they stand in it`() {
        var random = SplitMix(state: 11)
        let some = ["total", "parseXMLFile", "a", "Total_sum", "x9", "résumé", "HTTPServer", "$ref", "sum"]
        for _ in 0..<200 {
            let names = (0..<Int(random.next() % 40)).map { _ in some[Int(random.next() % UInt64(some.count))] }
            let text = names.joined(separator: [" ", "(", ".", "\n", " - "][Int(random.next() % 5)])
            let words = names.flatMap(Identifiers.words)
            let wanted = Set(some + ["absent"])
            let kept = TestDocuments([Array("x".utf8), Array(text.utf8)], names: wanted, words: Set(some.flatMap(Identifiers.words)))
            for name in wanted { #expect(kept.names.count(name, in: 1) == names.count { $0 == name }, "\(name) in \(text)") }
            for word in Set(words) { #expect(kept.words.count(word, in: 1) == words.count { $0 == word }, "\(word) in \(text)") }
            #expect(kept.names.lengths == [1, names.count] && kept.words.lengths == [0, words.count])
        }
    }

    @Test(arguments: [
        ("src/test/java/a/FooTest.java", true), ("src/test/java/a/TestFoo.java", true), ("src/test/java/a/Fixture.java", false),
        ("src/main/java/a/Test.java", false), ("tests/test_a.py", true), ("a/b_test.go", true), ("a/b.go", false), ("src/a.test.ts", true),
        ("src/__tests__/a.js", true), ("Tests/ATests/ATests.swift", true), ("Tests/Support/Fake.swift", false), ("spec/a_spec.rb", true),
        ("test/test_a.rb", true), ("A.Tests/FooTests.cs", true), ("tests/FooTest.php", true), ("tests/it.rs", true),
        ("src/a_unittest.cc", true),
        ("tests/conftest.py", false), ("README.md", false),
    ]) func `test files are known by their language's conventions`(path: String, expected: Bool) {
        #expect(TestFiles.isTest(path) == expected)
    }

    @Test func `the declarations around a line are found by indentation`() {
        let text = "public class Money {\n    int rate(int x) {\n        if (x > 0) {\n            return x;\n        }\n    }\n}\n"
        #expect(EnclosingDeclarations(Array(text.utf8)).names(at: 4) == ["rate", "Money"])
        #expect(EnclosingDeclarations(Array("func f() {\n\tg()\n}\n".utf8)).names(at: 2) == ["g", "f"])
        #expect(EnclosingDeclarations([]).names(at: 1).isEmpty)
    }
}
