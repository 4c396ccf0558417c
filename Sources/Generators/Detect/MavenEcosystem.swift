import Text

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
