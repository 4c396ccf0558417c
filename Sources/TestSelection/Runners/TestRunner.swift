/// A program that runs tests, and how it is told which.
package protocol TestRunner: Sendable {
    static var name: String { get }
    /// Endings of the test files it runs, without the dot.
    static var endings: Set<String> { get }
    /// The repository is set up for it.
    static func isUsed(_ repository: RunnerEvidence) -> Bool
    /// Command lines that run these units and no others; several where the runner cannot take all in one.
    static func commands(for units: [RunnableUnit]) -> [[String]]
    /// The command line that runs everything.
    static var wholeCommand: [String] { get }
    /// Whether it can be told to run this unit alone.
    static func canRun(_ unit: RunnableUnit) -> Bool
    /// Whether it can be told to run some cases of a file, by the names that a footprint knows them by.
    static var dividesFiles: Bool { get }
    /// Its command lines say what stands in the tests.
    static var readsTests: Bool { get }
}

extension TestRunner {
    package static func canRun(_ unit: RunnableUnit) -> Bool { true }
    package static var dividesFiles: Bool { false }
    package static var readsTests: Bool { false }
}

/// A runner that is told paths: what is known by a name only it cannot run alone.
protocol FileRunner: TestRunner {
    static var selectedCommand: [String] { get }
}

extension FileRunner {
    package static func canRun(_ unit: RunnableUnit) -> Bool { unit.isFile }

    package static func commands(for units: [RunnableUnit]) -> [[String]] {
        let files = units.filter(canRun).flatMap(\.names)
        return files.isEmpty ? [] : [selectedCommand + files]
    }
}

/// What tells which runner a repository uses.
package struct RunnerEvidence: Sendable {
    /// How many test files of each ending there are.
    let testEndings: [String: Int]
    /// Texts of configuration files at the root, by name.
    package let texts: [String: String]
    private var nearRoot: Set<String> = []
    /// What comes after the last dot of files, at most seven bytes of it as a number, and names of files below the root; both without
    /// installed packages.
    private var endings: Set<UInt64> = []
    private var deepNames: Set<String> = []

    /// - Parameter tests: the test files among the paths, where they are known already.
    package init(paths: [String], tests: [String]? = nil, texts: [String: String] = [:]) {
        self.texts = texts
        testEndings = Self.endings(tests ?? paths.filter(TestFiles.isTest))
        for path in paths { Array(path.utf8).withUnsafeBufferPointer { add($0) } }
    }

    /// - Parameter tests: where the tests stand in the index.
    package init(_ index: SourceIndex, tests: [Int], texts: [String: String] = [:]) {
        self.texts = texts
        testEndings = Self.endings(tests.map(index.path))
        for place in 0..<index.count { index.withPath(place) { add($0) } }
    }

    private static func endings(_ tests: [String]) -> [String: Int] {
        tests.reduce(into: [:]) { $0[FileName.fileExtension($1), default: 0] += 1 }
    }

    private mutating func add(_ path: UnsafeBufferPointer<UInt8>) {
        if path.count(where: { $0 == 47 }) <= Self.deepestAsked { nearRoot.insert(String(decoding: path, as: UTF8.self)) }
        let name = path[(path.lastIndex(of: 47).map { $0 + 1 } ?? 0)...]
        let isInstalled = { Mention.isIn(Array(path), "node_modules/") }
        if let ending = Self.ending(name), !endings.contains(ending), !isInstalled() { endings.insert(ending) }
        if name.startIndex > 0, Self.askedNames.contains(where: { $0.utf8.count == name.count && $0.utf8.elementsEqual(name) }),
            !isInstalled()
        {
            deepNames.insert(String(decoding: name, as: UTF8.self))
        }
    }

    private static func ending(_ name: some BidirectionalCollection<UInt8>) -> UInt64? {
        guard let dot = name.lastIndex(of: 46) else { return nil }
        return name[name.index(after: dot)...].prefix(7).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Folders of the deepest file that a runner asks for by its path.
    private static let deepestAsked = 1
    /// Names that count wherever they stand.
    private static let askedNames = ["go.mod", "pom.xml"]

    /// Files a detection may want to read.
    package static let wanted: Set<String> = ["package.json", "pyproject.toml", "setup.cfg", "tox.ini", "Gemfile", "composer.json"]

    func has(_ names: String...) -> Bool { names.contains(where: nearRoot.contains) }
    func mentions(_ word: String, in file: String) -> Bool { texts[file]?.contains(word) ?? false }
    /// A file of this ending, which is given without its dot.
    func hasEnding(_ ending: String) -> Bool { Self.ending(Array(".\(ending)".utf8)).map(endings.contains) ?? false }
    /// A file of this name below the root.
    func hasBelow(_ name: String) -> Bool { deepNames.contains(name) }
}

/// A unit with its text, where it is a file.
package struct RunnableUnit: Sendable {
    package var unit: TestID
    /// The cases of it to run; empty: all.
    package var cases: [String]
    package var text: [UInt8]

    package init(unit: TestID, cases: [String] = [], text: [UInt8] = []) {
        self.unit = unit
        self.cases = cases
        self.text = text
    }

    var name: String { unit.name }
    /// The unit, or its cases as pytest calls them.
    package var names: [String] { cases.isEmpty ? [unit.name] : cases.map { "\(unit.name)::\($0)" } }
    var isFile: Bool { !FileName.fileExtension(unit.name).isEmpty && unit.name.contains("/") || TestFiles.isTest(unit.name) }
}

package enum RunnerRegistry {
    package static let runners: [any TestRunner.Type] = [
        SwiftPM.self, GoTest.self, NodeTest.self, Vitest.self, Jest.self, Mocha.self, Gradle.self, Maven.self, Pytest.self, Nextest.self,
        Cargo.self, RSpec.self,
        PHPUnit.self,
        DotNet.self, CTest.self,
    ]

    package static var names: [String] { runners.map { $0.name } }

    package static func named(_ name: String) -> (any TestRunner.Type)? { runners.first { $0.name == name } }

    /// The runner in use that has most test files here; of equals, the first above.
    package static func detect(_ repository: RunnerEvidence) -> (any TestRunner.Type)? {
        var best: (runner: any TestRunner.Type, count: Int)?
        for runner in runners where runner.isUsed(repository) {
            let count = runner.endings.reduce(0) { $0 + (repository.testEndings[$1] ?? 0) }
            if count > (best?.count ?? 0) { best = (runner, count) }
        }
        return best?.runner
    }
}

/// Writes a command line so that a POSIX shell reads the same words.
package enum ShellWords {
    package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            case 45, 46, 47, 95, 58, 61, 64, 44, 43, 37: true
            default: false
            }
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

/// Joins names as alternatives of a regular expression; what is special in one is escaped.
enum Alternatives {
    static func of(_ names: [String]) -> String { names.map(escaped).joined(separator: "|") }

    static func escaped(_ name: String) -> String {
        String(name.flatMap { "\\^$.|?*+()[]{}".contains($0) ? ["\\", $0] : [$0] })
    }
}
