import Text

enum ElixirEcosystem: Ecosystem {
    static let manifests = ["mix.exs"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let phoenix = context.line(in: manifest) { $0.holds("{:phoenix,") }
        let package = context.line(in: manifest) { $0.holds("package:") || $0.holds("defp package") }
        let role: Sourced<ComponentRole> =
            package.map { Sourced(.library, Evidence(manifest, $0.number)) } ?? Sourced(.application, Evidence(manifest, phoenix?.number))
        var component = Component(
            path: folder, language: Sourced(.elixir, Evidence(manifest)), packageManager: Sourced(.mix, Evidence(manifest)), role: role)
        component.lockFile = context.first(["mix.lock"], in: folder)
        if let line = context.line(in: manifest, where: { $0.holds("app: :") }), let mark = line.text.firstRange(of: "app: :") {
            component.traits["release"] = String(line.text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
        if context.line(in: manifest, where: { $0.holds("\"assets.deploy\":") }) != nil { component.traits["deploys-assets"] = "yes" }
        if let tool = VersionFiles.tool(["elixir"], in: folder, context) {
            component.version = Sourced(tool.version, Evidence(tool.path, tool.line))
            if VersionFiles.tool(["erlang"], in: folder, context) != nil { component.versionFile = tool.path }
        } else if let line = context.line(in: manifest, where: { $0.holds("elixir:") }),
            let version = String(line.text.drop { $0 != ":" }).firstVersion
        {
            component.version = Sourced(">=" + version, Evidence(manifest, line.number))
        }
        let because = Evidence(manifest)
        component.commands = [ComponentCommand(.install, "mix deps.get", component.lockFile.map { Evidence($0) } ?? because)]
        if let path = context.first([".formatter.exs"], in: folder) {
            component.commands.append(ComponentCommand(.lint, "mix format --check-formatted", Evidence(path)))
        }
        component.commands += [
            ComponentCommand(.build, "mix compile", because), ComponentCommand(.test, "mix test", because),
        ]
        return component
    }
}
