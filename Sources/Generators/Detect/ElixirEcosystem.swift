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

    /// Erlang's version from the image that Elixir's was read from: `hexpm/elixir:1.18.4-erlang-27.3-debian-…`, with its arguments filled in.
    static func setErlang(_ component: inout Component, _ context: DetectionContext) {
        guard component.language.value == .elixir, component.traits["otp"] == nil, let because = component.version?.because,
            ["Dockerfile", "Containerfile"].contains(DetectionContext.name(of: because.path)), let line = because.line
        else { return }
        let lines = context.lines(because.path)
        guard lines.indices.contains(line - 1), let mark = String(lines[line - 1]).firstRange(of: "-erlang-") else { return }
        let text = String(lines[line - 1])[mark.upperBound...]
        guard text.first == "$" else {
            component.traits["otp"] = String(text).leadingVersion
            return
        }
        let name = text.dropFirst().drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let argument = "ARG \(name)="
        guard let value = lines[..<(line - 1)].last(where: { $0.hasPrefix(argument) })?.dropFirst(argument.count) else { return }
        component.traits["otp"] = String(value.drop { $0 == "\"" || $0 == "'" }).leadingVersion
    }
}

extension String {
    /// Digits and dots that it begins with.
    fileprivate var leadingVersion: String? { first?.isNumber == true ? firstVersion : nil }
}
