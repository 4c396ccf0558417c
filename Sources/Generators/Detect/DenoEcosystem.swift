import Text

enum DenoEcosystem: Ecosystem {
    static let manifests = ["deno.json", "deno.jsonc"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard let root = context.tree(manifest) else { return nil }
        // A package.json with a lock file of its own decides: deno.json is then an addition.
        if let lock = context.first(["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"], in: folder),
            !lock.isEmpty
        {
            return nil
        }
        let isLibrary = root["exports"] != nil
        var component = Component(
            path: folder, language: Sourced(.deno, Evidence(manifest)), packageManager: Sourced(.deno, Evidence(manifest)),
            role: Sourced(isLibrary ? .library : .application, context.evidence(manifest, root["exports"])))
        component.lockFile = context.first(["deno.lock"], in: folder)
        if let found = VersionFiles.plain([".dvmrc"], in: folder, context).first ?? VersionFiles.tool(["deno"], in: folder, context) {
            component.version = Sourced(found.version, Evidence(found.path, found.line))
            component.versionFile = found.path
        }
        let because = Evidence(manifest)
        if let task = root[path: "tasks", "start"] {
            component.start = Sourced(["deno", "task", "start"], context.evidence(manifest, task))
        } else if let entry = context.first(["main.ts", "server.ts", "main.js", "server.js"], in: folder), !isLibrary {
            let words = ["deno", "run", "--allow-net", "--allow-env", "--allow-read", DetectionContext.name(of: entry)]
            component.start = Sourced(words, Evidence(entry))
        }
        component.commands.append(
            ComponentCommand(
                .install, component.lockFile == nil ? "deno install" : "deno install --frozen",
                component.lockFile.map { Evidence($0) } ?? because))
        let tasks = root["tasks"]?.mapping ?? []
        for (purpose, name, fallback) in [
            (ComponentCommand.Purpose.lint, "lint", "deno lint"), (.typecheck, "check", ""), (.build, "build", ""),
            (.test, "test", "deno test"),
        ] {
            if let task = tasks.first(where: { $0.key.text == name }) {
                component.commands.append(ComponentCommand(purpose, "deno task \(name)", Evidence(manifest, task.key.start.line)))
            } else if !fallback.isEmpty {
                component.commands.append(ComponentCommand(purpose, fallback, because))
            }
        }
        return component
    }
}
