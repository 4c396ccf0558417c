import Basics

/// What `fettle generate` says: for people, or as JSON of version 1.
package struct GenerationReport {
    package var model: RepositoryModel
    package var isJSON: Bool
    package var explains: Bool

    package init(model: RepositoryModel, isJSON: Bool, explains: Bool) {
        self.model = model
        self.isJSON = isJSON
        self.explains = explains
    }

    package func conflicts() -> String {
        if isJSON { return print(["status": "conflict"]) }
        let lines = model.conflicts.map { conflict in
            let place = conflict.component.isEmpty ? "." : conflict.component
            return
                "conflict: \(place): \(conflict.field): \(conflict.message) (because: \(conflict.evidence.map(\.description).joined(separator: ", ")))"
        }
        return "conflicts: the evidence allows no safe choice; nothing was written\n" + lines.joined(separator: "\n") + "\n"
    }

    package func written(_ plan: GenerationPlan) -> String {
        if isJSON { return print(["status": "ok", "files": files(plan), "notes": .array(plan.notes.map { .string($0) })]) }
        let lines = plan.files.map { "\($0.state.rawValue): \($0.path)" } + plan.notes.map { "note: \($0)" }
        return (lines + facts()).joined(separator: "\n") + "\n"
    }

    package func check(_ plan: GenerationPlan) -> String {
        let drifted = plan.files.filter { $0.state != .unchanged }
        if isJSON {
            let diffs = drifted.map { file -> JSONValue in
                ["path": .string(file.path), "diff": .string(LineDiff.unified(file.existing, file.text, path: file.path))]
            }
            return print(["status": .string(drifted.isEmpty ? "ok" : "drift"), "files": files(plan), "drift": .array(diffs)])
        }
        let diff = drifted.map { LineDiff.unified($0.existing, $0.text, path: $0.path) }.joined()
        let summary =
            drifted.isEmpty
            ? "up to date: \(Count.of(plan.files.count, "file"))\n" : "drift: \(drifted.map(\.path).joined(separator: ", "))\n"
        return diff + summary + plan.notes.map { "note: \($0)\n" }.joined()
    }

    package func repository() -> String {
        if isJSON {
            return print([
                "status": .string(model.conflicts.isEmpty ? "ok" : "conflict"), "missing": .array(missing.map { .string($0) }),
                "advice": .array(advice.map { .string($0) }), "deployment": .string(deployment),
            ])
        }
        let head = ["\(Count.of(model.fileCount, "file")), \(Count.of(model.components.count, "component"))"]
        let conflicts = model.conflicts.map { "conflict: \($0.field): \($0.message)" }
        return
            (head + facts() + conflicts + missing.map { "missing: \($0)" } + advice.map { "advice: \($0)" }
            + ["deployment: \(deployment)"]).joined(separator: "\n")
            + "\n"
    }

    /// Every fact with its evidence.
    private func facts() -> [String] {
        RepositoryFact.all(of: model).map(\.description) + (explains ? model.skipped.map { "skipped: \($0)" } : [])
    }

    private var advice: [String] {
        model.components.flatMap { component in [LivingVersions.advice(component)].compactMap { $0 } + component.imageNotes }
    }

    private var missing: [String] {
        var missing: [String] = []
        if model.components.isEmpty { missing.append("no project was recognised") }
        for component in model.components {
            let place = component.path.isEmpty ? "" : " in \(component.path)"
            if component.commands(.test).isEmpty { missing.append("no tests were found\(place)") }
            if component.commands(.lint).isEmpty { missing.append("no linter is configured\(place)") }
            let locks: Set<PackageManager> = [.npm, .pnpm, .yarnClassic, .yarnBerry, .bun, .poetry, .uv, .pdm, .pipenv, .composer, .cargo]
            if component.lockFile == nil, component.role.value == .application, locks.contains(component.packageManager.value) {
                missing.append("no lock file\(place): two installs may differ")
            }
            if component.version == nil {
                let taken = UsualVersion.of(component).map { ": \($0.version) is taken, which \($0.merit)" } ?? ""
                missing.append("no version of \(component.language.value.name) is named\(place)\(taken)")
            }
        }
        if model.workflowFiles.isEmpty { missing.append("no workflow: 'fettle generate workflow' writes one") }
        return missing
    }

    private var deployment: String {
        let applications = model.components.filter { $0.role.value == .application && $0.language.value != .html }
        if model.components.contains(where: { $0.language.value == .html }), applications.isEmpty {
            return "static hosting: the repository is a site without a server"
        }
        guard let first = model.components.first else { return "none: no project was recognised" }
        if applications.isEmpty {
            return "a package registry: nothing here is started as a service (\(first.role.because))"
        }
        if model.composeFiles.isEmpty, applications.count == 1 {
            return "one container: a single application (\(applications[0].role.because))"
        }
        let names = applications.map { $0.path.isEmpty ? $0.language.value.rawValue : $0.path }
        return "containers: \(names.joined(separator: ", "))" + (model.composeFiles.first.map { " as in \($0)" } ?? "")
    }

    private func files(_ plan: GenerationPlan) -> JSONValue {
        .array(plan.files.map { ["path": .string($0.path), "state": .string($0.state.rawValue)] })
    }

    private func print(_ more: [String: JSONValue]) -> String {
        var document: [String: JSONValue] = [
            "version": 1, "components": .array(model.components.map(Self.json)),
            "conflicts": .array(
                model.conflicts.map { conflict in
                    [
                        "component": .string(conflict.component), "field": .string(conflict.field), "message": .string(conflict.message),
                        "because": .array(conflict.evidence.map { .string($0.description) }),
                    ]
                }),
        ]
        document.merge(more) { _, new in new }
        return String(decoding: JSONValue.object(document).serialized(pretty: true), as: UTF8.self) + "\n"
    }

    private static func sourced(_ value: JSONValue, _ because: Evidence) -> JSONValue {
        ["value": value, "because": .string(because.description)]
    }

    private static func json(_ component: Component) -> JSONValue {
        var members: [String: JSONValue] = [
            "path": .string(component.path), "language": sourced(.string(component.language.value.rawValue), component.language.because),
            "package_manager": sourced(.string(component.packageManager.value.rawValue), component.packageManager.because),
            "role": sourced(.string(component.role.value.rawValue), component.role.because),
            "commands": .array(
                component.commands.map { command in
                    var members: [String: JSONValue] = [
                        "purpose": .string(command.purpose.rawValue), "run": .string(command.line),
                        "because": .string(command.because.description),
                    ]
                    if !command.tools.isEmpty { members["tools"] = .array(command.tools.map { .string($0) }) }
                    return .object(members)
                }),
            "services": .array(component.services.map { ["name": .string($0.name), "because": .string($0.because.description)] }),
        ]
        if let version = component.version { members["version"] = sourced(.string(version.value), version.because) }
        if let matrix = component.matrix { members["matrix"] = sourced(.array(matrix.value.map { .string($0) }), matrix.because) }
        if let lock = component.lockFile { members["lock_file"] = .string(lock) }
        if let port = component.port { members["port"] = sourced(.integer(Int64(port.value)), port.because) }
        return .object(members)
    }
}
