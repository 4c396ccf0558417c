/// Which files a generation writes, with what, and why not others.
package struct GenerationPlan: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case workflow, dockerfile, dependabot
    }

    package enum State: String, Sendable {
        case created, updated, unchanged
        /// Renewed, with what somebody changed in it by hand kept.
        case merged
    }

    package struct File: Sendable {
        package var path: String
        package var text: String
        /// What stands where it goes.
        package var existing: String?
        /// Somebody's changes are part of the text.
        var keeps = false

        package var state: State {
            guard let existing else { return .created }
            // Somebody's git may write CRLF into the working tree.
            if existing == text || existing.replacingAll("\r\n", with: "\n") == text { return .unchanged }
            return keeps ? .merged : .updated
        }
    }

    /// Files that go elsewhere than into the repository are told from what stands there.
    package mutating func goes(into folder: any RepositoryFiles) {
        for index in files.indices { files[index].existing = DetectionContext(folder).text(files[index].path) }
    }

    package private(set) var files: [File] = []
    /// Things a person should know: files that are not ours, blocks that were edited.
    package private(set) var notes: [String] = []

    package static func make(
        _ kind: Kind, for model: RepositoryModel, in repository: any RepositoryFiles, options: GenerationOptions = GenerationOptions()
    ) -> GenerationPlan {
        var plan = GenerationPlan()
        let reader = DetectionContext(repository)
        switch kind {
        case .workflow:
            plan.addWorkflows(model, options, reader)
        case .dependabot: plan.add(".github/dependabot.yml", DependabotRenderer.blocks(for: model), yamlHeader, reader)
        case .dockerfile:
            for image in DockerfileRenderer.images(for: model) {
                let count = plan.files.count
                plan.add(image.path, image.blocks, header, reader)
                // A Dockerfile somebody else wrote knows what its context needs.
                if plan.files.count > count {
                    plan.add(image.ignorePath, image.ignore, header, reader)
                    plan.notes += image.notes.map { "\(image.path): \($0)" }
                }
            }
            plan.notes += DockerfileRenderer.reasons(for: model).filter { note in
                // Of a file that is ours, or that the plan spoke of, there is no more to say.
                !(plan.files.map(\.path) + plan.notes.compactMap { $0.split(separator: " ").first.map(String.init) }).contains {
                    note.hasPrefix($0 + " ")
                }
            }
            if plan.files.isEmpty, plan.notes.isEmpty { plan.notes = noImage(model) }
        }
        if plan.files.isEmpty, plan.notes.isEmpty { plan.notes.append("nothing to generate: no component of this repository calls for it") }
        return plan
    }

    /// Of a repository without applications: what is there already, or why none is.
    private static func noImage(_ model: RepositoryModel) -> [String] {
        let present = model.containerFiles.filter { !Detection.isAuxiliary($0) }
        if !present.isEmpty { return present.prefix(5).map { "\($0) is here already and stays as it is" } }
        guard let library = model.components.first(where: { $0.role.value == .library }) else { return [] }
        let place = library.path.isEmpty ? "" : " in \(library.path)"
        return [
            "nothing to generate: \(library.language.value.name)\(place) is a library (because: \(library.role.because)); images are made of applications"
        ]
    }

    private mutating func addWorkflows(_ model: RepositoryModel, _ options: GenerationOptions, _ reader: DetectionContext) {
        let publish = PublishRenderer.blocks(for: model, options, reader)
        let renderer = WorkflowRenderer(model: model, options: options)
        add(Self.workflowPath(reader, "ci", options), renderer.blocks(), Self.yamlHeader, reader)
        add(Self.workflowPath(reader, "publish-container", options), publish, Self.yamlHeader, reader)
        for component in model.components {
            notes += component.leftOut.map { "'\($0.line)' (\($0.because)) is left out: \($0.reason)" }
        }
        for component in model.components where component.commands(.test).isEmpty && !component.commands.isEmpty {
            let place = component.path.isEmpty ? component.language.value.name : "\(component.language.value.name) in \(component.path)"
            notes.append("no test is run for \(place): nothing in the repository names a command; .fettle.yml can")
        }
        notes += PresentCI.notes(model, beside: files, reader)
        if !publish.isEmpty { notes += PublishRenderer.settings(options) }
        notes += PublishRenderer.hindrance(model, reader).map { ["no workflow publishes the image: \($0)"] } ?? []
        let asksForAction = !options.extras.isDisjoint(with: [.review, .selectTests])
        if asksForAction, options.target == .gitea {
            notes.append("the steps 'review' and 'select-tests' are left out: Gitea's servers get them from the webhook app")
        } else if asksForAction, options.pins.pins[FettleAction.repository] == nil {
            notes.append(
                "the steps 'review' and 'select-tests' are left out: no release of \(FettleAction.repository) is pinned in \(PinTable.path); 'fettle generate pins --update' asks the forge for one"
            )
        }
        if options.extras.contains(.coverage), !files.contains(where: { $0.text.contains("Keep the coverage") }) {
            notes.append("no step measures coverage: none of the test commands is of a kind that can without further packages")
        }
    }

    /// A foreign `ci.yml` stays; ours then has another name.
    private static func workflowPath(_ reader: DetectionContext, _ name: String, _ options: GenerationOptions) -> String {
        let folder = options.target == .gitea ? ".gitea/workflows" : ".github/workflows"
        let path = "\(folder)/\(name).yml"
        guard let text = reader.text(path), ManagedText.parse(text) == nil else { return path }
        return "\(folder)/fettle-\(name).yml"
    }

    private static let header = [
        "# Written by `fettle generate`. A block you change is left to you, and what", "# you add below the last line stays.",
    ]

    private static let yamlHeader =
        ["# yamllint disable rule:line-length rule:truthy", "# yamllint disable rule:comments rule:document-start"] + header

    private mutating func add(_ path: String, _ blocks: [ManagedBlock], _ header: [String], _ reader: DetectionContext) {
        guard !blocks.isEmpty else { return }
        if reader.isLeftOut(path) {
            notes.append("\(path) is a symbolic link or no regular file and is left alone")
            return
        }
        let existing = reader.text(path)
        if existing == nil, reader.has(path) {
            notes.append("\(path) cannot be read and is left alone")
            return
        }
        guard let merged = ManagedFile.merge(blocks, header: header, existing: existing) else {
            notes.append("\(path) was not written by fettle and is left alone")
            return
        }
        notes += merged.kept.map { "\(path): \($0)" }
        files.append(File(path: path, text: merged.text, existing: existing, keeps: !merged.kept.isEmpty))
    }
}
