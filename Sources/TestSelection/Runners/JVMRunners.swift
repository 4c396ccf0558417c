/// Source: maven.apache.org/surefire, "Running a Single Test"
enum Maven: TestRunner {
    static let name = "maven"
    static let endings: Set<String> = ["java", "kt", "groovy", "scala"]
    static let wholeCommand = ["mvn", "test"]
    static let readsTests = true

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.has("pom.xml") || repository.hasBelow("pom.xml") }

    /// Modules without one of the classes must not fail for it.
    static func commands(for units: [RunnableUnit]) -> [[String]] {
        let classes = units.map(JVMClass.name)
        return classes.isEmpty
            ? [] : [wholeCommand + ["-Dtest=" + classes.joined(separator: ","), "-Dsurefire.failIfNoSpecifiedTests=false"]]
    }
}

/// Source: docs.gradle.org, "Testing in Java & JVM projects" (test filtering)
enum Gradle: TestRunner {
    static let name = "gradle"
    static let endings = Maven.endings
    static let wholeCommand = ["./gradlew", "test"]
    static let readsTests = true

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.has("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts")
    }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        units.isEmpty ? [] : [wholeCommand + units.map(JVMClass.name).flatMap { ["--tests", $0] }]
    }
}

private enum JVMClass {
    /// The class a file declares: its package statement and its name.
    static func name(_ unit: RunnableUnit) -> String {
        guard unit.isFile else { return unit.name }
        let stem = FileName.stem(unit.name)
        for line in unit.text.split(separator: 10).prefix(200) {
            let words = String(decoding: line, as: UTF8.self).split { " \t;\r".contains($0) }
            if words.first == "package", words.count > 1 { return "\(words[1]).\(stem)" }
        }
        let folders = FileName.folders(unit.name)
        guard let root = folders.lastIndex(where: { ["java", "kotlin", "groovy", "scala"].contains($0) }) else { return stem }
        return (folders[(root + 1)...] + [Substring(stem)]).joined(separator: ".")
    }
}
