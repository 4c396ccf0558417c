import Text

/// C or C++ by what the sources are.
enum NativeLanguage {
    static func isSource(_ path: String) -> Bool { [".c", ".cc", ".cpp", ".cxx"].contains(where: path.hasSuffix) }

    static func of(_ folder: String, _ manifest: String, _ context: DetectionContext) -> Sourced<Language> {
        let prefix = folder.isEmpty ? "" : folder + "/"
        var c = 0
        var cpp = 0
        for path in context.files.paths where path.hasPrefix(prefix) {
            if path.hasSuffix(".c") { c += 1 }
            if [".cc", ".cpp", ".cxx", ".hpp", ".hh"].contains(where: path.hasSuffix) { cpp += 1 }
        }
        return Sourced(cpp > c ? .cpp : .c, Evidence(manifest))
    }

    static func component(_ folder: String, _ manifest: String, _ manager: PackageManager, _ context: DetectionContext) -> Component {
        let main = context.first(["main.c", "main.cpp", "src/main.c", "src/main.cpp", "src/main.cc"], in: folder)
        let role: Sourced<ComponentRole> = main.map { Sourced(.application, Evidence($0)) } ?? Sourced(.library, Evidence(manifest))
        return Component(
            path: folder, language: of(folder, manifest, context), packageManager: Sourced(manager, Evidence(manifest)), role: role)
    }
}

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
        let tests = testOptions(manifest, context)
        let flags = tests.map { " -D\($0.name)=ON" }.joined()
        let test = testEvidence(folder, context) ?? because
        if let (path, line) = conan(folder, context) {
            return [
                ComponentCommand(.install, "pipx install conan==2.34.0", Evidence(path)),
                ComponentCommand(.install, "conan profile detect", Evidence(path)),
                ComponentCommand(.install, "conan install . --build=missing", Evidence(path, line)),
                ComponentCommand(.build, "cmake --preset conan-release\(flags)", because),
                ComponentCommand(.build, "cmake --build --preset conan-release --parallel", because),
                ComponentCommand(.test, "ctest --preset conan-release --output-on-failure", test),
            ]
        }
        let configure = "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release\(flags)"
        // The runner has vcpkg; it installs what the manifest names while CMake configures.
        let vcpkg = context.first(["vcpkg.json"], in: folder)
        let toolchain = vcpkg == nil ? "" : " -DCMAKE_TOOLCHAIN_FILE=\"$VCPKG_INSTALLATION_ROOT/scripts/buildsystems/vcpkg.cmake\""
        return [
            ComponentCommand(.build, configure + toolchain, vcpkg.map { Evidence($0) } ?? tests.first?.because ?? because),
            ComponentCommand(.build, "cmake --build build --parallel", because),
            ComponentCommand(.test, "ctest --test-dir build --output-on-failure", test),
        ]
    }

    /// Where Conan is asked to write a toolchain, which CMake's presets then name. Source: docs.conan.io/2/reference/tools/cmake/cmaketoolchain.html
    private static func conan(_ folder: String, _ context: DetectionContext) -> (path: String, line: Int)? {
        guard let path = context.first(["conanfile.txt", "conanfile.py"], in: folder),
            let line = context.line(in: path, where: { $0.holds("CMakeToolchain") })
        else { return nil }
        return (path, line.number)
    }

    /// Options of the project's own that leave the tests out unless somebody asks for them.
    private static func testOptions(_ manifest: String, _ context: DetectionContext) -> [(name: String, because: Evidence)] {
        let endings = [
            "BUILD_TEST", "BUILD_TESTS", "BUILD_TESTING", "ENABLE_TEST", "ENABLE_TESTS", "ENABLE_TESTING", "_TESTS", "BUILD_UNIT_TESTS",
        ]
        return context.lines(manifest).enumerated().compactMap { index, line in
            let text = line.drop { $0 == " " || $0 == "\t" }
            guard text.lowercased().hasPrefix("option("), text.uppercased().hasSuffix("OFF)") else { return nil }
            let name = String(text.dropFirst(7).drop { $0 == " " }.prefix { $0 != " " })
            let isPlain = name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
            let upper = name.uppercased()
            guard isPlain, endings.contains(where: upper.hasSuffix),
                !["FUZZ", "BENCH", "INSTALL", "PERF", "CUDA"].contains(where: upper.contains)
            else { return nil }
            return (name, Evidence(manifest, index + 1))
        }
    }

    private static func testEvidence(_ folder: String, _ context: DetectionContext) -> Evidence? {
        for path in context.files.paths
        where DetectionContext.name(of: path) == "CMakeLists.txt" && (folder.isEmpty || path.hasPrefix(folder + "/")) {
            if let line = context.line(
                in: path, where: { $0.lowercased().contains("enable_testing") || $0.lowercased().contains("include(ctest") })
            {
                return Evidence(path, line.number)
            }
        }
        return nil
    }
}

