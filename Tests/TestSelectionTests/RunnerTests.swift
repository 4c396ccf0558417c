import Testing

@testable import TestSelection

@Suite struct RunnerTests {
    private func lines(_ runner: any TestRunner.Type, _ units: [(String, String)]) -> [String] {
        runner.commands(for: units.map { RunnableUnit(unit: TestID($0.0), text: Array($0.1.utf8)) }).map(ShellWords.line)
    }

    @Test func `each runner is told what to run in its own words`() {
        #expect(
            lines(Pytest.self, [("tests/test_a.py", ""), ("tests/test b.py", "")]) == [
                "python3 -m pytest tests/test_a.py 'tests/test b.py'"
            ])
        #expect(lines(GoTest.self, [("a/x_test.go", ""), ("a/y_test.go", ""), ("main_test.go", "")]) == ["go test ./a ."])
        #expect(lines(Jest.self, [("src/a.test.ts", "")]) == ["npx jest --runTestsByPath src/a.test.ts"])
        #expect(lines(NodeTest.self, [("test/a.test.js", "")]) == ["node --test test/a.test.js"])
        #expect(lines(Mocha.self, [("test/a.spec.js", "")]) == ["npx mocha test/a.spec.js"])
        #expect(lines(Pytest.self, [("pkg.mod", "")]).isEmpty && !Pytest.canRun(RunnableUnit(unit: TestID("pkg.mod"))))
        #expect(lines(Vitest.self, [("src/a.test.ts", "")]) == ["npx vitest run src/a.test.ts"])
        #expect(
            lines(Maven.self, [("src/test/java/a/BTest.java", "package a.c;\nclass BTest {}")])
                == ["mvn test -Dtest=a.c.BTest -Dsurefire.failIfNoSpecifiedTests=false"])
        #expect(lines(Gradle.self, [("app/src/test/kotlin/a/BTest.kt", "")]) == ["./gradlew test --tests a.BTest"])
        #expect(
            lines(SwiftPM.self, [("Tests/AppTests/XTests.swift", "@Suite struct XTests {\n}\n@Test func `free`() {}\nprivate let a = 1\n")])
                == ["swift test --filter 'AppTests\\.XTests\\b' --filter 'AppTests\\.free\\b'"])
        #expect(lines(Cargo.self, [("tests/it.rs", ""), ("src/tests.rs", "")]) == ["cargo test --lib --bins", "cargo test --test it"])
        #expect(lines(Nextest.self, [("tests/it.rs", "")]) == ["cargo nextest run -E 'binary(=it)'"])
        #expect(lines(RSpec.self, [("spec/a_spec.rb", "")]) == ["bundle exec rspec spec/a_spec.rb"])
        #expect(lines(PHPUnit.self, [("tests/ATest.php", "")]) == ["vendor/bin/phpunit --filter '\\b(ATest)::'"])
        #expect(lines(DotNet.self, [("A.Tests/BTests.cs", "")]) == ["dotnet test --filter 'FullyQualifiedName~.BTests.'"])
        #expect(lines(CTest.self, [("tests/a_test.cc", "")]) == ["ctest --output-on-failure -R '(a_test)'"])
        for runner in RunnerRegistry.runners { #expect(runner.commands(for: []).isEmpty, "\(runner.name)") }
    }

    @Test(arguments: [
        (["Package.swift", "Tests/ATests/A_Tests.swift"], [:], "swift"), (["go.mod", "a_test.go"], [:], "go"),
        (["pom.xml", "src/test/java/ATest.java"], [:], "maven"),
        (["build.gradle", "src/test/java/ATest.java"], [:], "gradle"),
        (["package.json", "a.test.js"], ["package.json": "{\"jest\": 1}"], "jest"),
        (["package.json", "a.test.ts"], ["package.json": "vitest jest"], "vitest"),
        (["package.json", "a.test.js"], ["package.json": "{\"test\": \"node --test\"}"], "node"),
        (["package.json", "test/a.js"], ["package.json": "{\"mocha\": 1}"], "mocha"),
        (["setup.py", "tests/test_a.py", "package.json"], [:], "pytest"),
        (["Cargo.toml", "tests/a.rs"], [:], "cargo"), (["Cargo.toml", ".config/nextest.toml", "tests/a.rs"], [:], "nextest"),
        ([".rspec", "spec/a_spec.rb"], [:], "rspec"), (["phpunit.xml", "tests/ATest.php"], [:], "phpunit"),
        (["a.sln", "A.Tests/ATests.cs"], [:], "dotnet"),
        (["CMakeLists.txt", "test/a_test.cc"], [:], "ctest"),
    ]) func `the runner is recognised`(paths: [String], texts: [String: String], expected: String) {
        #expect(RunnerRegistry.detect(RunnerEvidence(paths: paths, texts: texts))?.name == expected)
    }

    @Test func `a shell reads back what was quoted`() {
        #expect(ShellWords.line(["a b", "it's", "$(x)", "", "-x=1"]) == "'a b' 'it'\\''s' '$(x)' '' -x=1")
    }

    @Test func `shards hold every test once and are nearly even`() {
        let units = (0..<97).map { TestID("t\($0)") }
        let seconds = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, Double(1 + $0 % 13)) })
        let shards = Sharding.divide(units + units, into: 4, seconds: seconds)
        #expect(shards.flatMap(\.units).sorted() == units.sorted())
        let times = shards.map(\.seconds)
        #expect((times.max() ?? 0) - (times.min() ?? 0) <= 13)
        #expect(Sharding.divide(units.reversed(), into: 4, seconds: seconds) == shards)
    }

    @Test(arguments: [
        ("tests/*.py", "tests/a.py", true), ("tests/*.py", "tests/b/a.py", false), ("tests/**", "tests/b/a.py", true),
        ("**/a.py", "a.py", true),
        ("**/a.py", "x/y/a.py", true), ("**/a.py", "x/ya.py", false), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
        ("?.py", "a.py", true),
        ("?.py", "/.py", false), ("*", "", true), ("", "a", false), ("release/**", "release/1.2", true),
        ("**/*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
    ]) func `globs match as a shell's do`(pattern: String, text: String, expected: Bool) {
        #expect(Glob(pattern).matches(text) == expected)
    }

    @Test func `the conformal quantile holds back when the past is short`() {
        func curve(_ red: Int) -> ConfidenceCurve {
            let sessions = (0..<(2 * red)).map { index in
                TestSession(
                    id: "\(index)",
                    results: (0..<10).map {
                        TestResult(test: TestID("t\($0)"), failed: index.isMultiple(of: 2) && $0 == index % 7, duration: 1)
                    })
            }
            return ConfidenceCurve(sessions, gamma: 0.5)
        }
        #expect(curve(15).share(for: 0.95) == nil)
        #expect(curve(40).share(for: 0.95) != nil)
        let shares = curve(40)
        #expect((shares.share(for: 0.5) ?? 1) <= (shares.share(for: 0.95) ?? 0))
    }
}
