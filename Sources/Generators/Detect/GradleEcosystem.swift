import Text

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
            // `apply false` only makes it known to the modules.
            if line.holds("apply false") { return false }
            if line.drop(while: { $0 == " " || $0 == "\t" }) == "application" { return true }
            return ["org.springframework.boot", "application", "com.android.application"].contains {
                line.holds("\"\($0)\"") || line.holds("'\($0)'")
            }
        }
        let role: Sourced<ComponentRole> =
            application.map { Sourced(.application, Evidence(manifest, $0.number)) } ?? Sourced(.library, Evidence(manifest))
        var component = Component(path: folder, language: language, packageManager: Sourced(.gradle, Evidence(manifest)), role: role)
        JavaVersion.set(&component, context, &conflicts)
        if component.version == nil {
            for mark in ["JavaLanguageVersion.of(", "jvmToolchain(", "JavaVersion.VERSION_", "sourceCompatibility = "] {
                guard let line = context.line(in: manifest, where: { $0.holds(mark) && !$0.holds("current()") }),
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
