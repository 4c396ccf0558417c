import Text

/// A YAML tree into a `Workflow`, with everything that is out of place reported by the rule `structure`.
struct WorkflowReader {
    var fields = FieldReader()
    private(set) var workflow = Workflow()
    var versionPatterns: [SourceText] {
        get { workflow.versionPatterns }
        set { workflow.versionPatterns = newValue }
    }

    static let keys = ["name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "cache-mode", "jobs"]

    mutating func read(_ root: YAMLNode?) {
        guard let root, !(root.isNull && root.alias == nil) else {
            fields.complain("the workflow is empty; it needs the keys 'on' and 'jobs'", at: root?.start ?? YAMLMark(line: 1, column: 1))
            return
        }
        guard let sections = fields.fields(of: root, in: "workflow", known: Self.keys) else { return }
        for section in sections { read(section) }
        let end = YAMLMark(line: root.start.line, column: root.start.column)
        if !sections.contains(where: { $0.key.value == "on" }) { fields.complain("the workflow has no 'on': nothing starts it", at: end) }
        if !sections.contains(where: { $0.key.value == "jobs" }) { fields.complain("the workflow has no 'jobs'", at: end) }
    }

    private mutating func read(_ section: FieldReader.Field) {
        let value = section.value
        switch section.key.value {
        case "name": workflow.name = fields.text(value, "name", allowsEmpty: true)
        case "run-name": _ = fields.text(value, "run-name", key: "run-name")
        case "on":
            workflow.onMark = section.key.mark
            workflow.events = readEvents(value)
        case "permissions": workflow.permissions = readPermissions(value, section.key.mark)
        case "env": workflow.environment = fields.environment(value, "env", key: "env")
        case "defaults": workflow.defaultShell = readDefaults(value, key: "")
        case "concurrency":
            workflow.hasConcurrency = true
            readConcurrency(value, section.key.mark, key: "concurrency")
        case "jobs":
            workflow.jobsMark = section.key.mark
            readJobs(value)
        default: break
        }
    }

    private mutating func readJobs(_ node: YAMLNode) {
        for (index, field) in (fields.fields(of: node, in: "jobs") ?? []).enumerated() {
            fields.job = index
            workflow.jobs.append(readJob(field))
            fields.job = nil
        }
    }

    mutating func readPermissions(_ node: YAMLNode, _ mark: YAMLMark) -> WorkflowPermissions {
        var permissions = WorkflowPermissions(mark: mark)
        if let text = node.text, !(node.isNull && text.isEmpty && node.scalar?.style == .plain) {
            permissions.all = SourceText(value: text, node: node)
            return permissions
        }
        if node.isNull { fields.complain("'permissions' is empty; write {} for none, 'read-all' or single scopes", at: node.start) }
        for field in fields.fields(of: node, in: "permissions", allowsEmpty: true) ?? [] {
            guard let level = fields.text(field.value, "permissions.\(field.key.value)") else { continue }
            permissions.scopes.append((field.key, level))
        }
        return permissions
    }

    /// `defaults: {run: {shell, working-directory}}`; gives the shell.
    mutating func readDefaults(_ node: YAMLNode, key: String) -> SourceText? {
        guard let sections = fields.fields(of: node, in: "defaults", known: ["run"]) else { return nil }
        guard let run = sections.first else { return nil }
        var shell: SourceText?
        for field in fields.fields(of: run.value, in: "defaults.run", known: ["shell", "working-directory"]) ?? [] {
            let text = fields.text(field.value, field.key.value, key: key)
            if field.key.value == "shell" { shell = text }
        }
        return shell
    }

    mutating func readConcurrency(_ node: YAMLNode, _ mark: YAMLMark, key: String) {
        if node.mapping == nil {
            _ = fields.text(node, "concurrency", key: key)
            return
        }
        let known = ["group", "cancel-in-progress", "queue"]
        let sections = fields.fields(of: node, in: "concurrency", known: known) ?? []
        for field in sections {
            switch field.key.value {
            case "group": _ = fields.text(field.value, "group", key: key)
            case "cancel-in-progress": _ = fields.bool(field.value, "cancel-in-progress", key: key)
            default: _ = fields.text(field.value, field.key.value)
            }
        }
        if !sections.contains(where: { $0.key.value == "group" }) { fields.complain("'concurrency' needs a 'group'", at: mark) }
    }
}
