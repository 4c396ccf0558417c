import Basics

/// Types an expression against the contexts known at its place; collects faults with offsets into the expression.
struct ExpressionChecker {
    let contexts: [String: ExpressionType]
    let availability: ContextAvailability?
    private(set) var faults: [ExpressionFault] = []

    init(contexts: [String: ExpressionType], availability: ContextAvailability?) {
        self.contexts = contexts
        self.availability = availability
    }

    private mutating func fault(_ message: String, at expression: Expression) -> ExpressionType {
        faults.append(ExpressionFault(offset: expression.offset, message: message))
        return .any
    }

    mutating func type(of expression: Expression) -> ExpressionType {
        switch expression.form {
        case .null: return .null
        case .bool: return .bool
        case .number: return .number
        case .string: return .string
        case .variable(let name): return variable(name, expression)
        case .property(let base, let name): return property(name, of: type(of: base), expression)
        case .star(let base): return star(of: type(of: base), expression)
        case .index(let base, let index): return element(of: base, at: index, expression)
        case .not(let operand):
            _ = type(of: operand)
            return .bool
        case .logical(let symbol, let left, let right):
            return logical(symbol, left, right)
        case .comparison(let symbol, let left, let right):
            compare(symbol, type(of: left), type(of: right), expression)
            return .bool
        case .call(let name, let arguments): return call(name, arguments, expression)
        }
    }

    private mutating func logical(_ symbol: String, _ left: Expression, _ right: Expression) -> ExpressionType {
        let a = type(of: left)
        let b = type(of: right)
        // `cond && 'a' || 'b'` is the usual way to choose: the condition itself is never the result worth typing.
        return symbol == "&&" ? b : a.merged(with: b)
    }

    // MARK: contexts and properties

    private mutating func variable(_ name: String, _ expression: Expression) -> ExpressionType {
        let key = name.lowercased()
        guard let type = contexts[key] else {
            return fault("undefined context '\(name)'; the contexts are \(list(contexts.keys.sorted()))", at: expression)
        }
        guard let allowed = availability?.contexts, !allowed.contains(key) else { return type }
        let hint = allowed.isEmpty ? "no context may be used here" : "here one may use \(list(allowed.sorted()))"
        _ = fault("context '\(name)' is not available here; \(hint)", at: expression)
        return type
    }

    private mutating func property(_ name: String, of base: ExpressionType, _ expression: Expression) -> ExpressionType {
        switch base {
        case .any: return .any
        case .object(let object):
            if let type = object.properties[name.lowercased()] ?? object.others { return type }
            let known = object.properties.keys.sorted()
            let hint = known.isEmpty ? "nothing is defined there" : "defined are \(list(known))"
            return fault("property '\(name)' does not exist; \(hint)", at: expression)
        case .array(let element, isFilter: true):
            guard case .object(let object) = element else { return .array(.any, isFilter: true) }
            if object.properties[name.lowercased()] == nil, object.others == nil {
                return fault(
                    "property '\(name)' does not exist in the filtered elements; defined are \(list(object.properties.keys.sorted()))",
                    at: expression)
            }
            return .array(object.properties[name.lowercased()] ?? object.others ?? .any, isFilter: true)
        case .array: return fault("'\(name)' is read from an array; use [index] or '.*' first", at: expression)
        default: return fault("'\(name)' is read from a \(base.name), which has no properties", at: expression)
        }
    }

    private mutating func star(of base: ExpressionType, _ expression: Expression) -> ExpressionType {
        switch base {
        case .any: return .array(.any, isFilter: true)
        case .array(let element, isFilter: true):
            if case .array(let inner, _) = element { return .array(inner, isFilter: true) }
            return .array(.any, isFilter: true)
        case .array(let element, _): return .array(element, isFilter: true)
        case .object(let object):
            let values = Array(object.properties.values) + (object.others.map { [$0] } ?? [])
            let objects = values.filter { if case .object = $0 { true } else { $0 == .any } }
            if values.count > 0, objects.isEmpty { return fault("'.*' finds no objects in \(base.name)", at: expression) }
            return .array(objects.count == 1 ? objects[0] : .any, isFilter: true)
        default: return fault("'.*' needs an array or object; this is a \(base.name)", at: expression)
        }
    }

    private mutating func element(of base: Expression, at index: Expression, _ expression: Expression) -> ExpressionType {
        let baseType = type(of: base)
        let indexType = type(of: index)
        if case .string(let name) = index.form, case .object = baseType { return property(name, of: baseType, expression) }
        switch baseType {
        case .any: return .any
        case .array(let element, _):
            if indexType == .number || indexType == .any { return element }
            return fault("an array takes a number as index; this is a \(indexType.name)", at: index)
        case .object(let object):
            // `job.services.db.ports[5432]`, as GitHub's own examples write it.
            var isPorts = false
            if case .property(_, let name) = base.form { isPorts = name == "ports" && object.others != nil }
            guard indexType == .string || indexType == .any || indexType == .number && isPorts else {
                return fault("an object takes a string as index; this is a \(indexType.name)", at: index)
            }
            let types = Array(object.properties.values) + (object.others.map { [$0] } ?? [])
            return types.dropFirst().reduce(types.first ?? .any) { $0.merged(with: $1) }
        default: return fault("[…] is read from a \(baseType.name), which has no elements", at: expression)
        }
    }

