import Text

extension WorkflowReader {
    static let jobKeys = [
        "name", "needs", "if", "permissions", "runs-on", "environment", "concurrency", "outputs", "env", "defaults", "steps",
        "timeout-minutes",
        "strategy", "continue-on-error", "container", "services", "uses", "with", "secrets", "snapshot", "cache-mode",
    ]
    /// Keys a job may have beside `uses`.
    static let callKeys: Set = ["name", "uses", "with", "secrets", "needs", "if", "permissions", "strategy", "concurrency", "cache-mode"]

    mutating func readJob(_ entry: FieldReader.Field) -> WorkflowJob {
        let id = entry.key.value
        var job = WorkflowJob(id: entry.key, mark: entry.key.mark)
        guard let sections = fields.fields(of: entry.value, in: "jobs.\(id)", known: Self.jobKeys) else { return job }
        let names = Set(sections.map(\.key.value))
        let isCall = names.contains("uses")
        for section in sections {
            checkPlace(section.key, in: id, isCall: isCall)
            read(section, into: &job)
        }
        if !isCall {
            if !names.contains("runs-on") { fields.complain("job '\(id)' has no 'runs-on'", at: job.mark) }
            if !sections.contains(where: { $0.key.value == "steps" && !$0.value.isNull }) {
                fields.complain("job '\(id)' has no 'steps'", at: job.mark)
            }
        }
        return job
    }

    private mutating func checkPlace(_ key: SourceText, in job: String, isCall: Bool) {
        if isCall, !Self.callKeys.contains(key.value) {
            let allowed = FieldReader.list(Self.callKeys.sorted())
            fields.complain(
                "job '\(job)' calls a reusable workflow with 'uses', so '\(key.value)' is not allowed; allowed are \(allowed)", at: key.mark
            )
        }
        if !isCall, key.value == "with" || key.value == "secrets" {
            fields.complain("'\(key.value)' of job '\(job)' needs 'uses' beside it: it is passed to a reusable workflow", at: key.mark)
        }
    }

    private mutating func read(_ section: FieldReader.Field, into job: inout WorkflowJob) {
        let node = section.value
        let prefix = "jobs.<job_id>."
        switch section.key.value {
        case "name": job.name = fields.text(node, "name", key: prefix + "name")
        case "needs": job.needs = fields.texts(node, "needs", key: "")
        case "if": job.condition = readCondition(node, key: prefix + "if")
        case "permissions": job.permissions = readPermissions(node, section.key.mark)
        case "runs-on":
            job.runsOnKey = section.key.mark
            readRunsOn(node, into: &job)
        case "environment":
            job.hasDeploymentEnvironment = true
            readDeployment(node, section.key.mark)
        case "concurrency":
            job.hasConcurrency = true
            readConcurrency(node, section.key.mark, key: prefix + "concurrency")
        case "outputs": job.outputs = readOutputs(node)
        case "env": job.environment = fields.environment(node, "env", key: prefix + "env")
        case "defaults": job.defaultShell = readDefaults(node, key: prefix + "defaults.run")
        case "steps": readSteps(node, into: &job)
        case "timeout-minutes": job.timeout = fields.number(node, "timeout-minutes", key: prefix + "timeout-minutes", wholeOnly: false)
        case "strategy": readStrategy(node, into: &job)
        case "continue-on-error": _ = fields.bool(node, "continue-on-error", key: prefix + "continue-on-error")
        case "container": job.container = readContainer(section, "container", isService: false)
        case "services": readServices(node, into: &job)
        case "snapshot": readSnapshot(section)
        case "uses", "with", "secrets": readCallPart(section, into: &job)
        default: break
        }
    }

    mutating func readCondition(_ node: YAMLNode, key: String) -> SourceText? {
        guard let text = fields.text(node, "if", key: nil) else { return nil }
        fields.site(text, key, .condition)
        return text
    }

    private mutating func readRunsOn(_ node: YAMLNode, into job: inout WorkflowJob) {
        let key = "jobs.<job_id>.runs-on"
        guard node.mapping != nil else {
            if fields.wholeExpression(node, key, "runner") {
                job.runsOn = [SourceText(value: node.text ?? "", node: node)]
            } else {
                job.runsOn = fields.texts(node, "runs-on", key: key)
            }
            return
        }
        for field in fields.fields(of: node, in: "runs-on", known: ["group", "labels"]) ?? [] {
            if field.key.value == "group" {
                job.hasRunnerGroup = true
                _ = fields.text(field.value, "group", key: key)
            } else if fields.wholeExpression(field.value, key, "runner") {
                job.runsOn = [SourceText(value: field.value.text ?? "", node: field.value)]
            } else {
                if field.value.mapping != nil, let pair = field.value.mapping?.first {
                    fields.complain("'labels' must be a text or a list of texts and is a mapping", at: pair.key.start)
                } else {
                    job.runsOn = fields.texts(field.value, "labels", key: key)
                }
            }
        }
    }

