import TestSupport
import Testing
import Text

@testable import TestSelection

@Suite struct LockFileTests {
    private static func poetry(idna: String = "3.0", requests: String = "2.0", pytest: String = "8.0", yaml: String = "6.0") -> String {
        """
        # This file is automatically @generated
        [[package]]
        name = "idna"
        version = "\(idna)"

        [[package]]
        name = "requests"
        version = "\(requests)"

        [package.dependencies]
        idna = ">=2.5,<4"

        [[package]]
        name = "pytest"
        version = "\(pytest)"

        [[package]]
        name = "PyYAML"
        version = "\(yaml)"

        [metadata]
        content-hash = "\(idna)\(requests)"

        """
    }

    private static let npm = """
        {"lockfileVersion": 3, "packages": {"": {"name": "shop"}, "node_modules/left-pad": {"version": "1.0.0"},
        "node_modules/@web/kit": {"version": "VERSION", "dependencies": {"left-pad": "1"}}}}
        """
    private static let cargo = """
        version = 3

        [[package]]
        name = "syn"
        version = "VERSION"
        dependencies = [
         "proc-macro2",
        ]

        [[package]]
        name = "proc-macro2"
        version = "1.0"

        """

    private func select(_ path: String, _ old: String, _ new: String, setUp: Bool = false) -> Selection {
        let file = SourceChange.File(path: path, old: Array(old.utf8), new: Array(new.utf8))
        var situation = SelectionSituation(
            request: SelectionRequest(budget: .share(0), branch: "feature", wholeRunEvery: 0), change: SourceChange(files: [file]),
            tests: [
                ("tests/test_web.py", Array("from shop.fetching import get\n".utf8)),
                ("tests/test_money.py", Array("import shop.money\n".utf8)),
                ("web/kit.test.js", Array("import {a} from '@web/kit';\n".utf8)), ("tests/parse.rs", Array("use syn::parse;\n".utf8)),
            ],
            sources: [
                ("shop/fetching.py", Array("import requests\n".utf8)), ("shop/money.py", Array("A = 1\n".utf8)),
                ("shop/load.py", Array("import yaml\n".utf8)), ("pyproject.toml", Array("requests = \"*\"\nPyYAML = \"*\"\n".utf8)),
            ])
        if setUp { situation.sources.append(("tests/conftest.py", Array("import requests\n".utf8))) }
        let reports = situation.tests.map { ReportedCase(group: "", name: "x", file: $0.path, verdict: .passed, seconds: 1) }
        let location = CaseLocation(tests: situation.tests.map(\.path))
        situation.history.record(TestReport(cases: reports), commit: "c", branch: "main", isWhole: true, location: location)
        return Selector.select(situation)
    }

    private func run(_ selection: Selection) -> [String] {
        selection.everythingBecause.isEmpty ? selection.run.map(\.unit.name) : ["everything"]
    }

    @Test func `of a lock file that is read, the tests that lead to the changed package run, and no others`() {
        #expect(run(select("poetry.lock", Self.poetry(), Self.poetry(requests: "2.1"))) == ["tests/test_web.py"])
        let version = { (text: String, number: String) in text.replacing("VERSION", with: number) }
        #expect(run(select("package-lock.json", version(Self.npm, "1"), version(Self.npm, "2"))) == ["web/kit.test.js"])
        #expect(run(select("Cargo.lock", version(Self.cargo, "1"), version(Self.cargo, "2"))) == ["tests/parse.rs"])
    }

    @Test func `a package that another needs is led to through that one`() {
        let selection = select("poetry.lock", Self.poetry(), Self.poetry(idna: "3.1"))
        #expect(run(selection) == ["tests/test_web.py"])
        #expect(selection.run.first?.reasons.first == "changed dependency: it leads to idna, which poetry.lock changes")
    }

    @Test(arguments: [
        ("what runs the tests", poetry(), poetry(pytest: "8.1")), ("a package imported by another name", poetry(), poetry(yaml: "6.1")),
        ("what stands outside packages", poetry(), poetry().replacing("[metadata]", with: "[metadata]\npython = \"3\"")),
        ("something unreadable", poetry(), "\u{0}"), ("nothing that is read", "", ""),
    ]) func `everything runs when a lock file changes`(what: String, old: String, new: String) {
        #expect(run(select("poetry.lock", old, new)) == ["everything"], "\(what)")
    }

    @Test func `everything runs when shared set-up uses the package, and for formats that are not read`() {
        #expect(run(select("poetry.lock", Self.poetry(), Self.poetry(requests: "2.1"), setUp: true)) == ["everything"])
        #expect(run(select("go.sum", "a v1 h1:x\n", "a v2 h1:y\n")) == ["everything"])
    }

    @Test func `no bytes make the reader fail, and a cut file is never taken for a small change`() {
        let random = SeededRandom(seed: 7)
        let whole = Array(Self.poetry().utf8)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                if random.next().isMultiple(of: 2) {
                    bytes.remove(at: place)
                } else {
                    bytes[place] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            for name in ["poetry.lock", "package-lock.json"] { _ = LockFile(name, bytes).map { $0.dependents(of: "idna") } }
        }
        let cut = LockFile("poetry.lock", Array(whole.prefix(150)))
        let both = LockFile("poetry.lock", whole).flatMap { whole in cut.flatMap { LockFile.changed(whole, $0) } }
        #expect(both?.contains("pytest") ?? true)
    }
}
