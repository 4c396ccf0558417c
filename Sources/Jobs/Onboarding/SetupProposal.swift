import Basics
import Forge
import Generators
import Policy
import Text
import WorkflowLint

/// The files a repository lacks, why, and how they were checked. Pure.
struct SetupProposal: Sendable {
    struct File: Sendable, Hashable {
        let path: String
        let text: String
        let isNew: Bool
        /// The checks it passed, as half sentences.
        let checks: [String]
    }

    /// Something in the owner's own workflows.
    struct Risk: Sendable, Hashable {
        let path: String
        let line: Int
        let rule: String
        let message: String
    }

    let model: RepositoryModel
    private(set) var files: [File] = []
    private(set) var notes: [String] = []
    let risks: [Risk]
    /// Changes to the owner's own workflows that settle risks, as patches; they are shown and not part of the proposal.
    let patches: [Patch]

    struct Patch: Sendable, Hashable {
        let path: String
        /// What is changed, a sentence each.
        let changes: [String]
        let diff: String
    }

    static let mostRisks = 15

    init(of files: any RepositoryFiles, on forge: ForgeKind, branch: String) {
        var model = Detection.model(of: files)
        model.setDefaultBranch(fromHead: "ref: refs/heads/\(branch)")
        self.model = model
        let (options, faults) = GenerationOptions.read(from: files, on: forge == .gitea ? .gitea : .github)
        risks = Self.risks(of: model, files)
        patches = Self.patches(of: model, files, options.pins)
        notes = faults
        guard model.conflicts.isEmpty else { return }
        for kind in GenerationPlan.Kind.allCases where Self.isWanted(kind, model, on: forge) {
            add(GenerationPlan.make(kind, for: model, in: files, options: options))
        }
    }

    /// Dependabot is GitHub's; an image somebody described already needs no second description.
    private static func isWanted(_ kind: GenerationPlan.Kind, _ model: RepositoryModel, on forge: ForgeKind) -> Bool {
        switch kind {
        case .workflow: true
        case .dependabot: forge == .github && !model.components.isEmpty
        case .dockerfile: true
        }
    }

    /// A file beside the generated ones.
    mutating func add(_ path: String, _ text: String, checked: String) {
        files.append(File(path: path, text: text, isNew: true, checks: [checked]))
    }

    mutating func note(_ note: String) { notes.append(note) }

    private mutating func add(_ plan: GenerationPlan) {
        notes += plan.notes.filter { !notes.contains($0) }
        for file in plan.files where file.state != .unchanged {
            let checked = Self.check(file)
            if let fault = checked.fault {
                notes.append("\(file.path) is left out: \(fault)")
            } else {
                files.append(File(path: file.path, text: file.text, isNew: file.existing == nil, checks: checked.checks))
            }
        }
    }

    /// Nothing is proposed that our own checks speak against.
    private static func check(_ file: GenerationPlan.File) -> (checks: [String], fault: String?) {
        let isYAML = file.path.hasSuffix(".yml")
        if isYAML, (try? YAML.root(of: file.text)) == nil { return ([], "it is not readable as YAML") }
        guard WorkflowLinter.isWorkflow(path: file.path) else {
            return (isYAML ? ["readable as YAML"] : ["from a template that hadolint finds nothing in"], nil)
        }
        let diagnostics = WorkflowLinter.lint(Array(file.text.utf8), path: file.path)
        let errors = diagnostics.count { $0.severity == .error }
        let edited = file.existing != nil
        // What its owner changed in it is the owner's to answer for.
        if errors > 0, !edited { return ([], "line \(diagnostics.first?.line ?? 0): \(diagnostics.first?.message ?? "")") }
        return (
            [
                "readable as YAML",
                "`fettle verify workflow`: \(Count.of(errors, "error")), \(Count.of(diagnostics.count - errors, "warning"))",
            ], nil
        )
    }

    private static func risks(of model: RepositoryModel, _ files: any RepositoryFiles) -> [Risk] {
        var risks: [(isError: Bool, risk: Risk)] = []
        for path in model.workflowFiles {
            guard let bytes = files.bytes(of: path), !String(decoding: bytes, as: UTF8.self).contains("# fettle:begin ") else { continue }
            let options = WorkflowLinter.Options(localFile: { files.bytes(of: $0) })
            for diagnostic in WorkflowLinter.lint(bytes, path: path, options: options) where diagnostic.rule != "missing-timeout" {
                let risk = Risk(path: path, line: diagnostic.line, rule: diagnostic.rule, message: diagnostic.message)
                risks.append((diagnostic.severity == .error, risk))
            }
        }
        return risks.filter(\.isError).map(\.risk) + risks.filter { !$0.isError }.map(\.risk)
    }

    private static func patches(of model: RepositoryModel, _ files: any RepositoryFiles, _ pins: PinTable) -> [Patch] {
        let pins = PinTable.builtIn(with: pins)
        let knowledge = FixKnowledge { repository, ref in
            pins.pin(of: repository, at: ref).map { ActionRelease(tag: $0.tag, commit: $0.commit) }
        }
        return model.workflowFiles.compactMap { path in
            guard let bytes = files.bytes(of: path), !String(decoding: bytes, as: UTF8.self).contains("# fettle:begin ") else { return nil }
            let options = WorkflowLinter.Options(localFile: { files.bytes(of: $0) })
            let fixed = WorkflowLinter.fixed(bytes, path: path, options: options, knowing: knowledge)
            let diff = fixed.patch(path: path)
            return diff.isEmpty
                ? nil : Patch(path: path, changes: fixed.fixes.map { "line \($0.line): \($0.change)" }, diff: String(diff.dropLast()))
        }
    }

    var contents: [String: String] { Dictionary(files.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 }) }

    /// Tells one proposal from another.
    var digest: String { files.map { "\($0.path)\n\($0.text)" }.joined(separator: "\n") }
}
