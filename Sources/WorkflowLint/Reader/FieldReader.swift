import Text

/// Reads nodes as what they should be, and complains where they are something else. Holds what a reading gathers.
struct FieldReader {
    struct Field {
        var key: SourceText
        var value: YAMLNode
    }

    private(set) var problems: [WorkflowDiagnostic] = []
    private(set) var sites: [ExpressionSite] = []
    var job: Int?
    var step: Int?

    mutating func complain(_ message: String, at mark: YAMLMark, rule: String = "structure") {
        problems.append(.init(rule: rule, severity: .error, line: mark.line, column: mark.column, message: message))
    }

    mutating func site(_ text: SourceText, _ key: String?, _ role: ExpressionSite.Role = .template) {
        guard role == .condition || text.hasExpression else { return }
        sites.append(ExpressionSite(text: text, key: key, role: role, job: job, step: step))
    }

    static func list(_ words: some Sequence<String>) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }

    static func kind(of node: YAMLNode) -> String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            switch scalar.value(tag: node.tag) {
            case .null: return "empty"
            case .bool: return "the boolean '\(scalar.text)'"
            case .int, .float: return "the number '\(scalar.text)'"
            case .string: return "the text '\(scalar.text.prefix(60))'"
            }
        }
    }

    /// Pairs of a mapping. `known` keys are matched exactly; without them the keys are the user's own, compared without case.
    mutating func fields(of node: YAMLNode, in section: String, known: [String]? = nil, allowsEmpty: Bool = false) -> [Field]? {
        guard let pairs = node.mapping else {
            if node.isNull, node.alias == nil {
                if !allowsEmpty { complain("'\(section)' is empty; remove it or give it keys", at: node.start) }
            } else if node.alias == nil || !node.isNull {
                complain("'\(section)' must be a mapping and is \(Self.kind(of: node))", at: node.start)
            }
            return nil
        }
        if pairs.isEmpty, !allowsEmpty { complain("'\(section)' is empty; remove it or give it keys", at: node.start) }
        return pairs.isEmpty ? [] : checked(pairs, section, known)
    }

    private mutating func checked(_ pairs: [YAMLPair], _ section: String, _ known: [String]?) -> [Field] {
        var seen: [String: YAMLMark] = [:]
        var fields: [Field] = []
        for pair in pairs {
            guard let name = pair.key.text else {
                complain("keys of '\(section)' must be text; this is \(Self.kind(of: pair.key))", at: pair.key.start)
                continue
            }
            if name == "<<", pair.key.scalar?.style == .plain {
                complain(
                    "GitHub Actions does not support the YAML merge key '<<'; repeat the keys or use an alias for the whole value",
                    at: pair.key.start, rule: "yaml-anchor")
                continue
            }
            let identity = known == nil ? name.lowercased() : name
            if let first = seen[identity] {
                let note = known == nil ? "; keys here are compared without case" : ""
                complain(
                    "key '\(name)' of '\(section)' is already set on line \(first.line)\(note)", at: pair.key.start, rule: "duplicate-key")
                continue
            }
            seen[identity] = pair.key.start
            if let known, !known.contains(name) {
                complain(unknown(name, section, known), at: pair.key.start)
                continue
            }
            fields.append(Field(key: SourceText(value: name, node: pair.key), value: pair.value))
        }
        return fields
    }

    private func unknown(_ name: String, _ section: String, _ known: [String]) -> String {
        let other = known.first { $0.lowercased() == name.lowercased() }
        let hint = other.map { "keys are case-sensitive: write '\($0)'" } ?? "the keys are \(Self.list(known.sorted()))"
        return "unknown key '\(name)' in '\(section)'; \(hint)"
    }

    /// Text of any scalar; registers its expressions.
    mutating func text(_ node: YAMLNode, _ section: String, key: String? = nil, allowsEmpty: Bool = false, rule: String = "structure")
        -> SourceText?
    {
        guard let value = node.text else {
            complain("'\(section)' must be text and is \(Self.kind(of: node))", at: node.start, rule: rule)
            return nil
        }
        if value.isEmpty || (node.isNull && node.alias == nil) {
            if !allowsEmpty { complain("'\(section)' is empty; give it a value or remove it", at: node.start, rule: rule) }
            return allowsEmpty ? SourceText(value: value, node: node) : nil
        }
        let text = SourceText(value: value, node: node)
        site(text, key)
        return text
    }

    /// A list of texts, or one text.
    mutating func texts(_ node: YAMLNode, _ section: String, key: String? = nil, allowsSingle: Bool = true, allowsEmptyList: Bool = false)
        -> [SourceText]
    {
        guard let nodes = node.sequence else {
            if node.mapping != nil || !allowsSingle {
                if node.isNull {
                    complain("'\(section)' is empty; give it a list", at: node.start)
                } else {
                    complain("'\(section)' must be a list and is \(Self.kind(of: node))", at: node.start)
                }
                return []
            }
            if node.isNull {
                complain("'\(section)' is empty; give it a value or a list", at: node.start)
                return []
            }
            return text(node, section, key: key).map { [$0] } ?? []
        }
        if nodes.isEmpty, !allowsEmptyList { complain("the list '\(section)' is empty; remove it or give it elements", at: node.start) }
        return nodes.compactMap { text($0, section, key: key) }
    }

    /// `true`, `false` or one expression.
    mutating func bool(_ node: YAMLNode, _ section: String, key: String? = nil) -> SourceText? {
        guard let value = node.text else {
            complain("'\(section)' must be 'true' or 'false' and is \(Self.kind(of: node))", at: node.start)
            return nil
        }
        let text = SourceText(value: value, node: node)
        if text.isExpression {
            site(text, key, .whole("bool"))
        } else if node.bool == nil {
            complain("'\(section)' must be 'true', 'false' or one ${{ }} expression and is \(Self.kind(of: node))", at: node.start)
        }
        return text
    }

    /// A number above zero or one expression.
    mutating func number(_ node: YAMLNode, _ section: String, key: String?, wholeOnly: Bool) -> SourceText? {
        guard let value = node.text else {
            complain("'\(section)' must be a number and is \(Self.kind(of: node))", at: node.start)
            return nil
        }
        let text = SourceText(value: value, node: node)
        if text.isExpression {
            site(text, key, .whole("number"))
            return text
        }
        let amount: Double? =
            switch node.value {
            case .int(let whole)?: Double(whole)
            case .float(let number)? where !wholeOnly: number
            default: nil
            }
        let kind = wholeOnly ? "a whole number" : "a number"
        if let amount {
            if !(amount > 0) { complain("'\(section)' must be greater than zero and is \(value)", at: node.start) }
        } else {
            complain("'\(section)' must be \(kind) or one ${{ }} expression and is \(Self.kind(of: node))", at: node.start)
        }
        return text
    }

    /// A mapping of the user's names to texts, or one expression.
    mutating func environment(_ node: YAMLNode, _ section: String, key: String?) -> [EnvironmentVariable] {
        if wholeExpression(node, key, "object") { return [] }
        guard node.mapping != nil || node.isNull else {
            complain("'\(section)' must be a mapping or one ${{ }} expression and is \(Self.kind(of: node))", at: node.start)
            return []
        }
        if node.isNull, node.anchor != nil {
            complain("'\(section)' must be a mapping or one ${{ }} expression and is empty", at: node.start)
        }
        return (fields(of: node, in: section, allowsEmpty: true) ?? []).compactMap { field in
            site(field.key, key)
            return text(field.value, field.key.value, key: key, allowsEmpty: true).map { EnvironmentVariable(name: field.key, value: $0) }
        }
    }

    /// The node is one expression: its site is registered with the type it must have.
    mutating func wholeExpression(_ node: YAMLNode, _ key: String?, _ type: String) -> Bool {
        guard let value = node.text else { return false }
        let text = SourceText(value: value, node: node)
        guard text.isExpression else { return false }
        site(text, key, .whole(type))
        return true
    }

    /// Visits every text in a free-form value.
    mutating func freeForm(_ node: YAMLNode, key: String?) {
        switch node.content {
        case .scalar(let scalar):
            let text = SourceText(value: scalar.text, node: node)
            site(text, key, text.isExpression ? .whole("any") : .template)
        case .sequence(let nodes): for child in nodes { freeForm(child, key: key) }
        case .mapping(let pairs): for pair in pairs { freeForm(pair.value, key: key) }
        }
    }
}
