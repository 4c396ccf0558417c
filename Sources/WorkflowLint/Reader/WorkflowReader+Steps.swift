import Text

extension WorkflowReader {
    mutating func readSteps(_ node: YAMLNode, into job: inout WorkflowJob) {
        guard let nodes = node.sequence else {
            fields.complain("'steps' must be a list and is \(FieldReader.kind(of: node))", at: node.start)
            return
        }
        if nodes.isEmpty { fields.complain("the list 'steps' is empty", at: node.start) }
        for child in nodes {
            fields.step = job.steps.count
            job.steps.append(readStep(child))
            fields.step = nil
            // Steps that run side by side are steps like others: what stands behind them reads their outputs.
            for pair in child.mapping ?? [] where pair.key.text == "parallel" { readSteps(pair.value, into: &job) }
        }
    }

    private static let common = ["id", "if", "name", "env", "continue-on-error", "timeout-minutes", "background"]
    private static let runKeys = common + ["run", "shell", "working-directory"]
    private static let usesKeys = common + ["uses", "with"]
    /// Steps that steer background steps, and do nothing else. Source: the workflow schema of schemastore.org
    private static let steeringKeys = ["wait", "wait-all", "cancel", "parallel"]

    private mutating func readStep(_ node: YAMLNode) -> WorkflowStep {
        var step = WorkflowStep(mark: node.start)
        let names = node.mapping?.compactMap(\.key.text) ?? []
        let kind = names.last { $0 == "uses" || $0 == "run" }
        let known =
            kind == "uses" ? Self.usesKeys : kind == "run" ? Self.runKeys : Array(Set(Self.runKeys + Self.usesKeys)) + Self.steeringKeys
        guard let sections = fields.fields(of: node, in: kind.map { "step with '\($0)'" } ?? "step", known: known) else {
            if node.isNull { fields.complain("a step needs 'run' or 'uses'", at: node.start) }
            return step
        }
        for section in sections { read(section, into: &step) }
        if kind == nil, !names.contains(where: Self.steeringKeys.contains) {
            fields.complain("a step needs 'run' or 'uses'", at: node.start)
        }
        return step
    }

    private mutating func read(_ section: FieldReader.Field, into step: inout WorkflowStep) {
        let node = section.value
        let prefix = "jobs.<job_id>.steps."
        switch section.key.value {
        case "id": step.id = fields.text(node, "id", key: "")
        case "if": step.condition = readCondition(node, key: prefix + "if")
        case "name": step.name = fields.text(node, "name", key: prefix + "name")
        case "env":
            step.environmentKey = section.key.mark
            step.environment = fields.environment(node, "env", key: prefix + "env")
        case "continue-on-error": step.continuesOnError = fields.bool(node, "continue-on-error", key: prefix + "continue-on-error")
        case "timeout-minutes":
            step.hasTimeout = true
            _ = fields.number(node, "timeout-minutes", key: prefix + "timeout-minutes", wholeOnly: false)
        case "run":
            step.runKey = section.key.mark
            step.run = fields.text(node, "run", key: prefix + "run")
        case "shell": step.shell = fields.text(node, "shell", key: "")
        case "working-directory": _ = fields.text(node, "working-directory", key: prefix + "working-directory")
        case "uses":
            step.usesKey = section.key.mark
            step.uses = fields.text(node, "uses", key: "")
        case "with": readWith(section, into: &step)
        default: break
        }
    }

    private mutating func readWith(_ section: FieldReader.Field, into step: inout WorkflowStep) {
        step.withMark = section.key.mark
        for field in fields.fields(of: section.value, in: "with") ?? [] {
            guard let value = fields.text(field.value, field.key.value, key: "jobs.<job_id>.steps.with", allowsEmpty: true) else {
                continue
            }
            step.with.append((field.key, value))
        }
    }

