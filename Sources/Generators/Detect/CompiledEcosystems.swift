import Text

enum GoEcosystem: Ecosystem {
    static let manifests = ["go.mod", "go.work"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        // Bytes under this name are no module.
        guard context.text(manifest) != nil else { return nil }
        // A program below may be a module of its own, which this one cannot build.
        let main = context.firstBelow(folder, depth: 2) { path in
            guard path == "main.go" || path.hasPrefix("cmd/") && path.hasSuffix("main.go") else { return false }
            let parts = DetectionContext.folder(of: path).split(separator: "/")
            return !parts.indices.contains { context.has(context.join(folder, parts[...$0].joined(separator: "/") + "/go.mod")) }
        }
        let released = released(folder, context)
        let role: Sourced<ComponentRole> =
            main.map { Sourced(.application, Evidence(context.join(folder, $0))) }
            ?? released.map { Sourced(.application, $0.because) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.go, Evidence(manifest)), packageManager: Sourced(.go, Evidence(manifest)), role: role)
        if let line = context.line(in: manifest, where: { $0.hasPrefix("go ") }) {
            component.version = Sourced(String(line.text.dropFirst(3)).filter { !$0.isWhitespace }, Evidence(manifest, line.number))
        }
        component.versionFile = manifest
        component.lockFile = context.first(["go.sum", "go.work.sum"], in: folder)
        let because = Evidence(manifest)
        if let lock = component.lockFile { component.commands.append(ComponentCommand(.install, "go mod download", Evidence(lock))) }
        component.commands += [
            ComponentCommand(.lint, "go vet ./...", because), ComponentCommand(.build, "go build ./...", because),
            ComponentCommand(.test, "go test ./...", because),
        ]
        if let main {
            component.traits["main"] = main.contains("/") ? "./" + DetectionContext.folder(of: main) : "."
        } else {
            component.traits["main"] = released?.value
        }
        if role.value == .library { component.matrix = matrix(component.version) }
        return component
    }

    /// The package that releases are built from. Source: goreleaser.com/customization/builds/go
    private static func released(_ folder: String, _ context: DetectionContext) -> Sourced<String>? {
        guard let path = context.first([".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"], in: folder) else {
            return nil
        }
        for build in context.tree(path)?["builds"]?.sequence ?? [] {
            guard let main = build["main"], let text = main.string, SafeText.path(text.replacingFirst("./", "")) else { continue }
            let source = text.replacingFirst("./", "")
            let package = source.hasSuffix(".go") ? DetectionContext.folder(of: source) : source
            return Sourced(package.isEmpty || package == "." ? "." : "./" + package, context.evidence(path, main))
        }
        return nil
    }

    /// The version the module promises, and the two that Go looks after. Source: go.dev/doc/modules/gomod-ref#go
    private static func matrix(_ version: Sourced<String>?) -> Sourced<[String]>? {
        guard let version, let number = LivingVersions.number(version.value), let newest = LivingVersions.go.last else { return nil }
        let minor = number % 100
        if minor >= newest { return nil }
        let least = "\(number / 100).\(minor)"
        return Sourced((LivingVersions.go.contains(minor) ? [] : [least]) + ["oldstable", "stable"], version.because)
    }
}

