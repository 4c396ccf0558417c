import Text

extension WorkflowReader {
    mutating func readEvents(_ node: YAMLNode) -> [WorkflowEvent] {
        if let nodes = node.sequence {
            if nodes.isEmpty { fields.complain("'on' is an empty list: nothing starts the workflow", at: node.start) }
            return nodes.compactMap { child in
                if let single = child.mapping, let pair = single.first, let name = pair.key.text {
                    return readEvent(SourceText(value: name, node: pair.key), pair.value)
                }
                return readBareEvent(child)
            }
        }
        if node.mapping == nil { return readBareEvent(node).map { [$0] } ?? [] }
        return (fields.fields(of: node, in: "on") ?? []).compactMap { readEvent($0.key, $0.value) }
    }

    private mutating func readBareEvent(_ node: YAMLNode) -> WorkflowEvent? {
        guard let name = fields.text(node, "on", key: nil) else { return nil }
        if name.value == "schedule" { fields.complain("'schedule' needs a list of 'cron' entries", at: name.mark) }
        return WorkflowEvent(name: name)
    }

    private mutating func readEvent(_ name: SourceText, _ node: YAMLNode) -> WorkflowEvent? {
        var event = WorkflowEvent(name: name)
        switch name.value {
        case "schedule": event.schedules = readSchedules(node)
        case "workflow_dispatch": event.inputs = readDispatch(node)
        case "workflow_call": readCall(node, into: &event)
        case "repository_dispatch": event.types = readFilters(node, name.value, ["types"], into: &event)
        case "image_version":
            for field in fields.fields(of: node, in: name.value, known: ["names", "versions"]) ?? [] {
                let texts = fields.texts(field.value, field.key.value, allowsSingle: false)
                if field.key.value == "versions" { versionPatterns += texts }
            }
        default:
            event.types = readFilters(node, name.value, Self.filterKeys, into: &event)
        }
        return event
    }

    static let filterKeys = ["types", "branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore", "workflows"]

    private mutating func readFilters(_ node: YAMLNode, _ name: String, _ known: [String], into event: inout WorkflowEvent) -> [SourceText]?
    {
        var types: [SourceText]?
        guard !node.isNull || node.alias != nil else { return nil }
        for field in fields.fields(of: node, in: name, known: known, allowsEmpty: true) ?? [] {
            let texts = fields.texts(field.value, field.key.value)
            if field.key.value == "types" { types = texts } else { event.filters.append(EventFilter(key: field.key, patterns: texts)) }
        }
        return types
    }

    private mutating func readSchedules(_ node: YAMLNode) -> [Schedule] {
        guard let nodes = node.sequence else {
            fields.complain("'schedule' must be a list of 'cron' entries and is \(FieldReader.kind(of: node))", at: node.start)
            return []
        }
        if nodes.isEmpty { fields.complain("the list 'schedule' is empty; remove it or give it 'cron' entries", at: node.start) }
        return nodes.map { entry in
            var schedule = Schedule()
            let sections = fields.fields(of: entry, in: "schedule", known: ["cron", "timezone"]) ?? []
            for field in sections {
                let text = fields.text(field.value, field.key.value)
                if field.key.value == "cron" { schedule.cron = text } else { schedule.timezone = text }
            }
            if entry.mapping != nil, !sections.contains(where: { $0.key.value == "cron" }) {
                fields.complain("an entry of 'schedule' needs 'cron'", at: entry.start)
            }
            return schedule
        }
    }

    private mutating func readDispatch(_ node: YAMLNode) -> [InputDeclaration] {
        guard !node.isNull else { return [] }
        let sections = fields.fields(of: node, in: "workflow_dispatch", known: ["inputs"], allowsEmpty: true) ?? []
        guard let inputs = sections.first?.value, !inputs.isNull else { return [] }
        let known = ["type", "description", "required", "default", "options", "deprecationMessage"]
        return (fields.fields(of: inputs, in: "inputs", allowsEmpty: true) ?? []).map { field in
            readInput(field, known, optionsAllowed: true, defaultKey: nil)
        }
    }

    private mutating func readInput(
        _ field: FieldReader.Field, _ known: [String], optionsAllowed: Bool, defaultKey: String?
    ) -> InputDeclaration {
        var input = InputDeclaration(name: field.key)
        guard !field.value.isNull else { return input }
        for attribute in fields.fields(of: field.value, in: "inputs.\(field.key.value)", known: known, allowsEmpty: true) ?? [] {
            switch attribute.key.value {
            case "type": input.type = fields.text(attribute.value, "type")
            case "required": input.isRequired = fields.bool(attribute.value, "required")?.value == "true"
            case "default": input.defaultValue = fields.text(attribute.value, "default", key: defaultKey, allowsEmpty: true)
            case "options": input.options = fields.texts(attribute.value, "options", allowsSingle: false)
            default: _ = fields.text(attribute.value, attribute.key.value, allowsEmpty: true)
            }
        }
        return input
    }

    private mutating func readCall(_ node: YAMLNode, into event: inout WorkflowEvent) {
        guard !node.isNull else { return }
        for section in fields.fields(of: node, in: "workflow_call", known: ["inputs", "secrets", "outputs"], allowsEmpty: true) ?? [] {
            let entries = section.value.isNull ? [] : fields.fields(of: section.value, in: section.key.value, allowsEmpty: true) ?? []
            switch section.key.value {
            case "inputs":
                let known = ["type", "description", "required", "default", "deprecationMessage"]
                event.inputs = entries.map { readInput($0, known, optionsAllowed: false, defaultKey: nil) }
                for input in event.inputs where input.type == nil {
                    fields.complain(
                        "input '\(input.name.value)' of 'workflow_call' needs a 'type': 'boolean', 'number' or 'string'",
                        at: input.name.mark)
                }
            case "secrets": event.secrets = entries.map { readSecret($0) }
            default: event.outputs = entries.map { readOutput($0) }
            }
        }
    }

    private mutating func readSecret(_ field: FieldReader.Field) -> SecretDeclaration {
        var secret = SecretDeclaration(name: field.key)
        guard !field.value.isNull else { return secret }
        for attribute in fields.fields(
            of: field.value, in: "secrets.\(field.key.value)", known: ["description", "required"], allowsEmpty: true) ?? []
        {
            if attribute.key.value == "required" { secret.isRequired = fields.bool(attribute.value, "required")?.value == "true" }
        }
        return secret
    }

    private mutating func readOutput(_ field: FieldReader.Field) -> OutputDeclaration {
        var output = OutputDeclaration(name: field.key)
        let name = "outputs.\(field.key.value)"
        let attributes =
            field.value.isNull ? [] : fields.fields(of: field.value, in: name, known: ["description", "value"], allowsEmpty: true) ?? []
        for attribute in attributes {
            if attribute.key.value == "value" {
                output.value = fields.text(attribute.value, "value", key: "on.workflow_call.outputs.<output_id>.value")
            } else {
                _ = fields.text(attribute.value, "description", allowsEmpty: true)
            }
        }
        if !attributes.contains(where: { $0.key.value == "value" }) {
            fields.complain("output '\(field.key.value)' of 'workflow_call' needs a 'value'", at: field.key.mark)
        }
        return output
    }
}
