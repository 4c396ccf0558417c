import Text

/// Files that can break any test.
enum FileRoleRule: SelectionRule {
    static let name = "file that all tests depend on"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.compactMap { file, role in
            what(role).map { RuleFinding(rule: name, effect: .everything, reason: "\(file.path) is \($0)") }
        }
    }

    private static func what(_ role: FileRole) -> String? {
        switch role {
        case .toolchain: "a choice of toolchain"
        case .continuousIntegration: "configuration of the CI"
        case .build: "configuration of the build"
        case .testSetup: "set-up that tests share"
        case .vendored: "vendored code"
        case .generated: "generated code"
        case .unknown: "of a kind whose effect is not known"
        case .lockFile, .test, .code, .documentation, .data: nil
        }
    }
}

/// What a removed or renamed file was to others is not in the diff; on some file systems a change of case is no rename at all.
enum MovedSourceRule: SelectionRule {
    static let name = "removed or renamed source"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.compactMap { file, role in
            guard [.removed, .renamed].contains(file.kind), role != .test, role != .documentation, role != .lockFile else { return nil }
            let what = file.previousPath.map { "\($0) is now \(file.path)" } ?? "\(file.path) is removed"
            return RuleFinding(rule: name, effect: .everything, reason: "\(what); what used it by its old name is not known")
        }
    }
}

/// Changes without lines to read: binary files, links, submodules.
enum OpaqueChangeRule: SelectionRule {
    static let name = "change that cannot be read"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.compactMap { file, role in
            let what: String? =
                if file.isSubmodule { "another repository" } else if file.isLink { "a link" } else if file.isBinary { "binary" } else {
                    nil
                }
            return what.map { RuleFinding(rule: name, effect: .everything, reason: "\(file.path) is \($0)") }
        }
    }
}

/// Data is read by who names it, or its folder; data that no test names could be read by any.
enum DataFileRule: SelectionRule {
    static let name = "data file"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.flatMap { file, role -> [RuleFinding] in
            guard role == .data || role == .documentation, ![.removed, .renamed].contains(file.kind) else { return [] }
            let readers = readers(of: file.path, facts)
            if readers.isEmpty, role == .data {
                return [RuleFinding(rule: name, effect: .everything, reason: "no test names \(file.path), so any may read it")]
            }
            if namedBySource(file.path, facts), role == .data {
                return [RuleFinding(rule: name, effect: .everything, reason: "\(file.path) is read by the program itself")]
            }
            return readers.map { RuleFinding(rule: name, effect: .unit(TestID($0)), reason: "it names \(file.path), which changed") }
        }
    }

    private static func readers(of path: String, _ facts: SelectionFacts) -> [String] {
        let folder = FileName.folders(path).last.map(String.init) ?? ""
        let names = [String(FileName.last(path))] + (folder.utf8.count > 3 && !commonFolders.contains(folder.lowercased()) ? [folder] : [])
        return facts.situation.tests.filter { test in names.contains { Mention.isIn(test.text, $0) } }.map(\.path)
    }

    private static func namedBySource(_ path: String, _ facts: SelectionFacts) -> Bool {
        facts.situation.sources.contains { $0.path != path && Mention.isIn($0.text, String(FileName.last(path))) }
    }

    private static let commonFolders: Set<String> = [
        "test", "tests", "spec", "resources", "java", "main", "source", "sources", "docs", "package",
    ]
}
