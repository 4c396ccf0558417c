import Text

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