enum MesonEcosystem: Ecosystem {
    static let manifests = ["meson.build"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        // Python packages built with Meson are Python's; CMake decides when both are there and the sources do not.
        if context.first(["pyproject.toml", "CMakeLists.txt"], in: folder) != nil { return nil }
        var component = NativeLanguage.component(folder, manifest, .meson, context)
        let because = Evidence(manifest)
        component.traits["apt"] = "meson ninja-build"
        component.commands = [
            ComponentCommand(.build, "meson setup builddir", because), ComponentCommand(.build, "meson compile -C builddir", because),
            ComponentCommand(.test, "meson test -C builddir --print-errorlogs", because),
        ]
        return component
    }
}

enum AutotoolsEcosystem: Ecosystem {
    /// `auto/configure` is a hand-written one, as nginx has it.
    static let manifests = ["configure.ac", "configure.in", "configure", "auto/configure"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        if context.first(["CMakeLists.txt", "meson.build"], in: folder) != nil { return nil }
        var component = NativeLanguage.component(folder, manifest, .autotools, context)
        guard folder.isEmpty || context.firstBelow(folder, where: NativeLanguage.isSource) != nil else { return nil }
        let because = Evidence(manifest)
        if manifest.hasSuffix("auto/configure") {
            component.commands = [ComponentCommand(.build, "./auto/configure", because), ComponentCommand(.build, "make", because)]
            return component
        }
        if context.first(["configure"], in: folder) == nil {
            component.traits["apt"] = "autoconf automake libtool"
            let script = context.first(["autogen.sh", "bootstrap", "bootstrap.sh", "buildconf"], in: folder)
            component.commands.append(
                ComponentCommand(
                    .build, script.map { "./" + DetectionContext.name(of: $0) } ?? "autoreconf --install",
                    script.map { Evidence($0) } ?? because))
        }
        component.commands += [
            ComponentCommand(.build, "./configure", because), ComponentCommand(.build, "make", because),
            ComponentCommand(.test, "make check", because),
        ]
        return component
    }
}

/// Sources of C or C++ at the root and no build system: the language is known, and nothing can be run.
enum LooseSourcesEcosystem: Ecosystem {
    static let manifests = ["*.cpp", "*.cc", "*.cxx", "*.c"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        // The samples of a web site are no project.
        guard folder.isEmpty, context.first(StaticSiteEcosystem.manifests, in: folder) == nil else { return nil }
        return NativeLanguage.component(folder, manifest, .none, context)
    }
}

/// A Makefile and C, C++ or Java sources, no other build system.
enum MakeEcosystem: Ecosystem {
    static let manifests = ["Makefile", "GNUmakefile", "makefile"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let native = context.firstBelow(folder, depth: 3, where: NativeLanguage.isSource)
        let java = native == nil ? context.firstBelow(folder) { $0.hasSuffix(".java") } : nil
        guard native ?? java != nil else { return nil }
        if context.first(["CMakeLists.txt", "meson.build", "configure.ac", "configure.in", "configure"], in: folder) != nil { return nil }
        var component = NativeLanguage.component(folder, manifest, .make, context)
        if let java {
            component.language = Sourced(.java, Evidence(context.join(folder, java)))
            var ignored: [ModelConflict] = []
            JavaVersion.set(&component, context, &ignored)
            conflicts += ignored
        }
        component.commands = [ComponentCommand(.build, "make", Evidence(manifest))]
        component.traits["binary"] = linked(manifest, context)
        return component
    }

    /// What the first recipe with `-o NAME` makes; `$@` is the target's own name.
    private static func linked(_ manifest: String, _ context: DetectionContext) -> String? {
        var target = ""
        for line in context.lines(manifest) {
            if !line.hasPrefix("\t") {
                if let colon = line.firstIndex(of: ":") { target = String(line[..<colon]) }
                continue
            }
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let flag = words.firstIndex(of: "-o"), flag + 1 < words.count, !words.contains("-c") else { continue }
            let name = words[flag + 1] == "$@" ? target : String(words[flag + 1])
            if SafeText.path(name), !name.isEmpty { return name }
        }
        return nil
    }
}
