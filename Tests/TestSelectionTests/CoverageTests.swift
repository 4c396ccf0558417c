import Basics
import Testing
import Text

@testable import TestSelection

@Suite struct CoverageTests {
    @Test(arguments: [
        ("lcov", "TN:\nSF:src/a.c\nDA:1,3\nDA:2,0\nend_of_record\n", "src/a.c", [1: 3, 2: 0]),
        (
            "Cobertura",
            "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'x.dtd'><coverage><packages><package name='p'><classes><class filename='p/a.py'><lines><line number='4' hits='1'/><line number='5' hits='0'/></lines></class></classes></package></packages></coverage>",
            "p/a.py", [4: 1, 5: 0]
        ),
        (
            "JaCoCo",
            "<!DOCTYPE report PUBLIC '-//JACOCO//DTD Report 1.1//EN' 'report.dtd'><report><package name='a/b'><sourcefile name='C.java'><line nr='7' mi='0' ci='2' mb='0' cb='0'/><line nr='8' mi='2' ci='0' mb='0' cb='0'/></sourcefile></package></report>",
            "a/b/C.java", [7: 2, 8: 0]
        ),
        ("Go", "mode: set\nexample.org/m/a.go:3.2,4.10 2 1\nexample.org/m/a.go:6.2,6.9 1 0\n", "example.org/m/a.go", [3: 1, 4: 1, 6: 0]),
        (
            "llvm-cov",
            #"{"data":[{"files":[{"filename":"/w/a.swift","segments":[[1,5,2,true,true,false],[3,2,0,true,true,false],[4,2,0,false,false,false]]}]}]}"#,
            "/w/a.swift", [1: 2, 2: 2, 3: 0]
        ),
    ]) func `a report is read as its tool writes it`(tool: String, text: String, file: String, lines: [Int: Int]) throws {
        #expect(try CoverageReport(parsing: Array(text.utf8)).files == [file: lines], "\(tool)")
    }

    @Test(arguments: ["", "x", "SF:a\nDA:x,y\n", "<coverage><a></coverage>", "{}", "mode: set\nbroken line\n"])
    func `what cannot be read is refused`(text: String) {
        #expect(throws: UnreadableReport.self) { try CoverageReport(parsing: Array(text.utf8)) }
    }

    @Test func `changed lines that no test ran through are named, and files the report misses are too`() throws {
        let diff = "--- a/src/a.c\n+++ b/src/a.c\n@@ -1,0 +1,4 @@\n+int a;\n+int b;\n+\n+int c;\n"
        let hunks = UnifiedDiff(parsing: Array(diff.utf8)).files.flatMap(\.hunks)
        let change = SourceChange(files: [
            .init(path: "src/a.c", hunks: hunks), .init(path: "src/b.c", hunks: hunks), .init(path: "README.md", hunks: hunks),
        ])
        let report = try CoverageReport(parsing: Array("SF:/build/w/src/a.c\nDA:1,1\nDA:2,0\nDA:4,0\nend_of_record\n".utf8))
        let coverage = ChangeCoverage(change, report)
        #expect(coverage.files == [.init(path: "src/a.c", covered: [1], uncovered: [2, 4])])
        #expect(coverage.unknown == ["src/b.c"])
        #expect(ChangeCoverage.ranges([1, 2, 3, 7]) == "1-3, 7")
    }

    @Test func `a page escapes the names it shows`() {
        var history = RunHistory()
        for seconds in [1.0, 2] {
            history.record(
                TestReport(cases: [ReportedCase(group: "<script>alert(1)</script>", name: "t", verdict: .passed, seconds: seconds)]),
                commit: "c",
                branch: "", isWhole: true, location: CaseLocation(tests: []))
        }
        let page = HistoryPage.html(HistorySummary(history))
        #expect(!page.contains("<script>"))
        #expect(page.contains("&lt;script&gt;"))
    }
}
