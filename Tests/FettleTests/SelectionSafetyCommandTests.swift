import Basics
import FoundationEssentials
import TestSupport
import Testing

@testable import fettle

/// Each way in which a selection could skip a test wrongly, in a real repository, through the real command.
@Suite struct SelectionSafetyCommandTests {
    private static let allTests = "file that all tests depend on"

    @Test func `an ordinary change leaves tests out, and names those it chose`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Change", ["shop/money.py": "class Money:\n    def add(self, other):\n        return other\n"])
        let printed = try await stage.select(target: "30%")
        #expect(printed.mode == "selection" && printed.chosen.count < SelectionStage.tests.count)
    }

    @Test(arguments: [
        ("a lock file", "poetry.lock", allTests), ("a toolchain file", ".python-version", allTests),
        ("a CI file", ".github/workflows/ci.yml", allTests), ("a build file", "pyproject.toml", allTests),
        ("generated code", "shop/generated/api.py", allTests), ("code with a generator's mark", "shop/marked.py", allTests),
        ("vendored code", "vendor/lib/a.py", allTests),
        ("an unknown language", "kernel.zig", allTests), ("our configuration on the head", ".fettle.yml", allTests),
        ("a class loaded by its name", "shop/audit.py", "loaded by name"), ("data that no test names", "shop/tables/vat.json", "data file"),
    ]) func `everything runs after a change of`(what: String, path: String, rule: String) async throws {
        let printed = try await SelectionStage().selection(after: [path: "changed = 2\n"])
        #expect(printed.runsEverything(because: rule, naming: path), "\(what): \(printed.text)")
    }

    @Test func `a test that names changed data runs`() async throws {
        let printed = try await SelectionStage().selection(after: ["fixtures/prices.csv": "3,4\n"])
        #expect(printed.runs("tests/test_basket.py", because: "data file"), "\(printed.text)")
    }

    @Test func `tests that lead to a file run when it loses an import`() async throws {
        let stage = try await SelectionStage()
        let printed = try await stage.selection(after: [
            "shop/basket.py": "from shop.money import Money\n\ndef total(prices):\n    return sum(prices)\n"
        ])
        #expect(printed.runs("tests/test_basket.py", because: "removed import"), "\(printed.text)")
        let package = try await SelectionStage().selection(after: ["shop/__init__.py": "\n"])
        #expect(package.text.contains("tests/test_shop.py: removed import"), "\(package.text)")
    }

    @Test func `a test that many changed files demand says of three of them why, and how many more there are`() async throws {
        let stage = try await SelectionStage()
        let parts = (0..<6).map { "shop/part\($0).py" }
        var files: [String: String?] = ["tests/test_parts.py": (0..<6).map { "import shop.part\($0)\n" }.joined()]
        for part in parts { files[part] = "import os\nA = 1\n" }
        let before = try await stage.repository.commit("Parts", files)
        try await stage.repository.commit("Lose", Dictionary(uniqueKeysWithValues: parts.map { ($0, "A = 2\n") }))
        let printed = try await stage.select(base: before)
        #expect(printed.runs("tests/test_parts.py", because: "removed import"), "\(printed.text)")
        let test = printed.json["tests"]?.array?.first { $0["path"]?.string == "tests/test_parts.py" }
        let reasons = test?["reasons"]?.array?.compactMap(\.string).filter { $0.hasPrefix("removed import") }
        #expect(reasons?.count == 4 && reasons?.last == "removed import: the same holds for 3 more changed files", "\(printed.text)")
    }

    @Test(arguments: ["shop/coin.py", "shop/Money.py"])
    func `everything runs after a renamed source, also where only the case differs`(name: String) async throws {
        let stage = try await SelectionStage()
        try await stage.repository.git("mv", "shop/money.py", name)
        let printed = try await stage.selection(after: [:])
        #expect(printed.runsEverything(because: "removed or renamed source", naming: name), "\(printed.text)")
    }

    @Test func `everything runs after a removed source`() async throws {
        let printed = try await SelectionStage().selection(after: ["shop/rates.py": nil])
        #expect(printed.runsEverything(because: "removed or renamed source", naming: "shop/rates.py"))
    }

    @Test(arguments: [("tests/test_slow.py", "tests/test_snail.py"), ("tests/test_slow.py", "tests/unit/test_slow.py")])
    func `a moved test runs, within its package or to another`(from: String, to: String) async throws {
        let stage = try await SelectionStage()
        try await stage.repository.git("mv", from, to)
        let printed = try await stage.selection(after: [:])
        #expect(printed.runs(to, because: "changed test"), "\(printed.text)")
        #expect(!printed.chosen.contains(from))
    }

    @Test func `a new test without history runs, and again until a run of it is recorded`() async throws {
        let stage = try await SelectionStage()
        let first = try await stage.selection(after: ["tests/test_new.py": "def test_new(): pass\n"])
        #expect(first.runs("tests/test_new.py", because: "changed test"))
        let head = try await stage.repository.git("rev-parse", "HEAD").dropLast()
        try await stage.repository.commit("Later", ["shop/money.py": "class Money: pass\n"])
        #expect(try await stage.select(base: String(head)).runs("tests/test_new.py", because: "never recorded"))
    }

    @Test func `everything runs when a submodule is set to another commit`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.git("update-index", "--add", "--cacheinfo", "160000,\(stage.base),lib")
        try await stage.repository.git("commit", "--quiet", "-m", "Add a submodule")
        let before = String(try await stage.repository.git("rev-parse", "HEAD").dropLast())
        try await stage.repository.git("update-index", "--cacheinfo", "160000,\(before),lib")
        try await stage.repository.git("commit", "--quiet", "-m", "Bump")
        let printed = try await stage.select(base: before)
        #expect(printed.runsEverything(because: "change that cannot be read", naming: "lib is another repository"), "\(printed.text)")
    }

    @Test func `everything runs after a binary change`() async throws {
        let printed = try await SelectionStage().selection(after: ["logo.png": "\u{0}PNG 2"])
        #expect(printed.runsEverything(because: "change that cannot be read", naming: "logo.png is binary"), "\(printed.text)")
    }

    @Test func `a linked test runs, whatever it leads to`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Link", ["tests/real.txt": "def test_a(): pass\n"])
        try stage.repository.link("tests/test_linked.py", to: "real.txt")
        let before = try await stage.repository.commit("Link", [:])
        try await stage.repository.commit("Change", ["shop/money.py": "class Money: pass\n"])
        let printed = try await stage.select(base: before)
        #expect(printed.runs("tests/test_linked.py", because: "linked test"), "\(printed.text)")
    }

    @Test func `everything runs when nothing differs, and after a change that was reverted`() async throws {
        let stage = try await SelectionStage()
        #expect(try await stage.select(base: "HEAD").runsEverything(because: "empty change", naming: "no file differs"))
        try await stage.repository.commit("Change", ["shop/money.py": "class Money: pass\n"])
        try await stage.repository.git("revert", "--no-edit", "HEAD")
        #expect(try await stage.select().runsEverything(because: "empty change", naming: "no file differs"))
    }

    @Test func `a reverting commit is a change like the one it reverts`() async throws {
        let stage = try await SelectionStage()
        let before = try await stage.repository.commit(
            "Change", ["shop/basket.py": "from shop.money import Money\n", "tests/test_slow.py": "def test_start(): pass\n"])
        try await stage.repository.git("revert", "--no-edit", "HEAD")
        let printed = try await stage.select(base: before)
        #expect(printed.runs("tests/test_slow.py", because: "changed test"), "\(printed.text)")
        let lost = try await stage.repository.commit("Again", ["shop/basket.py": "from shop.money import Money\n"])
        try await stage.repository.commit("Lose", ["shop/basket.py": "def total(prices): return 0\n"])
        try await stage.repository.git("revert", "--no-edit", "HEAD")
        try await stage.repository.git("revert", "--no-edit", "HEAD")
        #expect(try await stage.select(base: lost).runs("tests/test_basket.py", because: "removed import"))
    }

    @Test func `of a lock file that is read, the tests that lead to the changed package run`() async throws {
        let stage = try await SelectionStage()
        func lock(_ version: String) -> String {
            "[[package]]\nname = \"requests\"\nversion = \"\(version)\"\n\n[[package]]\nname = \"idna\"\nversion = \"3.0\"\n\n[metadata]\n"
        }
        let before = try await stage.repository.commit(
            "Web",
            [
                "poetry.lock": lock("2.0"), "shop/web.py": "import requests\n", "tests/test_web.py": "from shop.web import requests\n",
                "pyproject.toml": "[project]\ndependencies = [\"requests\"]\n",
            ])
        #expect(await stage.record(SelectionStage.report(tests: SelectionStage.tests + ["tests/test_web.py"])).status == .done)
        try await stage.repository.commit("Bump", ["poetry.lock": lock("2.1")])
        let printed = try await stage.select(base: before)
        #expect(printed.runs("tests/test_web.py", because: "changed dependency"), "\(printed.text)")
        #expect(!printed.chosen.contains("tests/unit/test_deep.py"))
    }

    @Test func `everything runs after a huge change`() async throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<160).map { ("shop/part\($0).py", Optional("A = \($0)\n")) })
        #expect(try await SelectionStage().selection(after: many).runsEverything(because: "huge change", naming: "160 files"))
    }

    @Test func `of a merge commit the branch's own change counts, and of what came in nothing is missed`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Feature", ["tests/test_money.py": "def test_add(): pass\n"])
        try await stage.repository.git("checkout", "--quiet", "main")
        let main = try await stage.repository.commit("Main", ["tests/test_slow.py": "def test_start(): pass\n"])
        try await stage.repository.git("checkout", "--quiet", "feature")
        try await stage.repository.git("merge", "--quiet", "--no-edit", "main")
        let own = try await stage.select(base: main)
        #expect(own.runs("tests/test_money.py", because: "changed test") && !own.chosen.contains("tests/test_slow.py"), "\(own.text)")
        let whole = try await stage.select()
        #expect(whole.runs("tests/test_money.py", because: "changed test") && whole.runs("tests/test_slow.py", because: "changed test"))
    }

    @Test func `everything runs when the base is missing or shares no history`() async throws {
        let stage = try await SelectionStage()
        let missing = try await stage.select(base: "0123456789012345678901234567890123456789")
        #expect(missing.runsEverything(because: "unreadable change", naming: "0123456789"), "\(missing.text)")
        let named = try await stage.select(base: "nosuch")
        #expect(named.runsEverything(because: "unreadable change", naming: "the base 'nosuch' is not in this repository: fetch it"))
        try await stage.repository.git("checkout", "--quiet", "--orphan", "other")
        let other = try await stage.selection(after: ["README.md": "Other\n"])
        #expect(other.runsEverything(because: "unreadable change", naming: "no common ancestor"), "\(other.text)")
    }

    @Test func `everything runs in a clone too shallow to judge, which says so`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("One", ["shop/money.py": "class Money: pass\n"])
        try await stage.repository.commit("Two", ["shop/money.py": "class Money:\n    x = 1\n"])
        try await stage.repository.git("checkout", "--quiet", "main")
        try await stage.repository.commit("Main", ["shop/rates.py": "def rate():\n    return 2\n"])
        try await stage.repository.git(
            "clone", "--quiet", "--depth", "1", "--no-single-branch", "file://\(stage.repository.path)", "shallow")
        let terminal = RecordedTerminal()
        let words = [
            "tests", "select", "--repo", "\(stage.repository.path)/shallow", "--history", stage.history, "--base", "origin/main", "--head",
            "origin/feature", "--observe-first", "0", "--target", "1%",
        ]
        #expect(await CommandRegistry.run(words, in: terminal.context()) == .done)
        #expect(terminal.output.contains("# everything runs:"), "\(terminal.output)")
        #expect(terminal.output.contains("unreadable change") && terminal.output.contains("shallow"), "\(terminal.output)")
    }

    @Test(arguments: ["cut short", "empty", "disturbed", "of an older form", "without its end written"])
    func `an index file chooses what none at all chooses, when it is`(what: String) async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Change", ["shop/rates.py": "def rate():\n    return 3\n"])
        let index = "\(stage.repository.path)/.git/fettle-index"
        let fresh = try await stage.select(target: "20%")
        let written = Array(try #require(FileManager.default.contents(atPath: index)))
        let damaged: [UInt8] =
            switch what {
            case "cut short": written.dropLast(100)
            case "empty": []
            case "disturbed": written.enumerated().map { $0.offset == written.count / 2 ? $0.element ^ 1 : $0.element }
            case "of an older form": Array("fettle-index-1\n\u{0}".utf8) + written.dropFirst(16)
            default: written.dropLast(8) + [UInt8](repeating: 0, count: 8)
            }
        try Data(damaged).write(to: URL(filePath: index))
        #expect(try await stage.select(target: "20%").text == fresh.text)
        // A sound one took its place.
        #expect(FileManager.default.contents(atPath: index).map { [UInt8]($0) } == written)
    }

    @Test func `an index that was made for another branch or an earlier state chooses what none at all chooses`() async throws {
        let stage = try await SelectionStage()
        let index = "\(stage.repository.path)/.git/fettle-index"
        _ = try await stage.select(target: "20%", ["--head", stage.base])
        let kept = try #require(FileManager.default.contents(atPath: index))
        let states: [[String: String?]] = [
            ["shop/rates.py": "def rate():\n    return 3\n", "tests/new/test_more.py": "from shop.rates import rate\nrate()\n"],
            ["shop/plugins.py": nil, "shop/deep/plugins.py": "def start(): pass\n"],
            ["tests/unit/test_deep.py": nil, "tests/test_money.py": "import shop\n"],
            ["tests/test_money.py": "from shop.money import Money\n\ndef test_add():\n    Money().add(1)\n"],
        ]
        for (number, files) in states.enumerated() {
            try await stage.repository.commit("State \(number)", files)
            for base in [stage.base, "HEAD~1"] {
                try kept.write(to: URL(filePath: index))
                let warm = try await stage.select(base: base, target: "20%")
                try FileManager.default.removeItem(atPath: index)
                #expect(try await stage.select(base: base, target: "20%").text == warm.text, "state \(number) from \(base)")
            }
        }
    }

    @Test func `everything runs in a partial clone, which says so, until what it lacks is there`() async throws {
        let stage = try await SelectionStage()
        try await stage.repository.commit("Change", ["shop/rates.py": "def rate():\n    return 3\n"])
        let whole = try await stage.select(target: "20%")
        try await stage.repository.git("config", "uploadpack.allowFilter", "true")
        try await stage.repository.git(
            "clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(stage.repository.path)", "partial")
        let path = "\(stage.repository.path)/partial"
        func select() async -> String {
            let terminal = RecordedTerminal()
            let words = [
                "tests", "select", "--repo", path, "--history", stage.history, "--base", stage.base, "--head", "origin/feature", "--branch",
                "feature", "--observe-first", "0", "--whole-run-every", "0", "--target", "20%",
            ]
            #expect(await CommandRegistry.run(words, in: terminal.context()) == .done, "\(terminal.error)")
            return terminal.output
        }
        let partial = await select()
        #expect(partial.contains("# everything runs:") && partial.contains("unreadable change"), "\(partial)")
        #expect(partial.contains("not here") && partial.contains("a partial clone") && !partial.contains("empty change"), "\(partial)")
        // Only what the change touched is fetched: the rest is still not known.
        try await stage.repository.git("-C", "partial", "cat-file", "-e", "\(stage.base):shop/rates.py")
        try await stage.repository.git("-C", "partial", "cat-file", "-e", "origin/feature:shop/rates.py")
        let changed = await select()
        #expect(changed.contains("# everything runs:") && changed.contains("files are not in this partial clone"), "\(changed)")
        try await stage.repository.git("-C", "partial", "checkout", "--quiet", "feature")
        #expect(await select() == whole.text)
    }
}