enum RustEcosystem: Ecosystem {
    static let manifests = ["Cargo.toml"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard let cargo = context.toml(manifest) else { return nil }
        let main = program(folder, manifest, cargo, context)
        let role: Sourced<ComponentRole> = main.map { Sourced(.application, $0) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.rust, Evidence(manifest)), packageManager: Sourced(.cargo, Evidence(manifest)), role: role)
        if let path = context.first(["rust-toolchain.toml", "rust-toolchain"], in: folder) {
            let channel = context.toml(path)?.string("toolchain.channel") ?? context.lines(path).first.map { (String($0), 1) }
            component.version = channel.map { Sourced($0.text, Evidence(path, $0.line)) }
            component.versionFile = path
        } else if let entry = cargo.string("package.rust-version") ?? cargo.string("workspace.package.rust-version") {
            component.version = Sourced(entry.text, Evidence(manifest, entry.line))
        }
        // The least version is promised to those who build; what the tests need may be newer.
        if component.versionFile == nil, let least = component.version, SafeText.version(least.value) != nil {
            component.matrix = Sourced([least.value, "stable"], least.because)
            component.traits["tests-with"] = "stable"
        }
        component.lockFile = context.first(["Cargo.lock"], in: folder)
        component.traits["binary"] = (cargo.string("bin.name") ?? cargo.string("package.name"))?.text
        let isWorkspace = cargo.line(of: "workspace") != nil
        // Without the members' own manifests nothing can be fetched.
        if isWorkspace || cargo.string("bin.path") != nil || cargo.line(of: "bench") != nil { component.traits["whole"] = "yes" }
        let locked = component.lockFile == nil ? "" : " --locked"
        let all = isWorkspace ? " --workspace" : ""
        let because = cargo.line(of: "workspace").map { Evidence(manifest, $0) } ?? Evidence(manifest)
        component.commands = [
            ComponentCommand(.install, "cargo fetch\(locked)", component.lockFile.map { Evidence($0) } ?? because),
            ComponentCommand(.lint, "cargo fmt --all --check", because),
            ComponentCommand(.lint, "cargo clippy\(all) --all-targets\(locked)", because),
            ComponentCommand(.build, "cargo build\(all)\(locked)", because), ComponentCommand(.test, "cargo test\(all)\(locked)", because),
        ]
        return component
    }

    /// Folders of a workspace whose programs serve its own development.
    private static let auxiliary: Set<String> = [
        "xtask", "examples", "example", "benches", "tests", "fuzz", "tools", "internal", "test", "ci", "bench",
    ]

    /// Where a program begins: the package's own, a target named in the manifest, or a member's of a workspace that is no package itself.
    private static func program(_ folder: String, _ manifest: String, _ cargo: TOMLDocument, _ context: DetectionContext) -> Evidence? {
        if let path = context.first(["src/main.rs"], in: folder) { return Evidence(path) }
        if let line = cargo.line(of: "bin") { return Evidence(manifest, line) }
        if let path = context.entries(of: context.join(folder, "src/bin")).first(where: { $0.hasSuffix(".rs") }) { return Evidence(path) }
        guard cargo.line(of: "workspace") != nil, cargo.line(of: "package") == nil else { return nil }
        return context.firstBelow(folder, depth: 4) { path in
            path.hasSuffix("src/main.rs") && !path.split(separator: "/").contains { auxiliary.contains(String($0)) }
        }.map { Evidence(context.join(folder, $0)) }
    }
}

enum SwiftEcosystem: Ecosystem {
    static let manifests = ["Package.swift"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let product = context.line(in: manifest) { $0.holds(".library(") }
        let executable = context.line(in: manifest) { $0.holds(".executable") }
        let role: Sourced<ComponentRole> =
            product.map { Sourced(.library, Evidence(manifest, $0.number)) }
            ?? Sourced(.application, Evidence(manifest, executable?.number))
        var component = Component(
            path: folder, language: Sourced(.swift, Evidence(manifest)), packageManager: Sourced(.swiftpm, Evidence(manifest)), role: role)
        if let found = VersionFiles.plain([".swift-version"], in: folder, context).first {
            component.version = Sourced(found.version, Evidence(found.path, found.line))
        } else if let line = context.line(in: manifest, where: { $0.holds("swift-tools-version") }), let version = line.text.firstVersion {
            component.version = Sourced(">=" + version, Evidence(manifest, line.number))
        }
        component.lockFile = context.first(["Package.resolved"], in: folder)
        component.traits["binary"] = executableName(manifest, context)
        if context.line(in: manifest, where: { $0.holds(".package(url") }) != nil { component.traits["dependencies"] = "yes" }
        let because = Evidence(manifest)
        component.commands = [
            ComponentCommand(.build, "swift build --build-tests", because), ComponentCommand(.test, "swift test", because),
        ]
        return component
    }