    // MARK: operators

    private mutating func compare(_ symbol: String, _ a: ExpressionType, _ b: ExpressionType, _ expression: Expression) {
        guard !Self.comparable(symbol, a, b) else { return }
        _ = fault("a \(a.name) cannot be compared with a \(b.name) by '\(symbol)'", at: expression)
    }

    private static func comparable(_ symbol: String, _ a: ExpressionType, _ b: ExpressionType) -> Bool {
        if a == .any || b == .any { return true }
        if symbol != "==", symbol != "!=" {
            let ordered: [ExpressionType] = [.number, .string]
            return ordered.contains(a) && ordered.contains(b)
        }
        switch (a, b) {
        case (.null, _), (_, .null): return true
        case (.object, .object): return true
        case (.array(let x, _), .array(let y, _)): return comparable(symbol, x, y)
        case (.object, _), (_, .object), (.array, _), (_, .array): return false
        default: return true
        }
    }

    // MARK: functions

    private mutating func call(_ name: String, _ arguments: [Expression], _ expression: Expression) -> ExpressionType {
        let types = arguments.map { type(of: $0) }
        guard let overloads = ExpressionFunction.all[name.lowercased()] else {
            return fault("undefined function '\(name)'; the functions are \(list(ExpressionFunction.names))", at: expression)
        }
        checkAvailability(of: name, expression)
        var complaints: [(Expression, String)] = []
        for overload in overloads {
            guard let complaint = Self.misfit(overload, arguments, types, expression) else {
                return result(of: overload, arguments, types, expression)
            }
            complaints.append(complaint)
        }
        for complaint in complaints { _ = fault(complaint.1, at: complaint.0) }
        return overloads[0].result
    }

    private mutating func checkAvailability(of name: String, _ expression: Expression) {
        let key = name.lowercased()
        guard ContextAvailability.specialFunctions.contains(key), let availability, !availability.functions.contains(key) else { return }
        _ = fault("function '\(name)' is not available here; it works in \(list(ContextAvailability.keys(allowing: key)))", at: expression)
    }

    private static func misfit(
        _ function: ExpressionFunction, _ arguments: [Expression], _ types: [ExpressionType], _ expression: Expression
    ) -> (Expression, String)? {
        let wanted = function.parameters.count
        guard types.count == wanted || (types.count > wanted && function.rest != nil) else {
            let atLeast = function.rest == nil ? "" : "at least "
            return (expression, "\(function.signature) takes \(atLeast)\(wanted) arguments; \(types.count) are given")
        }
        for (index, type) in types.enumerated() {
            let parameter = index < wanted ? function.parameters[index] : function.rest ?? .any
            if !parameter.accepts(type) {
                return (arguments[index], "argument \(index + 1) of \(function.signature) is a \(type.name); it takes a \(parameter.name)")
            }
        }
        return nil
    }

    private mutating func result(
        of function: ExpressionFunction, _ arguments: [Expression], _ types: [ExpressionType], _ expression: Expression
    ) -> ExpressionType {
        switch function.name {
        case "format":
            if case .string(let text)? = arguments.first?.form { checkFormat(text, arguments.count - 1, expression) }
        case "fromJSON":
            if case .string(let text)? = arguments.first?.form { return parsed(text, arguments[0]) }
        case "case":
            if types.count.isMultiple(of: 2) { _ = fault("case takes pairs of condition and value and one last default", at: expression) }
        default: break
        }
        return function.result
    }

    private mutating func parsed(_ text: String, _ argument: Expression) -> ExpressionType {
        do {
            return Self.type(of: try JSONValue(parsing: text.utf8))
        } catch {
            let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
            return fault("fromJSON is given '\(shown)', which is no valid JSON", at: argument)
        }
    }

    private static func type(of json: JSONValue) -> ExpressionType {
        switch json {
        case .null: .null
        case .bool: .bool
        case .integer, .number: .number
        case .string: .string
        case .array(let elements):
            .list(elements.dropFirst().reduce(elements.first.map(type(of:)) ?? .any) { $0.merged(with: type(of: $1)) })
        case .object(let members): .strict(members.mapValues(type(of:)))
        }
    }

    private mutating func checkFormat(_ text: String, _ count: Int, _ expression: Expression) {
        var used: Set<Int> = []
        var digits: String?
        for (character, next) in zip(text, text.dropFirst() + " ") {
            if character == "{" {
                digits = next == "{" ? nil : ""
            } else if character == "}" {
                if let number = digits.flatMap({ Int($0) }) { used.insert(number) }
                digits = nil
            } else if digits != nil {
                digits?.append(character)
            }
        }
        for index in used.sorted() where index >= count {
            _ = fault("format string '\(text)' has the placeholder {\(index)}, but only \(count) arguments follow it", at: expression)
        }
        for index in 0..<max(0, min(count, 100)) where !used.contains(index) {
            _ = fault("format string '\(text)' has no placeholder {\(index)} for its argument \(index + 1)", at: expression)
        }
    }

    private func list(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
}
