/// Packages are the unit of `go test`. Source: pkg.go.dev/cmd/go, "Test packages"
enum GoTest: TestRunner {
    static let name = "go"
    static let endings: Set<String> = ["go"]
    static let wholeCommand = ["go", "test", "./..."]

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has("go.mod", "go.work") || repository.hasBelow("go.mod") }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        var packages: [String] = []
        for unit in units {
            let folder = FileName.folders(unit.name).joined(separator: "/")
            let package = unit.isFile ? (folder.isEmpty ? "." : "./" + folder) : unit.name
            if !packages.contains(package) { packages.append(package) }
        }
        return packages.isEmpty ? [] : [["go", "test"] + packages]
    }
}

/// Filters are regular expressions over `Module.Suite/test`. Source: `swift test --help`
enum SwiftPM: TestRunner {
    static let name = "swift"
    static let endings: Set<String> = ["swift"]
    static let wholeCommand = ["swift", "test"]
    static let readsTests = true

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has("Package.swift") }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        var filters: [String] = []
        for unit in units { for filter in Self.filters(unit) where !filters.contains(filter) { filters.append(filter) } }
        return filters.isEmpty ? [] : [wholeCommand + filters.flatMap { ["--filter", $0] }]
    }

    /// `Module.Suite` of every type and free test in the file; the whole module where none is found.
    private static func filters(_ unit: RunnableUnit) -> [String] {
        guard unit.isFile else { return [Alternatives.escaped(unit.name) + "[/.]"] }
        let folders = FileName.folders(unit.name)
        guard let place = folders.firstIndex(of: "Tests"), place + 1 < folders.count else {
            return [Alternatives.escaped(FileName.stem(unit.name))]
        }
        let module = Alternatives.escaped(String(folders[place + 1]))
        let names = declarations(String(decoding: unit.text, as: UTF8.self))
        guard !names.isEmpty else { return [module + "\\."] }
        return names.map { "\(module)\\.\(Alternatives.escaped($0))" + "\\b" }
    }

    /// Types and functions declared at the left margin.
    private static func declarations(_ text: String) -> [String] {
        var names: [String] = []
        for line in text.split(whereSeparator: \.isNewline) where line.first != " " && line.first != "\t" {
            let words = Identifiers.list(String(line))
            guard let place = words.firstIndex(where: { ["struct", "class", "actor", "enum", "extension", "func"].contains($0) }),
                place + 1 < words.count
            else { continue }
            let isTest = words[place] != "func" || line.hasPrefix("@Test")
            if isTest, !names.contains(words[place + 1]) { names.append(words[place + 1]) }
        }
        return names
    }
}

/// Source: doc.rust-lang.org/cargo/commands/cargo-test.html
enum Cargo: TestRunner {
    static let name = "cargo"
    static let endings: Set<String> = ["rs"]
    static let wholeCommand = ["cargo", "test"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has("Cargo.toml") }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        let binaries = RustTargets.integrationTests(units)
        // Tests inside `src` are all in the library's own test program.
        let inside = binaries.count < units.count
        var commands: [[String]] = []
        if inside { commands.append(wholeCommand + ["--lib", "--bins"]) }
        if !binaries.isEmpty { commands.append(wholeCommand + binaries.flatMap { ["--test", $0] }) }
        return commands
    }
}

/// Source: nexte.st/docs/filtersets
enum Nextest: TestRunner {
    static let name = "nextest"
    static let endings: Set<String> = ["rs"]
    static let wholeCommand = ["cargo", "nextest", "run"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has(".config/nextest.toml") }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        guard !units.isEmpty else { return [] }
        let binaries = RustTargets.integrationTests(units)
        let parts = (binaries.count < units.count ? ["kind(lib) + kind(bin)"] : []) + binaries.map { "binary(=\($0))" }
        return [wholeCommand + ["-E", parts.joined(separator: " + ")]]
    }
}

private enum RustTargets {
    /// `tests/a.rs` and `tests/a/main.rs` are each a program `a`.
    static func integrationTests(_ units: [RunnableUnit]) -> [String] {
        var names: [String] = []
        for unit in units where unit.isFile {
            let folders = FileName.folders(unit.name)
            guard let place = folders.lastIndex(of: "tests") else { continue }
            let name = place + 1 < folders.count ? String(folders[place + 1]) : FileName.stem(unit.name)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

/// Source: learn.microsoft.com/dotnet/core/testing/selective-unit-tests
enum DotNet: TestRunner {
    static let name = "dotnet"
    static let endings: Set<String> = ["cs", "fs", "vb"]
    static let wholeCommand = ["dotnet", "test"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.hasEnding("sln") || repository.hasEnding("csproj") || repository.hasEnding("fsproj")
    }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        let filters = units.map { "FullyQualifiedName~" + ($0.isFile ? ".\(FileName.stem($0.name))." : $0.name) }
        return filters.isEmpty ? [] : [wholeCommand + ["--filter", filters.joined(separator: "|")]]
    }
}

/// Tests are named in CMake files; by custom after the source file. Source: cmake.org/cmake/help, ctest -R
enum CTest: TestRunner {
    static let name = "ctest"
    static let endings: Set<String> = ["c", "cc", "cpp", "cxx"]
    static let wholeCommand = ["ctest", "--output-on-failure"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has("CMakeLists.txt") }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        let names = units.map { $0.isFile ? FileName.stem($0.name) : $0.name }
        return names.isEmpty ? [] : [wholeCommand + ["-R", "(\(Alternatives.of(names)))"]]
    }
}