    /// `X` of `.executableTarget(name: "X"`, also when the name stands on the next line.
    private static func executableName(_ manifest: String, _ context: DetectionContext) -> String? {
        let lines = context.lines(manifest)
        for (index, line) in lines.enumerated() {
            for mark in [".executableTarget(", ".executable("] {
                guard let range = String(line).firstRange(of: mark) else { continue }
                let rest = String(String(line)[range.upperBound...]) + (index + 1 < lines.count ? lines[index + 1] : "")
                let words = rest.split(separator: "\"", omittingEmptySubsequences: false)
                if words.count > 2, words[0].hasSuffix("name: ") { return String(words[1]) }
            }
        }
        return nil
    }
}

enum MavenEcosystem: Ecosystem {
    static let manifests = ["pom.xml"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let kotlin = context.line(in: manifest) { $0.holds("kotlin-maven-plugin") }
        let language: Sourced<Language> =
            kotlin.map { Sourced(.kotlin, Evidence(manifest, $0.number)) } ?? Sourced(.java, Evidence(manifest))
        let boot = context.line(in: manifest) { $0.holds("spring-boot-maven-plugin") || $0.holds("<packaging>war") }
        let role: Sourced<ComponentRole> =
            boot.map { Sourced(.application, Evidence(manifest, $0.number)) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(path: folder, language: language, packageManager: Sourced(.maven, Evidence(manifest)), role: role)
        JavaVersion.set(&component, context, &conflicts)
        if component.version == nil {
            let tags = [
                "<maven.compiler.release>", "<java.version>", "<maven.compiler.target>", "<maven.compiler.source>", "<release>",
                "<javaVersion>", "<jdk.version>",
            ]
            for tag in tags {
                guard let line = context.line(in: manifest, where: { $0.holds(tag) }),
                    let version = JavaVersion.number(after: tag, in: line.text)
                else { continue }
                component.version = Sourced(version, Evidence(manifest, line.number))
                break
            }
        }
        if context.line(in: manifest, where: { $0.holds("<packaging>pom") }) != nil { component.traits["aggregates"] = "yes" }
        setMatrix(&component)
        let wrapper = context.first(["mvnw"], in: folder)
        let command = wrapper == nil ? "mvn" : "./mvnw"
        let because = wrapper.map { Evidence($0) } ?? Evidence(manifest)
        component.traits["wrapper"] = wrapper
        component.commands = [
            ComponentCommand(.build, "\(command) --batch-mode --no-transfer-progress -DskipTests package", because),
            ComponentCommand(.test, "\(command) --batch-mode --no-transfer-progress verify", because),
        ]
        return component
    }

    /// Every release with long support that compiles for what a library names; those for 7 and older are refused by newer compilers.
    private static func setMatrix(_ component: inout Component) {
        guard let version = component.version, let target = version.value.leadingNumber else { return }
        if target < 8 { component.version = Sourced(target == 7 ? "17" : target == 6 ? "11" : "8", version.because) }
        guard component.role.value == .library, target >= 8 else { return }
        let fitting = LivingVersions.java.filter { $0 >= target }.map(String.init)
        if fitting.count > 1 { component.matrix = Sourced(fitting, version.because) }
    }
}

enum GradleEcosystem: Ecosystem {
    static let manifests = ["build.gradle.kts", "build.gradle", "settings.gradle.kts", "settings.gradle"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        // A Maven project with a Gradle file beside it is Maven's unless the wrapper says otherwise.
        if context.first(["pom.xml"], in: folder) != nil {
            if let maven = context.first(["mvnw"], in: folder), let gradle = context.first(["gradlew"], in: folder) {
                conflicts.append(
                    ModelConflict(
                        component: folder, field: "package_manager", message: "both Maven's and Gradle's wrapper are here; remove one",
                        evidence: [Evidence(maven), Evidence(gradle)]))
            }
            if context.first(["gradlew"], in: folder) == nil { return nil }
        }
        // A few files of the other language are helpers of it.
        let kotlin = context.files(below: folder) { $0.hasSuffix(".kt") }
        let isKotlin = kotlin.count > context.files(below: folder) { $0.hasSuffix(".java") }.count
        let language: Sourced<Language> =
            isKotlin ? Sourced(.kotlin, Evidence(kotlin.first ?? manifest)) : Sourced(.java, Evidence(manifest))
        let application = context.line(in: manifest) { line in
            ["org.springframework.boot", "application", "com.android.application"].contains {
                line.holds("\"\($0)\"") || line.holds("'\($0)'")
            }
        }
        let role: Sourced<ComponentRole> =
            application.map { Sourced(.application, Evidence(manifest, $0.number)) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(path: folder, language: language, packageManager: Sourced(.gradle, Evidence(manifest)), role: role)
        JavaVersion.set(&component, context, &conflicts)
        if component.version == nil {
            for mark in ["JavaLanguageVersion.of(", "jvmToolchain(", "JavaVersion.VERSION_", "sourceCompatibility = "] {
                guard let line = context.line(in: manifest, where: { $0.holds(mark) }),
                    let version = JavaVersion.number(after: mark, in: line.text)
                else { continue }
                component.version = Sourced(version, Evidence(manifest, line.number))
                break
            }
        }
        setMatrix(&component, context)
        if context.line(in: manifest, where: { $0.holds("org.springframework.boot") && !$0.holds("apply false") }) != nil {
            component.traits["jar"] = "yes"
        }
        let wrapper = context.first(["gradlew"], in: folder)
        let command = wrapper == nil ? "gradle" : "./gradlew"
        let because = wrapper.map { Evidence($0) } ?? Evidence(manifest)
        component.traits["wrapper"] = wrapper
        component.commands = [
            ComponentCommand(.build, "\(command) assemble", because), ComponentCommand(.test, "\(command) check", because),
        ]
        return component
    }

    /// A toolchain picks its own JDK. Without one the JDK is what runs Gradle, and each Gradle knows JDKs up to one.
    ///
    /// Source: docs.gradle.org/current/userguide/compatibility.html
    private static func setMatrix(_ component: inout Component, _ context: DetectionContext) {
        let path = component.file("gradle/wrapper/gradle-wrapper.properties")
        let line = context.line(in: path) { $0.hasPrefix("distributionUrl") }
        let gradle = line.flatMap { line in
            line.text.firstRange(of: "gradle-").flatMap { LivingVersions.number(line.text[$0.upperBound...]) }
        }
        guard let line, let gradle else { return }
        let newest = gradle >= 901 ? 25 : gradle >= 805 ? 21 : gradle >= 703 ? 17 : gradle >= 500 ? 11 : 8
        let target = component.version?.value.leadingNumber ?? 8
        let sets = component.version.map { version in
            context.line(in: version.because.path) { $0.holds("JavaLanguageVersion.of(") || $0.holds("jvmToolchain(") } != nil
        }
        guard let version = component.version, sets != true else {
            if component.version == nil { component.version = Sourced(String(min(newest, 21)), Evidence(path, line.number)) }
            return
        }
        let fitting = LivingVersions.java.filter { $0 >= target && $0 <= newest }.map(String.init)
        if component.role.value == .library, fitting.count > 1 {
            component.matrix = Sourced(fitting, version.because)
        } else if target < 17, target < newest {
            // What it compiles for is older than any JDK that is looked after.
            component.version = Sourced(fitting.first ?? String(newest), Evidence(path, line.number))
        }
    }
}

/// What version managers note for the JDK.
enum JavaVersion {
    static func set(_ component: inout Component, _ context: DetectionContext, _ conflicts: inout [ModelConflict]) {
        var found = VersionFiles.plain([".java-version"], in: component.path, context)
        let sdkman = context.join(component.path, ".sdkmanrc")
        if let line = context.line(in: sdkman, where: { $0.hasPrefix("java=") }) {
            found.append(.init(version: String(line.text.dropFirst(5)), path: sdkman, line: line.number))
        }
        if let tool = VersionFiles.tool(["java"], in: component.path, context) { found.append(tool) }
        if let conflict = VersionFiles.conflict(found, component.path, same: { $0.leadingNumber == $1.leadingNumber }) {
            conflicts.append(conflict)
        }
        guard let first = found.first, let number = first.version.leadingNumber else { return }
        component.version = Sourced(String(number), Evidence(first.path, first.line))
    }

