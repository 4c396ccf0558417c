import Basics
import Text

/// No chain of names leads from any test to a changed file: how tests reach it is not known.
enum UnreachedRule: SelectionRule {
    static let name = "unreached change"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.changedCode.compactMap { file in
            guard file.kind != .removed, !facts.isReached(file), facts.testsReaching(file).isEmpty else { return nil }
            return RuleFinding(rule: name, effect: .everything, reason: "no test is seen to reach \(file.path)")
        }
    }
}

/// A name that is no longer imported can be missed by whoever got it through this file: all tests that lead to the file run.
enum RemovedImportRule: SelectionRule {
    static let name = "removed import"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.demanded(name, by: facts.changedCode) { file in goneImport(file).map { "\(file.path) no longer has '\($0)'" } }
    }

    /// The first import whose names do not all stand in some import that was added.
    private static func goneImport(_ file: SourceChange.File) -> String? {
        let lines = file.hunks.flatMap(\.lines)
        let added = Set(lines.filter { $0.kind == .added && isImport($0.text.raw) }.flatMap { Identifiers.list($0.text.raw) })
        for line in lines where line.kind == .removed && isImport(line.text.raw) {
            if !Set(Identifiers.list(line.text.raw)).isSubset(of: added) { return shown(line.text.raw) }
        }
        return nil
    }

    private static func isImport(_ line: String) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        let beginnings = [
            "import ", "from ", "@_exported import ", "#include", "use ", "pub use ", "using ", "require", "include ", "export ", "mod ",
            "pub mod ", "package import ", "public import ", "extern crate ", "load ",
        ]
        return beginnings.contains { text.hasPrefix($0) } || text.contains("= require(") || text.contains("= await import(")
    }

    private static func shown(_ line: String) -> String { String(line.drop { $0 == " " || $0 == "\t" }.prefix(80)) }
}

/// A changed test file that others build on, as a base class or shared cases.
enum SharedTestRule: SelectionRule {
    static let name = "shared by tests"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        let tests = facts.roles.filter { $0.role == .test && $0.file.kind != .removed }.map(\.file)
        return facts.demanded(name, by: tests) { "it builds on \($0.path), which changed" }
    }
}
