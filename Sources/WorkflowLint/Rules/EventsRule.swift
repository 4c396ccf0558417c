import Text

enum EventsRule: WorkflowRule {
    static let id = "events"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "An event, activity type, filter, schedule or input that GitHub does not know or refuses."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for event in file.workflow.events {
            let name = event.name.value
            if let types = WebhookEvents.types[name] {
                checkTypes(event, types, &report)
                checkFilters(event, &report)
            } else if !WebhookEvents.special.contains(name), !event.name.hasExpression {
                report.add(event.name.mark, "the event '\(name)' does not exist; the events are \(list(WebhookEvents.names))")
            }
            for schedule in event.schedules { check(schedule, &report) }
            if name == "workflow_dispatch", event.inputs.count > 25 {
                report.add(event.name.mark, "'workflow_dispatch' has \(event.inputs.count) inputs; GitHub takes at most 25")
            }
            if name == "workflow_dispatch" { event.inputs.forEach { checkDispatch($0, &report) } }
            if name == "workflow_call" { event.inputs.forEach { checkCall($0, &report) } }
        }
    }

    private static func checkTypes(_ event: WorkflowEvent, _ valid: [String], _ report: inout RuleReport) {
        for type in event.types ?? [] where !valid.contains(type.value) {
            let hint = valid.isEmpty ? "this event has no types" : "its types are \(list(valid.sorted()))"
            report.add(type.mark, "'\(type.value)' is no type of the event '\(event.name.value)'; \(hint)")
        }
    }

    private static func checkFilters(_ event: WorkflowEvent, _ report: inout RuleReport) {
        for filter in event.filters {
            guard let events = WebhookEvents.filters[filter.key.value], !events.contains(event.name.value) else { continue }
            report.add(
                filter.key.mark, "the filter '\(filter.key.value)' does not work for '\(event.name.value)'; it works for \(list(events))")
        }
        for kind in ["branches", "tags", "paths"] {
            let pair = event.filters.filter { $0.key.value == kind || $0.key.value == kind + "-ignore" }
            guard pair.count > 1, let second = pair.max(by: { $0.key.mark < $1.key.mark }) else { continue }
            report.add(
                second.key.mark,
                "'\(kind)' and '\(kind)-ignore' cannot stand in one event; use '\(kind)' with '!' in front of what to leave out")
        }
        if event.name.value == "workflow_run", !event.filters.contains(where: { $0.key.value == "workflows" }) {
            report.add(event.name.mark, "'workflow_run' needs 'workflows': the names of the workflows to wait for")
        }
    }

    private static func check(_ schedule: Schedule, _ report: inout RuleReport) {
        if let cron = schedule.cron {
            if let complaint = CronExpression.complaint(about: cron.value) { report.add(cron.mark, complaint) }
        }
        if let zone = schedule.timezone, !TimeZoneNames.all.contains(zone.value) {
            report.add(zone.mark, "'\(zone.value)' is no IANA time zone; write one like 'Europe/Berlin'")
        }
    }

    private static func checkDispatch(_ input: InputDeclaration, _ report: inout RuleReport) {
        let types = ["boolean", "choice", "environment", "number", "string"]
        let name = input.name.value
        let type = input.type?.value ?? "string"
        if let given = input.type, !types.contains(type) {
            report.add(given.mark, "'\(type)' is no input type of 'workflow_dispatch'; the types are \(list(types))")
        }
        if type == "choice" {
            checkOptions(input, &report)
        } else if let options = input.options, !options.isEmpty {
            report.add(input.name.mark, "'options' of input '\(name)' work for the type 'choice' only; its type is '\(type)'")
        }
        if let given = input.defaultValue, let complaint = misfit(given, type) {
            report.add(given.mark, "default '\(given.value)' of input '\(name)' \(complaint)")
        }
    }

    private static func checkOptions(_ input: InputDeclaration, _ report: inout RuleReport) {
        guard let options = input.options, !options.isEmpty else {
            report.add(input.name.mark, "input '\(input.name.value)' is a 'choice' and needs 'options'")
            return
        }
        var seen: Set<String> = []
        for option in options where !seen.insert(option.value).inserted {
            report.add(option.mark, "option '\(option.value)' stands twice")
        }
        if let given = input.defaultValue, !options.contains(where: { $0.value == given.value }) {
            report.add(given.mark, "default '\(given.value)' is none of the options \(list(options.map(\.value)))")
        }
    }

    private static func misfit(_ text: SourceText, _ type: String) -> String? {
        if text.hasExpression { return nil }
        switch type {
        case "boolean": return ["true", "false"].contains(text.value) ? nil : "must be 'true' or 'false'"
        case "number": return Double(text.value) == nil ? "must be a number" : nil
        default: return nil
        }
    }

    private static func checkCall(_ input: InputDeclaration, _ report: inout RuleReport) {
        let types = ["boolean", "number", "string"]
        if let type = input.type, !types.contains(type.value) {
            report.add(type.mark, "'\(type.value)' is no input type of 'workflow_call'; the types are \(list(types))")
        }
        guard let given = input.defaultValue else { return }
        if let complaint = misfit(given, input.type?.value ?? "") {
            report.add(given.mark, "default '\(given.value)' of input '\(input.name.value)' \(complaint)")
        }
        if input.isRequired {
            report.add(
                given.mark, "input '\(input.name.value)' is required, so its default '\(given.value)' is never used; remove one of them")
        }
    }
}
