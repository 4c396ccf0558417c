import Text

enum CMakeEcosystem: Ecosystem {
    static let manifests = ["CMakeLists.txt"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard context.line(in: manifest, where: { $0.lowercased().holds("project(") || $0.lowercased().holds("project (") }) != nil
        else { return nil }
        var component = NativeLanguage.component(folder, manifest, .cmake, context)
        component.commands = commands(folder, manifest, context)
        return component
    }

    private static func commands(_ folder: String, _ manifest: String, _ context: DetectionContext) -> [ComponentCommand] {
        let because = Evidence(manifest)
        let tests = CMakeTests(folder, manifest, context)
        let flags = tests.options.map { " -D\($0.value)=ON" }.joined()
        if let (path, line) = conan(folder, context) {
            return [
                ComponentCommand(.install, "pipx install conan==2.34.0", Evidence(path)),
                ComponentCommand(.install, "conan profile detect", Evidence(path)),
                ComponentCommand(.install, "conan install . --build=missing", Evidence(path, line)),
                ComponentCommand(.build, "cmake --preset conan-release\(flags)", because),
                ComponentCommand(.build, "cmake --build --preset conan-release --parallel", because),
            ] + tests.commands(run: "ctest --preset conan-release", build: "cmake --build --preset conan-release")
        }
        // The runner has vcpkg; it installs what the manifest names while CMake configures.
        let vcpkg = context.first(["vcpkg.json"], in: folder)
        let toolchain = vcpkg == nil ? "" : " -DCMAKE_TOOLCHAIN_FILE=\"$VCPKG_INSTALLATION_ROOT/scripts/buildsystems/vcpkg.cmake\""
        var configure = ComponentCommand(
            .build, "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release\(flags)\(toolchain)",
            vcpkg.map { Evidence($0) } ?? tests.options.first?.because ?? because)
        if vcpkg == nil, let preset = CMakePresets.forTests(in: folder, context) {
            configure = ComponentCommand(.build, "cmake -S . -B build --preset \(preset.value)", preset.because)
        }
        return [configure, ComponentCommand(.build, "cmake --build build --parallel", because)]
            + tests.commands(run: "ctest --test-dir build", build: "cmake --build build")
    }

    /// Where Conan is asked to write a toolchain, which CMake's presets then name. Source: docs.conan.io/2/reference/tools/cmake/cmaketoolchain.html
    private static func conan(_ folder: String, _ context: DetectionContext) -> (path: String, line: Int)? {
        guard let path = context.first(["conanfile.txt", "conanfile.py"], in: folder),
            let line = context.line(in: path, where: { $0.holds("CMakeToolchain") })
        else { return nil }
        // A recipe that asks for no package is there to make one of the project.
        if path.hasSuffix(".py"), context.line(in: path, where: asksForPackages) == nil { return nil }
        return (path, line.number)
    }

    /// `requires = …`, `self.requires(…)` or the method that holds such calls; not a sentence with the word.
    private static func asksForPackages(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        return text.hasPrefix("def requirements(") || text.hasPrefix("self.requires(")
            || text.hasPrefix("requires") && text.dropFirst(8).first { $0 != " " } == "="
    }
}

/// How a project of CMake's has its tests run: read from what its files say, without running them.
///
/// Source: cmake.org/cmake/help/latest/manual/ctest.1.html
struct CMakeTests {
    /// Options of the project's own that leave the tests out unless somebody asks for them.
    private(set) var options: [Sourced<String>] = []
    /// Where a test is made known to `ctest`, which without one passes on nothing.
    private var registration: Evidence?
    /// What builds and runs them where `ctest` knows of none.
    private var target: Sourced<String>?

    /// Each may be a question to a forge.
    private static let mostFiles = 100
    private static let mostLines = 5_000

    init(_ folder: String, _ manifest: String, _ context: DetectionContext) {
        options = Self.named(manifest, context)
        var files = context.files(below: folder) { path in
            DetectionContext.name(of: path) == "CMakeLists.txt" || path.hasSuffix(".cmake")
        }
        // Those near the root say most.
        let depth = { (path: String) in path.utf8.lazy.filter { $0 == UInt8(ascii: "/") }.count }
        files.sort { (depth($0), $0.hasSuffix(".cmake") ? 1 : 0, $0) < (depth($1), $1.hasSuffix(".cmake") ? 1 : 0, $1) }
        for path in files.prefix(Self.mostFiles) {
            var conditions: [String] = []
            for (index, line) in context.lines(path).prefix(Self.mostLines).enumerated() {
                guard let (command, argument) = Self.call(line) else { continue }
                switch command {
                case "if": conditions.append(argument)
                case "elseif", "else": if !conditions.isEmpty { conditions[conditions.count - 1] = "" }
                case "endif": _ = conditions.popLast()
                case "add_custom_target":
                    if target == nil, ["test-ci", "check", "tests"].contains(argument) {
                        target = Sourced(argument, Evidence(path, index + 1))
                    }
                default:
                    guard registration == nil, Self.registers(command, argument) else { continue }
                    registration = Evidence(path, index + 1)
                    if path == manifest { ask(for: conditions, manifest, context) }
                }
            }
            if registration != nil { return }
        }
    }

    func commands(run: String, build: String) -> [ComponentCommand] {
        if let registration { return [ComponentCommand(.test, run + " --output-on-failure", registration)] }
        return target.map { [ComponentCommand(.test, "\(build) --target \($0.value)", $0.because)] } ?? []
    }