    private mutating func readDeployment(_ node: YAMLNode, _ mark: YAMLMark) {
        let key = "jobs.<job_id>.environment"
        guard node.mapping != nil else {
            _ = fields.text(node, "environment", key: key)
            return
        }
        let sections = fields.fields(of: node, in: "environment", known: ["name", "url", "deployment"]) ?? []
        for field in sections {
            switch field.key.value {
            case "url": _ = fields.text(field.value, "url", key: key + ".url")
            case "deployment": _ = fields.bool(field.value, "deployment", key: key)
            default: _ = fields.text(field.value, "name", key: key)
            }
        }
        if !sections.contains(where: { $0.key.value == "name" }) { fields.complain("'environment' needs a 'name'", at: mark) }
    }

    private mutating func readOutputs(_ node: YAMLNode) -> [OutputDeclaration] {
        (fields.fields(of: node, in: "outputs", allowsEmpty: true) ?? []).map { field in
            let value = fields.text(field.value, field.key.value, key: "jobs.<job_id>.outputs.<output_id>", allowsEmpty: true)
            return OutputDeclaration(name: field.key, value: value)
        }
    }

    private mutating func readSnapshot(_ section: FieldReader.Field) {
        let node = section.value
        if node.sequence != nil {
            fields.complain("'snapshot' must be an image name or a mapping and is a list", at: node.start)
            return
        }
        guard node.mapping != nil else {
            _ = fields.text(node, "snapshot", key: "")
            return
        }
        let sections = fields.fields(of: node, in: "snapshot", known: ["image-name", "version", "if"]) ?? []
        for field in sections {
            if field.key.value == "if" {
                _ = readCondition(field.value, key: "jobs.<job_id>.snapshot.if")
            } else {
                let text = fields.text(field.value, field.key.value, key: "")
                if field.key.value == "version", let text { versionPatterns.append(text) }
            }
        }
        if !sections.contains(where: { $0.key.value == "image-name" }) {
            fields.complain("'snapshot' needs an 'image-name'", at: section.key.mark)
        }
    }

    private mutating func readStrategy(_ node: YAMLNode, into job: inout WorkflowJob) {
        let key = "jobs.<job_id>.strategy"
        for field in fields.fields(of: node, in: "strategy", known: ["matrix", "fail-fast", "max-parallel"]) ?? [] {
            switch field.key.value {
            case "fail-fast": _ = fields.bool(field.value, "fail-fast", key: key)
            case "max-parallel": _ = fields.number(field.value, "max-parallel", key: key, wholeOnly: true)
            default: job.matrix = readMatrix(field.value, key)
            }
        }
    }

    private mutating func readMatrix(_ node: YAMLNode, _ key: String) -> WorkflowMatrix {
        var matrix = WorkflowMatrix()
        if fields.wholeExpression(node, key, "object") {
            matrix.isExpression = true
            return matrix
        }
        for field in fields.fields(of: node, in: "matrix") ?? [] {
            fields.freeForm(field.value, key: key)
            switch field.key.value {
            case "include", "exclude":
                checkCombinations(field, key)
                if field.key.value == "include" { matrix.include = field.value } else { matrix.exclude = field.value }
            default:
                if let values = field.value.sequence {
                    if values.isEmpty { fields.complain("matrix values of '\(field.key.value)' are an empty list", at: field.value.start) }
                } else if field.value.text.map({ !SourceText(value: $0, node: field.value).isExpression }) ?? true {
                    fields.complain(
                        "matrix values of '\(field.key.value)' must be a list or one ${{ }} expression and are \(FieldReader.kind(of: field.value))",
                        at: field.value.start)
                }
                matrix.rows.append((field.key, field.value))
            }
        }
        return matrix
    }

    private mutating func checkCombinations(_ field: FieldReader.Field, _ key: String) {
        let name = field.key.value
        guard let entries = field.value.sequence else {
            if field.value.text.map({ SourceText(value: $0, node: field.value).isExpression }) != true {
                fields.complain(
                    "'\(name)' must be a list of mappings or one ${{ }} expression and is \(FieldReader.kind(of: field.value))",
                    at: field.value.start)
            }
            return
        }
        if entries.isEmpty { fields.complain("the list '\(name)' is empty; remove it or give it mappings", at: field.value.start) }
        for entry in entries {
            if let text = entry.text, SourceText(value: text, node: entry).isExpression { continue }
            _ = fields.fields(of: entry, in: name)
        }
    }
}
