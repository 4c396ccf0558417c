import Text

extension ContextTypes {
    static func matrix(of job: WorkflowJob) -> ExpressionType {
        guard let matrix = job.matrix else { return .strict([:]) }
        if matrix.isExpression { return .loose() }
        var properties: [String: ExpressionType] = [:]
        for row in matrix.rows {
            let values = row.values.sequence.map { $0.map(type(of:)) } ?? [elementType(of: row.values)]
            properties[row.name.value.lowercased()] = values.dropFirst().reduce(values.first ?? .any) { $0.merged(with: $1) }
        }
        var isOpen = false
        if let include = matrix.include {
            guard let entries = include.sequence else { return .loose(properties) }
            for entry in entries {
                guard let pairs = entry.mapping else {
                    isOpen = true
                    continue
                }
                for pair in pairs {
                    guard let name = pair.key.text?.lowercased() else { continue }
                    properties[name] = properties[name].map { $0.merged(with: type(of: pair.value)) } ?? type(of: pair.value)
                }
            }
        }
        return isOpen ? .loose(properties) : .strict(properties)
    }

    /// A row given as `${{ fromJSON('[…]') }}` has the elements' type.
    private static func elementType(of node: YAMLNode) -> ExpressionType {
        if case .array(let element, _) = type(of: node) { element } else { .any }
    }

    /// Type of a scalar that is one expression. Faults are the expression rule's business.
    private static func type(ofExpression text: String) -> ExpressionType {
        guard let start = text.range(of: "${{"), text[..<start.lowerBound].allSatisfy(\.isWhitespace) else { return .string }
        var lexer = ExpressionLexer(text[start.upperBound...].unicodeScalars)
        guard let tokens = try? lexer.tokens(closing: true), let expression = try? ExpressionParser.parse(tokens) else { return .any }
        var checker = ExpressionChecker(contexts: ["github": github], availability: nil)
        return checker.type(of: expression)
    }

    private static func type(of node: YAMLNode) -> ExpressionType {
        switch node.content {
        case .sequence(let nodes):
            let types = nodes.map(type(of:))
            return .list(types.dropFirst().reduce(types.first ?? .any) { $0.merged(with: $1) })
        case .mapping(let pairs):
            return .strict(
                Dictionary(pairs.compactMap { pair in pair.key.text.map { ($0, type(of: pair.value)) } }, uniquingKeysWith: { a, _ in a }))
        case .scalar(let scalar):
            if scalar.text.holds("${{") { return type(ofExpression: scalar.text) }
            switch scalar.value(tag: node.tag) {
            // An empty entry is how people write "none of these"; in a text it is nothing.
            case .null: return scalar.text.isEmpty ? .any : .null
            case .bool: return .bool
            case .int, .float: return .number
            case .string: return .string
            }
        }
    }
}
