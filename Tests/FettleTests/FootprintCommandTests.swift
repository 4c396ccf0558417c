import Basics
import FoundationEssentials
import Storage
import TestSupport
import Testing

@testable import fettle

/// Coverage that tells tests apart, from the file a runner writes to the command line that is printed.
@Suite struct FootprintCommandTests {
    /// A data file as coverage.py writes it, with lines or with jumps between them. Source: coverage.readthedocs.io/en/latest/dbschema.html
    private func contexts(_ path: String, _ lines: [(file: String, context: String, lines: [Int])], jumps: Bool) async throws {
        let database = try SQLiteDatabase(.file(path: path))
        try await database.write { transaction in
            for table in [
                "file (id integer primary key, path text)", "context (id integer primary key, context text)",
                "line_bits (file_id integer, context_id integer, numbits blob)",
                "arc (file_id integer, context_id integer, fromno integer, tono integer)",
            ] { try transaction.execute("CREATE TABLE \(table)", []) }
            for (place, run) in lines.enumerated() {
                let id = SQLValue.integer(Int64(place + 1))
                try transaction.execute("INSERT INTO file VALUES (?, ?)", [id, .text(run.file)])
                try transaction.execute("INSERT INTO context VALUES (?, ?)", [id, .text(run.context)])
                if jumps {
                    for line in run.lines {
                        try transaction.execute("INSERT INTO arc VALUES (?, ?, ?, ?)", [id, id, .integer(-1), .integer(Int64(line))])
                    }
                } else {
                    var bits = [UInt8](repeating: 0, count: 4)
                    for line in run.lines { bits[line / 8] |= 1 << UInt8(line % 8) }
                    try transaction.execute("INSERT INTO line_bits VALUES (?, ?, ?)", [id, id, .bytes(bits)])
                }
            }
        }
        await database.close()
    }

    private let suite = """
        <testsuite><testcase classname="tests.test_money" name="test_add" time="10"/><testcase classname="tests.test_money" name="test_sum[1]" time="10"/>\
        <testcase classname="tests.test_basket" name="test_total" time="10"/><testcase classname="tests.test_shop" name="test_all" time="10"/>\
        <testcase classname="tests.test_slow" name="test_start" time="10"/><testcase classname="tests.unit.test_deep" name="test_rate" time="10"/></testsuite>
        """

    @Test(arguments: [
        (false, "tests/test_money.py::test_sum[1]|run"), (true, "tests/test_money.py::test_sum|run"), (false, "tests.test_money.test_sum"),
    ]) func `the case that ran through the changed line is run, and not the rest of its file`(jumps: Bool, context: String) async throws {
        let stage = try await SelectionStage()
        let tests = "def test_add():\n    pass\n\ndef test_sum(n):\n    pass\n"
        let before = try await stage.repository.commit("Two tests", ["tests/test_money.py": tests])
        let folder = try TemporaryFolder()
        try await contexts(
            folder.path + "/.coverage",
            [
                ("/build/7/shop/money.py", "", [1, 2]), (stage.repository.path + "/shop/money.py", context, [3]),
                ("/build/7/shop/rates.py", "tests/test_money.py::test_add|run", [2]), ("/usr/lib/python3/json.py", context, [9]),
            ], jumps: jumps)
        let recorded = await stage.record(suite, branch: "feature", ["--coverage", folder.path + "/.coverage"])
        #expect(recorded.status == .done, "\(recorded.error)")
        try await stage.repository.commit("Change", ["shop/money.py": "class Money:\n    def add(self, other):\n        return other\n"])
        let printed = try await stage.select(base: before, target: "18%")
        #expect(printed.text.contains("python3 -m pytest tests/test_money.py::test_sum\n"), "\(printed.text)")
        #expect(printed.text.contains("tests/test_money.py (1 of its cases): ran through shop/money.py, line 3"), "\(printed.text)")
    }

    @Test func `the processes that node ran for its test files tell which of them ran through a line`() async throws {
        let stage = try await SelectionStage()
        let before = try await stage.repository.commit(
            "JavaScript",
            [
                "web/cart.js": "exports.a = () => {\n  return 1;\n};\nexports.b = () => {\n  return 2;\n};\n",
                "web/one.test.js": "require('./cart').a();\n", "web/two.test.js": "require('./cart').b();\n",
                "package.json": "{\"scripts\": {\"test\": \"node --test\"}}\n",
            ])
        let folder = try TemporaryFolder()
        for (test, idle) in [("one", "54, \"endOffset\": 73"), ("two", "12, \"endOffset\": 34")] {
            let scripts = ["web/\(test).test.js", "web/cart.js"].map { path in
                let ranges = path == "web/cart.js" ? ", {\"startOffset\": \(idle), \"count\": 0}" : ""
                return """
                    {"url": "file://\(stage.repository.path)/\(path)", "functions": [{"ranges": [{"startOffset": 0, "endOffset": 90, "count": 1}\(ranges)]}]}
                    """
            }
            try "{\"result\": [\(scripts.joined(separator: ","))]}".write(
                toFile: "\(folder.path)/coverage-\(test).json", atomically: true, encoding: .utf8)
        }
        let report = ["one", "two"].map { "<testcase classname=\"web.\($0).test\" name=\"x\" file=\"web/\($0).test.js\" time=\"10\"/>" }
        let recorded = await stage.record("<testsuite>\(report.joined())</testsuite>", branch: "feature", ["--coverage", folder.path])
        #expect(recorded.status == .done, "\(recorded.error)")
        try await stage.repository.commit(
            "Change", ["web/cart.js": "exports.a = () => {\n  return 1;\n};\nexports.b = () => {\n  return 3;\n};\n"])
        let printed = try await stage.select(base: before, target: "50%")
        #expect(printed.chosen == ["web/two.test.js"], "\(printed.text)")
        #expect(printed.text.contains("ran through web/cart.js, line 5"), "\(printed.text)")
    }

    @Test func `coverage that names no test of the repository is refused with what to do`() async throws {
        let stage = try await SelectionStage()
        let folder = try TemporaryFolder()
        try await contexts(folder.path + "/.coverage", [("shop/money.py", "", [1])], jumps: false)
        let recorded = await stage.record(suite, branch: "feature", ["--coverage", folder.path + "/.coverage"])
        #expect(recorded.status == .usage && recorded.error.contains("--cov-context=test"), "\(recorded.error)")
        try "SQLite format 3\u{0}and no more".write(toFile: folder.path + "/broken", atomically: true, encoding: .utf8)
        let broken = await stage.record(suite, branch: "feature", ["--coverage", folder.path + "/broken"])
        #expect(broken.status == .usage && broken.error.contains("no data file of coverage.py"), "\(broken.error)")
    }
}
