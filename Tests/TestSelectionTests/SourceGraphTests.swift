import Glibc
import Testing

@testable import TestSelection

@Suite struct SourceGraphTests {
    private func graph(_ tests: [String: String], _ sources: [String: String]) -> SourceGraph {
        func files(_ texts: [String: String]) -> [(path: String, text: [UInt8])] {
            texts.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) }
        }
        return SourceGraph(tests: files(tests), sources: files(sources))
    }

    @Test(arguments: [
        (
            "Python, through its package", "tests/test_a.py", "import flask\n", "src/flask/app.py", "", "src/flask/__init__.py",
            "from .app import Flask\n"
        ),
        (
            "JavaScript, with a hyphen", "test/a.test.js", "import x from '../lib/index.js'\n", "lib/money-box.js", "", "lib/index.js",
            "export * from './money-box.js'\n"
        ),
        ("Go, by the package", "money/money_test.go", "package money\n", "money/sum.go", "package money\n", "a/b.go", ""),
        ("Go, by an import", "till/till_test.go", "import \"example.org/shop/money\"\n", "money/sum.go", "package money\n", "a/b.go", ""),
        (
            "Java, by the class", "src/test/java/ATest.java", "new Basket()", "src/main/java/Money.java", "", "src/main/java/Basket.java",
            "Money m;"
        ),
        ("Rust, by the module", "tests/it.rs", "use shop::basket;\n", "src/money.rs", "", "src/basket.rs", "use crate::money::Sum;\n"),
        ("Ruby, by the constant", "spec/a_spec.rb", "Basket.new\n", "lib/shop/money_box.rb", "", "lib/shop/basket.rb", "MoneyBox.new\n"),
        (
            "Swift, by what is declared", "Tests/ATests/ATests.swift", "Basket()\n", "Sources/A/Extras.swift", "func roundUp() {}\n",
            "Sources/A/Basket.swift", "roundUp()\n"
        ),
        (
            "C#, by what is declared", "A.Tests/ATests.cs", "new Basket()\n", "A/Parts.cs", "    public class Money {}\n", "A/Basket.cs",
            "Money m;\n"
        ),
        ("PHP, by the class", "tests/ATest.php", "new Basket();\n", "src/Money.php", "", "src/Basket.php", "use Shop\\Money;\n"),
        (
            "C, by the header's name", "tests/test_a.c", "#include \"basket.h\"\n", "src/money.c", "", "src/basket.c",
            "#include \"money.h\"\n"
        ),
        (
            "Kotlin, by a function", "src/test/kotlin/ATest.kt", "basket()\n", "src/main/kotlin/Extras.kt", "fun roundUp() = 1\n",
            "src/main/kotlin/Basket.kt", "fun basket() = roundUp()\n"
        ),
    ]) func `a chain of uses leads from the test to the file in`(
        language: String, test: String, testText: String, changed: String, text: String, between: String, betweenText: String
    ) {
        let graph = graph([test: testText], [changed: text, between: betweenText])
        #expect(graph.testsReaching(changed) == [test], "\(language)")
        #expect((graph.nearness(to: [changed])[test] ?? 0) > 0)
    }

    @Test func `a file that nothing names is reached by none, and one step is nearer than two`() {
        let graph = graph(
            ["tests/test_a.py": "import money\n", "tests/test_b.py": "import basket\n"],
            ["money.py": "", "basket.py": "import money\n", "orphan.py": "import money\n"])
        #expect(graph.testsReaching("orphan.py").isEmpty)
        let near = graph.nearness(to: ["money.py"])
        #expect((near["tests/test_a.py"] ?? 0) > (near["tests/test_b.py"] ?? 1))
    }

    @Test func `titles place a case only where they stand in one file`() {
        let titles = CaseTitles([
            ("a.test.js", Array("describe('cart', () => { it(\"adds (one)\"); it('shared') })".utf8)),
            ("b.test.js", Array("it('shared'); it('x y')".utf8)),
        ])
        func file(_ suites: [String], _ name: String) -> String? {
            var reported = ReportedCase(group: suites.last ?? "", name: name, verdict: .passed)
            reported.suites = suites
            return titles.file(of: reported)
        }
        #expect(file([], "x y") == "b.test.js")
        #expect(file([], "shared") == nil)
        #expect(file(["cart"], "shared") == "a.test.js")
        #expect(file([], CaseName.stable("adds (one)")) == "a.test.js")
        #expect(file(["cart"], "made 1 of 2") == "a.test.js")
        #expect(file([], "nowhere") == nil)
    }
}

@Suite struct ExpectedFailuresTests {
    @Test func `chances that add up to more than one failure are lowered together, and keep their order`() {
        let odds = [6.0, 4.0, 3.0, -2.0]
        let excess = ExpectedFailures.excess(odds, expected: 1)
        let chances = odds.map { 1 / (1 + exp(excess - $0)) }
        #expect(abs(chances.reduce(0, +) - 1) < 1e-6)
        #expect(chances[0] > 3 * chances[1] && chances == chances.sorted(by: >))
        #expect(ExpectedFailures.excess([-5, -6], expected: 1) == 0 && ExpectedFailures.excess([], expected: 1) == 0)
    }
}
