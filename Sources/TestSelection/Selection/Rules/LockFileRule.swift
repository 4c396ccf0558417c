import Text

/// A lock file that is read names the packages that changed: the tests that lead to them run. Of any other, everything.
enum LockFileRule: SelectionRule {
    static let name = "changed dependency"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.roles.flatMap { file, role -> [RuleFinding] in
            guard role == .lockFile else { return [] }
            guard let change = DependencyChange(file) else {
                return [RuleFinding(rule: FileRoleRule.name, effect: .everything, reason: "\(file.path) is a list of dependencies")]
            }
            return change.findings(facts)
        }
    }
}

/// Which packages a lock file's change touches, and who leads to them.
private struct DependencyChange {
    let path: String
    let new: LockFile
    let changed: [String]

    /// More than this is an update of everything.
    private static let mostPackages = 40
    /// Beginnings of the names of what runs tests: a change of it is one of every test.
    private static let runners = [
        "pytest", "jest", "vitest", "mocha", "junit", "testng", "rspec", "phpunit", "coverage", "tox", "nose", "ts-jest", "babel", "@babel",
    ]

    init?(_ file: SourceChange.File) {
        guard file.kind == .modified, let old = LockFile(file.path, file.old), let new = LockFile(file.path, file.new),
            let changed = LockFile.changed(old, new), !changed.isEmpty, changed.count <= Self.mostPackages
        else { return nil }
        path = file.path
        self.new = new
        self.changed = changed.sorted()
    }

    func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        changed.flatMap { package -> [RuleFinding] in
            if Self.runners.contains(where: { package.hasPrefix($0) }) { return [everything("\(package) runs the tests")] }
            let names = new.dependents(of: package)
            let users = names.sorted().flatMap { usersOf($0, facts) }
            let isOwn = usersOf(package, facts).isEmpty && isDirect(package, facts)
            guard !users.isEmpty, !isOwn else { return [everything("no file is seen to use \(package), so any may")] }
            if let far = users.first(where: { isFar($0, facts) }) {
                return [everything("\(far) uses \(package), and is led to in ways not seen")]
            }
            let tests = Set(users.flatMap { TestFiles.isTest($0) ? [$0] : [] } + users.flatMap { facts.graph.testsReaching($0) })
            return tests.sorted().map {
                RuleFinding(rule: LockFileRule.name, effect: .unit(TestID($0)), reason: "it leads to \(package), which \(path) changes")
            }
        }
    }

    /// Shared set-up, or code that no test is seen to lead to.
    private func isFar(_ user: String, _ facts: SelectionFacts) -> Bool {
        !TestFiles.isTest(user) && (FileRole(user) != .code || facts.graph.testsReaching(user).isEmpty)
    }

    private func everything(_ what: String) -> RuleFinding {
        RuleFinding(rule: LockFileRule.name, effect: .everything, reason: "\(path): \(what)")
    }

    /// Files of code that name the package as an import would.
    private func usersOf(_ package: String, _ facts: SelectionFacts) -> [String] {
        let isNPM = path.hasSuffix(".json")
        let word = package.split(separator: "-").joined(separator: "_")
        let wanted = isNPM ? ["\"\(package)\"", "'\(package)'", "\"\(package)/", "'\(package)/"] : [word]
        let files = facts.situation.sources.filter { FileRole.isCode($0.path) } + facts.situation.tests
        return files.filter { file in
            wanted.contains { name in
                isNPM
                    ? Mention.isIn(file.text, name)
                    : Mention.places(file.text, name, first: false).contains { Mention.stands(file.text, $0, name) }
            }
        }.map(\.path)
    }

    /// A manifest asks for it by name: what imports it may do so by another one.
    private func isDirect(_ package: String, _ facts: SelectionFacts) -> Bool {
        let manifests = ["pyproject.toml", "setup.cfg", "setup.py", "Cargo.toml", "package.json", "requirements.txt"]
        return facts.situation.sources.contains { source in
            manifests.contains(String(FileName.last(source.path))) && Mention.isIn(source.text.map(Self.lower), package)
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 65...90: byte | 32
        case 95: 45
        default: byte
        }
    }
}