    mutating func readContainer(_ section: FieldReader.Field, _ name: String, isService: Bool) -> WorkflowContainer? {
        let key = isService ? "jobs.<job_id>.services" : "jobs.<job_id>.container"
        let item = isService ? key + ".<service_id>" : key
        let node = section.value
        var container = WorkflowContainer()
        guard node.mapping != nil else {
            let isExplicitNull = node.isNull && node.text?.isEmpty == false
            if !isService, isExplicitNull || fields.wholeExpression(node, key, "container") { return nil }
            container.image = fields.text(node, name, key: key)
            return container
        }
        let known = ["image", "credentials", "env", "ports", "volumes", "options"] + (isService ? ["entrypoint", "command"] : [])
        let sections = fields.fields(of: node, in: name, known: known) ?? []
        for field in sections {
            switch field.key.value {
            case "image": container.image = fields.text(field.value, "image", key: key, allowsEmpty: isService)
            case "credentials": container.password = readCredentials(field, item + ".credentials")
            case "env": container.environment = fields.environment(field.value, "env", key: item + ".env.<env_id>")
            case "ports", "volumes":
                if !fields.wholeExpression(field.value, key, "list") {
                    _ = fields.texts(field.value, field.key.value, key: key, allowsSingle: false)
                }
            default: _ = fields.text(field.value, field.key.value, key: key, allowsEmpty: true)
            }
        }
        if !sections.contains(where: { $0.key.value == "image" }) { fields.complain("'\(name)' needs an 'image'", at: section.key.mark) }
        return container
    }

    /// Gives the password.
    private mutating func readCredentials(_ section: FieldReader.Field, _ key: String) -> SourceText? {
        if fields.wholeExpression(section.value, key, "object") { return nil }
        var password: SourceText?
        var names: Set<String> = []
        for field in fields.fields(of: section.value, in: "credentials", known: ["username", "password"]) ?? [] {
            names.insert(field.key.value)
            let text = fields.text(field.value, field.key.value, key: key)
            if field.key.value == "password" { password = text }
        }
        if names.count < 2 { fields.complain("'credentials' needs both 'username' and 'password'", at: section.key.mark) }
        return password
    }

    mutating func readServices(_ node: YAMLNode, into job: inout WorkflowJob) {
        if fields.wholeExpression(node, "jobs.<job_id>.services", "object") {
            job.servicesAreExpression = true
            return
        }
        for field in fields.fields(of: node, in: "services") ?? [] {
            if let container = readContainer(field, "services.\(field.key.value)", isService: true) {
                job.services.append((field.key, container))
            }
        }
    }

    mutating func readCallPart(_ section: FieldReader.Field, into job: inout WorkflowJob) {
        let node = section.value
        switch section.key.value {
        case "uses":
            guard let uses = fields.text(node, "uses", key: "") else { return }
            var call = job.call ?? ReusableCall(uses: uses)
            call.uses = uses
            job.call = call
        case "with":
            let inputs = (fields.fields(of: node, in: "with") ?? []).compactMap { field in
                fields.text(field.value, field.key.value, key: "jobs.<job_id>.with.<with_id>", allowsEmpty: true).map { (field.key, $0) }
            }
            withCall(&job, node) { $0.inputs = inputs }
        default:
            if node.text == "inherit" {
                withCall(&job, node) { $0.inheritsSecrets = node.start }
                return
            }
            if let text = node.text, !text.isEmpty {
                fields.complain("'secrets' must be a mapping or 'inherit' and is \(FieldReader.kind(of: node))", at: node.start)
                return
            }
            let secrets = (fields.fields(of: node, in: "secrets", allowsEmpty: true) ?? []).compactMap { field in
                fields.text(field.value, field.key.value, key: "jobs.<job_id>.secrets.<secrets_id>", allowsEmpty: true).map {
                    (field.key, $0)
                }
            }
            withCall(&job, node) { $0.secrets = secrets }
        }
    }

    /// `with` and `secrets` may come before `uses`.
    private func withCall(_ job: inout WorkflowJob, _ node: YAMLNode, _ change: (inout ReusableCall) -> Void) {
        var call = job.call ?? ReusableCall(uses: SourceText(value: "", node: node))
        change(&call)
        job.call = call
    }
}