    /// `1.8` is 8.
    static func number(after mark: String, in line: String) -> String? {
        guard let range = line.firstRange(of: mark) else { return nil }
        let rest = line[range.upperBound...].drop { $0 == "\"" || $0 == "'" }
        guard let first = rest.first, first.isNumber else { return nil }
        let digits =
            rest.hasPrefix("1.") || rest.hasPrefix("1_") ? rest.dropFirst(2).prefix(while: \.isNumber) : rest.prefix(while: \.isNumber)
        return digits.isEmpty ? nil : String(digits)
    }
}

extension String {
    /// First occurrence of `needle`, byte by byte.
    func firstRange(of needle: String) -> Range<Index>? {
        let wanted = Array(needle.utf8)
        guard let head = wanted.first else { return nil }
        let bytes = utf8
        var index = bytes.startIndex
        while let start = bytes[index...].firstIndex(of: head) {
            let rest = bytes[start...]
            if rest.starts(with: wanted) { return start..<bytes.index(start, offsetBy: wanted.count) }
            index = bytes.index(after: start)
        }
        return nil
    }
}

enum DotNetEcosystem: Ecosystem {
    static let manifests = ["*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let projects = context.files(below: folder) { $0.hasSuffix("proj") && !$0.lowercased().holds("test") && !Detection.isAuxiliary($0) }
        func first(_ mark: String) -> (String, Int)? {
            projects.lazy.compactMap { path in context.line(in: path) { $0.holds(mark) }.map { (path, $0.number) } }.first {
                // It starts the others on a developer's machine.
                context.line(in: $0.0) { $0.holds("Aspire.AppHost") || $0.holds("IsAspireHost") } == nil
            }
        }
        let executable = first("Microsoft.NET.Sdk.Web") ?? first("<OutputType>Exe")
        let role: Sourced<ComponentRole> =
            executable.map { Sourced(.application, Evidence($0.0, $0.1)) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.dotnet, Evidence(manifest)), packageManager: Sourced(.nuget, Evidence(manifest)), role: role)
        if let path = context.first(["global.json"], in: folder), let sdk = context.tree(path)?[path: "sdk", "version"],
            let version = sdk.string
        {
            component.version = Sourced(version, context.evidence(path, sdk))
            component.versionFile = path
        } else {
            setFramework(&component, folder, context)
        }
        if let executable { component.traits["project"] = Self.relative(executable.0, to: folder) }
        let because = Evidence(manifest)
        component.commands = [
            ComponentCommand(.install, "dotnet restore", because), ComponentCommand(.build, "dotnet build --no-restore", because),
            ComponentCommand(.test, "dotnet test --no-build", because),
        ]
        return component
    }

    private static func relative(_ path: String, to folder: String) -> String {
        folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
    }

    /// The newest target is the SDK that builds; older targets of tests need their own runtime to run.
    private static func setFramework(_ component: inout Component, _ folder: String, _ context: DetectionContext) {
        var best = 0
        var tested: Set<Int> = []
        for path in context.files(below: folder, where: { $0.hasSuffix("proj") || $0.hasSuffix("Directory.Build.props") }) {
            guard let line = context.line(in: path, where: { $0.holds("<TargetFramework") }) else { continue }
            for word in line.text.split(whereSeparator: { $0 == ";" || $0 == ">" || $0 == "<" }) where word.hasPrefix("net") {
                guard let number = String(word).leadingNumber, number >= 5, number < 20, word.contains(".") else { continue }
                if path.lowercased().holds("test") { tested.insert(number) }
                if number > best {
                    best = number
                    component.version = Sourced("\(number).0.x", Evidence(path, line.number))
                }
            }
        }
        let older = tested.filter { $0 < best }.sorted()
        if !older.isEmpty { component.traits["runtimes"] = older.map { "\($0).0.x" }.joined(separator: " ") }
    }
}