    private static func registers(_ command: String, _ argument: String) -> Bool {
        command == "enable_testing" || command == "include" && argument.lowercased() == "ctest"
            || ["add_test", "add_tests", "discover_tests"].contains { command == $0 || command.hasSuffix("_" + $0) }
    }

    /// `include` and `CTest` of `include(CTest)`: the command in small letters, and its first argument.
    private static func call(_ line: Substring) -> (command: String, argument: String)? {
        guard line.utf8.count < 2_000, let open = line.firstIndex(of: "(") else { return nil }
        let isBlank = { (letter: Character) in letter == " " || letter == "\t" }
        let command = line[..<open].drop(while: isBlank).split(whereSeparator: isBlank)
        guard command.count == 1, let name = command.first, name.utf8.allSatisfy(isOfName) else { return nil }
        let inside = line[line.index(after: open)...].drop(while: isBlank)
        let argument = inside.prefix { !isBlank($0) && $0 != ")" }
        // What stands beside a condition makes it another one.
        let isAlone = inside.dropFirst(argument.count).drop(while: isBlank).first == ")"
        let isCondition = name.lowercased() == "if"
        return (name.lowercased(), isCondition && !isAlone ? "" : String(argument))
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
    }

    /// The options of the same file that the way to the tests goes through, and that are off.
    private mutating func ask(for conditions: [String], _ manifest: String, _ context: DetectionContext) {
        for name in conditions where !options.contains(where: { $0.value == name }) {
            let option = Self.off(manifest, context).first { $0.value == name }
            if let option { options.append(option) }
        }
    }

    private static func off(_ manifest: String, _ context: DetectionContext) -> [Sourced<String>] {
        context.lines(manifest).prefix(mostLines).enumerated().compactMap { index, line in
            let text = line.drop { $0 == " " || $0 == "\t" }
            guard text.lowercased().hasPrefix("option("), text.uppercased().hasSuffix("OFF)") else { return nil }
            let name = String(text.dropFirst(7).drop { $0 == " " }.prefix { $0 != " " })
            return name.isEmpty || !name.utf8.allSatisfy(isOfName) ? nil : Sourced(name, Evidence(manifest, index + 1))
        }
    }

    private static func named(_ manifest: String, _ context: DetectionContext) -> [Sourced<String>] {
        let endings = [
            "BUILD_TEST", "BUILD_TESTS", "BUILD_TESTING", "ENABLE_TEST", "ENABLE_TESTS", "ENABLE_TESTING", "_TESTS", "BUILD_UNIT_TESTS",
        ]
        return off(manifest, context).filter { option in
            let upper = option.value.uppercased()
            return endings.contains(where: upper.hasSuffix)
                && !["FUZZ", "BENCH", "INSTALL", "PERF", "CUDA"].contains(where: upper.contains)
        }
    }
}

/// The owner's way to configure a build with tests. `-B` goes before the folder a preset names.
///
/// Source: cmake.org/cmake/help/latest/manual/cmake-presets.7.html
enum CMakePresets {
    private static let words: Set<Substring> = ["test", "tests", "testing", "dev", "ci"]
    /// Keys of a preset that ask nothing of the machine.
    private static let plain: Set<String> = [
        "name", "displayName", "description", "inherits", "hidden", "binaryDir", "installDir", "cacheVariables",
    ]
    /// Variables that ask for a program or file which may be missing.
    private static let asking = ["TOOLCHAIN", "COMPILER", "CLANG_TIDY", "CPPCHECK", "WHAT_YOU_USE", "LINKER", "PREFIX_PATH", "SYSROOT"]

    static func forTests(in folder: String, _ context: DetectionContext) -> Sourced<String>? {
        guard let path = context.first(["CMakePresets.json"], in: folder), let tree = context.tree(path), tree["include"] == nil else {
            return nil
        }
        let presets = (tree["configurePresets"]?.sequence ?? []).prefix(100)
        var known: [String: YAMLNode] = [:]
        for preset in presets { if let name = preset["name"]?.string { known[name] = preset } }
        for preset in presets {
            guard let name = preset["name"]?.string, SafeText.path(name), !name.contains("/"), preset["hidden"]?.bool != true,
                !words.isDisjoint(with: name.lowercased().split { $0 == "-" || $0 == "_" || $0 == "." }),
                isSimple(preset, known, depth: 0)
            else { continue }
            return Sourced(name, context.evidence(path, preset["name"]))
        }
        return nil
    }

    private static func isSimple(_ preset: YAMLNode, _ known: [String: YAMLNode], depth: Int) -> Bool {
        guard depth < 5, let pairs = preset.mapping else { return false }
        for pair in pairs {
            guard let key = pair.key.text else { return false }
            if key == "generator", ["Ninja", "Unix Makefiles"].contains(pair.value.string ?? "") { continue }
            guard plain.contains(key) else { return false }
        }
        let variables = preset["cacheVariables"]?.mapping ?? []
        guard !variables.contains(where: { pair in asking.contains { (pair.key.text ?? "").uppercased().contains($0) } }) else {
            return false
        }
        let parents = preset["inherits"]?.sequence?.compactMap(\.string) ?? [preset["inherits"]?.string].compactMap { $0 }
        return parents.allSatisfy { known[$0].map { isSimple($0, known, depth: depth + 1) } ?? false }
    }
}
