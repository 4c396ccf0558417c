/// Recursive descent over tokens; nesting beyond 64 levels is a fault, so that no text can exhaust the stack.
struct ExpressionParser {
    private let tokens: [LocatedToken]
    private var position = 0
    private var depth = 0

    private init(_ tokens: [LocatedToken]) { self.tokens = tokens }

    /// The expression between `${{` and `}}`; `text` begins behind `${{`.
    static func parse(_ tokens: [LocatedToken]) throws(ExpressionFault) -> Expression {
        var parser = ExpressionParser(tokens)
        if parser.current.token == .end { throw ExpressionFault(offset: parser.current.offset, message: "the expression is empty") }
        let expression = try parser.logical("||")
        guard parser.current.token == .end else {
            throw parser.unexpected("an operator or the end of the expression")
        }
        return expression
    }

    private var current: LocatedToken {
        tokens.indices.contains(position) ? tokens[position] : LocatedToken(token: .end, offset: tokens.last?.offset ?? 0)
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard current.token == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private func unexpected(_ wanted: String) -> ExpressionFault {
        let found =
            switch current.token {
            case .identifier(let name): "'\(name)'"
            case .string(let text): "string '\(text)'"
            case .number(let text): "number \(text)"
            case .symbol(let text): "'\(text)'"
            case .end: "the end of the expression"
            }
        return ExpressionFault(offset: current.offset, message: "unexpected \(found) where \(wanted) is expected")
    }

    private mutating func logical(_ symbol: String) throws(ExpressionFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else {
            throw ExpressionFault(offset: current.offset, message: "the expression is nested more than 64 levels deep")
        }
        var left = symbol == "||" ? try logical("&&") : try comparison()
        while take(symbol) {
            let right = symbol == "||" ? try logical("&&") : try comparison()
            left = Expression(form: .logical(symbol, left, right), offset: left.offset)
        }
        return left
    }

    private mutating func comparison() throws(ExpressionFault) -> Expression {
        var left = try prefix()
        while case .symbol(let symbol) = current.token, ["==", "!=", "<", "<=", ">", ">="].contains(symbol) {
            position += 1
            let right = try prefix()
            left = Expression(form: .comparison(symbol, left, right), offset: left.offset)
        }
        return left
    }

    private mutating func prefix() throws(ExpressionFault) -> Expression {
        let offset = current.offset
        guard take("!") else { return try postfix() }
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else { throw ExpressionFault(offset: offset, message: "the expression is nested more than 64 levels deep") }
        return Expression(form: .not(try prefix()), offset: offset)
    }

    private mutating func postfix() throws(ExpressionFault) -> Expression {
        var base = try primary()
        var steps = 0
        while true {
            steps += 1
            guard steps < 64 else { throw ExpressionFault(offset: current.offset, message: "more than 64 property steps") }
            if take(".") {
                if take("*") {
                    base = Expression(form: .star(base), offset: base.offset)
                } else if case .identifier(let name) = current.token {
                    position += 1
                    base = Expression(form: .property(base, name), offset: base.offset)
                } else {
                    throw unexpected("a property name or '*'")
                }
            } else if take("[") {
                if take("*") {
                    base = Expression(form: .star(base), offset: base.offset)
                } else {
                    base = Expression(form: .index(base, try logical("||")), offset: base.offset)
                }
                guard take("]") else { throw unexpected("']'") }
            } else {
                return base
            }
        }
    }

    private mutating func primary() throws(ExpressionFault) -> Expression {
        let token = current
        switch token.token {
        case .string(let text):
            position += 1
            return Expression(form: .string(text), offset: token.offset)
        case .number(let text):
            position += 1
            return Expression(form: .number(Double(text) ?? 0), offset: token.offset)
        case .identifier(let name):
            position += 1
            return try named(name, at: token.offset)
        case .symbol("("):
            position += 1
            let inner = try logical("||")
            guard take(")") else { throw unexpected("')'") }
            return inner
        default: throw unexpected("a value, a context or a function")
        }
    }

    private mutating func named(_ name: String, at offset: Int) throws(ExpressionFault) -> Expression {
        if take("(") {
            var arguments: [Expression] = []
            while !take(")") {
                if !arguments.isEmpty, !take(",") { throw unexpected("',' or ')'") }
                arguments.append(try logical("||"))
            }
            return Expression(form: .call(name, arguments), offset: offset)
        }
        switch name {
        case "true": return Expression(form: .bool(true), offset: offset)
        case "false": return Expression(form: .bool(false), offset: offset)
        case "null": return Expression(form: .null, offset: offset)
        case "NaN", "Infinity": return Expression(form: .number(.nan), offset: offset)
        default: return Expression(form: .variable(name), offset: offset)
        }
    }
}
