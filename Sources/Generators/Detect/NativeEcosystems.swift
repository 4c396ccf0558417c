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
