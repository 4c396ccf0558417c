import Text

/// What a generated workflow is for, beside what the repository says of itself.
package struct GenerationOptions: Sendable, Equatable {
    package enum Target: String, Sendable, CaseIterable {
        case github, gitea
    }

    /// Where `publish-container.yml` sends the image.
    package enum Registry: String, Sendable, CaseIterable {
        case ghcr, dockerhub
        case artifactRegistry = "artifact-registry"
        case ecr, acr
        /// The forge's own, on Gitea.
        case gitea
    }

    package enum Extra: String, Sendable, CaseIterable {
        case coverage
        case selectTests = "select-tests"
        case review
    }

    package var target: Target
    package var registry: Registry
    package var extras: Set<Extra>
    /// Newer pins than the built-in ones, e.g. of `.fettle/action-pins.json`.
    package var pins: PinTable

    package init(target: Target = .github, registry: Registry? = nil, extras: Set<Extra> = [], pins: PinTable = PinTable()) {
        self.target = target
        self.registry = registry ?? (target == .gitea ? .gitea : .ghcr)
        self.extras = extras
        self.pins = pins
    }

    /// What `.fettle.yml` says under `generate:`, with `.fettle/action-pins.json`; unknown words are reported, not guessed.
    ///
    /// ```
    /// generate: {forge: gitea, registry: ecr, with: [coverage, review]}
    /// ```
    ///
    /// - Parameter target: the forge, where the file names none.
    package static func read(from files: any RepositoryFiles, on target: Target = .github) -> (
        options: GenerationOptions, faults: [String]
    ) {
        let context = DetectionContext(files)
        let node = context.tree(".fettle.yml")?["generate"]
        var faults = RepositoryConfiguration.faults(context)
        func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value? where Value.RawValue == String {
            guard let entry = node?[key] else { return nil }
            if let value = entry.string.flatMap(Value.init(rawValue:)) { return value }
            let names = Value.allCases.map { $0.rawValue }.joined(separator: ", ")
            faults.append(".fettle.yml:\(entry.start.line): generate.\(key) takes one of \(names)")
            return nil
        }
        var extras: Set<Extra> = []
        for item in node?["with"]?.sequence ?? [] {
            if let extra = item.string.flatMap(Extra.init(rawValue:)) {
                extras.insert(extra)
            } else {
                let names = Extra.allCases.map(\.rawValue).joined(separator: ", ")
                faults.append(".fettle.yml:\(item.start.line): generate.with takes of \(names)")
            }
        }
        var pins = PinTable()
        if let bytes = files.bytes(of: PinTable.path) {
            if let read = PinTable(json: bytes) {
                pins = read
            } else {
                faults.append("\(PinTable.path) is not a table of pins and is ignored")
            }
        }
        let target = choice("forge", Target.self) ?? target
        return (GenerationOptions(target: target, registry: choice("registry", Registry.self), extras: extras, pins: pins), faults)
    }
}
