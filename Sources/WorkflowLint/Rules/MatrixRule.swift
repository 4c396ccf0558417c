import Text

enum MatrixRule: WorkflowRule {
    static let id = "matrix"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A matrix value stands twice, or `exclude` names what is not there."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            guard let matrix = job.matrix else { continue }
            for row in matrix.rows { checkDuplicates(row.name.value, row.values, &report) }
            checkExclude(matrix, &report)
        }
    }

    private static func checkDuplicates(_ name: String, _ values: YAMLNode, _ report: inout RuleReport) {
        let nodes = values.sequence ?? []
        for (index, node) in nodes.enumerated().dropFirst() where !hasExpression(node) {
            guard let first = nodes[..<index].first(where: { equal($0, node) }) else { continue }
            report.add(node.start, "\(shown(node)) stands twice in the matrix row '\(name)', first on line \(first.start.line)")
        }
    }

    private static func checkExclude(_ matrix: WorkflowMatrix, _ report: inout RuleReport) {
        guard let entries = matrix.exclude?.sequence, matrix.include == nil || matrix.include?.sequence != nil else { return }
        var rows: [String: [YAMLNode]?] = [:]
        for row in matrix.rows { rows[row.name.value.lowercased()] = .some(row.values.sequence) }
        for entry in matrix.include?.sequence ?? [] {
            guard let pairs = entry.mapping else { return }
            for pair in pairs {
                guard let name = pair.key.text?.lowercased() else { continue }
                if case .some(.none) = rows[name] { continue }
                rows[name] = .some(((rows[name] ?? []) ?? []) + [pair.value])
            }
        }
        for pair in entries.flatMap({ $0.mapping ?? [] }) {
            guard let name = pair.key.text else { continue }
            guard let known = rows[name.lowercased()] else {
                report.add(pair.key.start, "'exclude' names '\(name)', which the matrix does not have; it has \(list(rows.keys.sorted()))")
                continue
            }
            guard let values = known, !values.contains(where: { matches($0, pair.value) }) else { continue }
            report.add(
                pair.value.start,
                "'exclude' names \(shown(pair.value)), which is no value of '\(name)'; the values are \(values.prefix(20).map(shown).joined(separator: ", "))"
            )
        }
    }

    private static func hasExpression(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let scalar): scalar.text.holds("${{")
        case .sequence(let nodes): nodes.contains(where: hasExpression)
        case .mapping(let pairs): pairs.contains { hasExpression($0.value) }
        }
    }

    private static func equal(_ a: YAMLNode, _ b: YAMLNode) -> Bool {
        switch (a.content, b.content) {
        case (.scalar(let x), .scalar(let y)): x.value(tag: a.tag) == y.value(tag: b.tag)
        case (.sequence(let x), .sequence(let y)): x.count == y.count && zip(x, y).allSatisfy(equal)
        case (.mapping(let x), .mapping(let y)):
            x.count == y.count && x.allSatisfy { pair in pair.key.text.flatMap { b[$0] }.map { equal(pair.value, $0) } ?? false }
        default: false
        }
    }

    /// A filter excludes a value when all it names is in the value; expressions may be anything.
    private static func matches(_ value: YAMLNode, _ filter: YAMLNode) -> Bool {
        if value.text?.holds("${{") == true || filter.text?.holds("${{") == true { return true }
        switch (value.content, filter.content) {
        case (.scalar(let x), .scalar(let y)): return x.text == y.text
        case (.sequence(let x), .sequence(let y)): return x.count == y.count && zip(x, y).allSatisfy(matches)
        case (.mapping, .mapping(let wanted)):
            return wanted.allSatisfy { pair in pair.key.text.flatMap { value[$0] }.map { matches($0, pair.value) } ?? false }
        default: return false
        }
    }

    private static func shown(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): "'\(scalar.text.prefix(60))'"
        case .sequence(let nodes): "[" + nodes.prefix(8).map(shown).joined(separator: ", ") + "]"
        case .mapping(let pairs): "{" + pairs.prefix(8).map { "\($0.key.text ?? "?"): \(shown($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
