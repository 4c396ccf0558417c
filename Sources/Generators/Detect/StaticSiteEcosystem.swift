import Text

enum StaticSiteEcosystem: Ecosystem {
    static let manifests = ["index.html", "hugo.toml", "mkdocs.yml"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard folder.isEmpty else { return nil }
        return Component(
            path: folder, language: Sourced(.html, Evidence(manifest)), packageManager: Sourced(.none, Evidence(manifest)),
            role: Sourced(.application, Evidence(manifest)))
    }
}
