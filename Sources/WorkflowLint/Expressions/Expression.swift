/// A parsed expression; offsets are scalars from the first one behind `${{`.
struct Expression: Sendable {
    indirect enum Form: Sendable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case variable(String)
        case property(Expression, String)
        case star(Expression)
        case index(Expression, Expression)
        case not(Expression)
        case comparison(String, Expression, Expression)
        case logical(String, Expression, Expression)
        case call(String, [Expression])
    }

    var form: Form
    var offset: Int
}

extension Expression {
    /// Calls `visit` on this and every part, outermost first.
    func walk(_ visit: (Expression) -> Void) {
        visit(self)
        for part in parts { part.walk(visit) }
    }

    var parts: [Expression] {
        switch form {
        case .null, .bool, .number, .string, .variable: []
        case .property(let base, _), .star(let base), .not(let base): [base]
        case .index(let a, let b), .comparison(_, let a, let b), .logical(_, let a, let b): [a, b]
        case .call(_, let arguments): arguments
        }
    }

    /// `github.event.*.body` as lower-case steps; `nil` for anything that is no plain path. A computed index is `*`.
    var path: [String]? {
        switch form {
        case .variable(let name): return [name.lowercased()]
        case .property(let base, let name): return base.path.map { $0 + [name.lowercased()] }
        case .star(let base): return base.path.map { $0 + ["*"] }
        case .index(let base, let index):
            guard let path = base.path else { return nil }
            if case .string(let name) = index.form { return path + [name.lowercased()] }
            return path + ["*"]
        default: return nil
        }
    }

    private static let pureFunctions: Set = ["contains", "startswith", "endswith", "format", "join", "tojson", "fromjson", "case"]

    /// Same value at every run: only literals and operators.
    var isConstant: Bool {
        switch form {
        case .null, .bool, .number, .string: true
        case .call(let name, let arguments): Self.pureFunctions.contains(name.lowercased()) && arguments.allSatisfy(\.isConstant)
        case .variable, .property, .star, .index: false
        case .not, .comparison, .logical: parts.allSatisfy(\.isConstant)
        }
    }
}
