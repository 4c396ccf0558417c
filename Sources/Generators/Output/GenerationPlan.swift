/// Which files a generation writes, with what, and why not others.
package struct GenerationPlan: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case workflow, dockerfile, dependabot
    }

    package enum State: String, Sendable {
        case created, updated, unchanged
    }

    package struct File: Sendable {
        package var path: String
        package var text: String
        package var existing: String?

        package var state: State { existing == nil ? .created : existing == text ? .unchanged : .updated }
    }

    package private(set) var files: [File] = []
    /// Things a person should know: files that are not ours, blocks that were edited.
    package private(set) var notes: [String] = []

    package static func make(_ kind: Kind, for model: RepositoryModel, in repository: any RepositoryFiles) -> GenerationPlan {
        var plan = GenerationPlan()
        let reader = DetectionContext(repository)
        switch kind {
        case .workflow:
            plan.add(workflowPath(reader, "ci"), WorkflowRenderer.blocks(for: model), yamlHeader, reader)
            plan.add(workflowPath(reader, "publish-container"), WorkflowRenderer.publishBlocks(for: model), yamlHeader, reader)
        case .dependabot: plan.add(".github/dependabot.yml", DependabotRenderer.blocks(for: model), yamlHeader, reader)
        case .dockerfile:
            for image in DockerfileRenderer.images(for: model) {
                let count = plan.files.count
                plan.add(image.path, image.blocks, header, reader)
                // A Dockerfile somebody else wrote knows what its context needs.
                if plan.files.count > count { plan.add(image.ignorePath, image.ignore, header, reader) }
            }
        }
        if plan.files.isEmpty, plan.notes.isEmpty { plan.notes.append("nothing to generate: no component of this repository calls for it") }
        return plan
    }

    /// A foreign `ci.yml` stays; ours then has another name.
    private static func workflowPath(_ reader: DetectionContext, _ name: String) -> String {
        let path = ".github/workflows/\(name).yml"
        guard let text = reader.text(path), !text.contains("# fettle:begin ") else { return path }
        return ".github/workflows/fettle-\(name).yml"
    }

    private static let header = [
        "# Written by `fettle generate`. A block you change is left to you, and what", "# you add below the last line stays.",
    ]

    private static let yamlHeader =
        ["# yamllint disable rule:line-length rule:truthy", "# yamllint disable rule:comments rule:document-start"] + header

    private mutating func add(_ path: String, _ blocks: [ManagedBlock], _ header: [String], _ reader: DetectionContext) {
        guard !blocks.isEmpty else { return }
        let existing = reader.text(path)
        if existing == nil, reader.has(path) {
            notes.append("\(path) cannot be read and is left alone")
            return
        }
        guard let merged = ManagedFile.merge(blocks, header: header, existing: existing) else {
            notes.append("\(path) was not written by fettle and is left alone")
            return
        }
        notes += merged.kept.map { "\(path): block '\($0)' was changed by hand and is left as it is" }
        files.append(File(path: path, text: merged.text, existing: existing))
    }
}
