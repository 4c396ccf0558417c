/// Built-in functions. Source: docs.github.com/actions/reference/evaluate-expressions (functions), status check functions.
struct ExpressionFunction: Sendable {
    var name: String
    var parameters: [ExpressionType]
    /// Type of any further arguments.
    var rest: ExpressionType?
    var result: ExpressionType

    var signature: String {
        let fixed = parameters.map(\.name) + (rest.map { [$0.name + "..."] } ?? [])
        return "\(name)(\(fixed.joined(separator: ", "))) -> \(result.name)"
    }

    static let all: [String: [ExpressionFunction]] = Dictionary(grouping: table) { $0.name.lowercased() }

    static let names = Set(table.map(\.name)).sorted()

    private static let table: [ExpressionFunction] = [
        .init(name: "contains", parameters: [.string, .string], result: .bool),
        .init(name: "contains", parameters: [.list(.any), .any], result: .bool),
        .init(name: "startsWith", parameters: [.string, .string], result: .bool),
        .init(name: "endsWith", parameters: [.string, .string], result: .bool),
        .init(name: "format", parameters: [.string], rest: .any, result: .string),
        .init(name: "join", parameters: [.list(.any), .string], result: .string),
        .init(name: "join", parameters: [.string, .string], result: .string),
        .init(name: "join", parameters: [.list(.any)], result: .string),
        .init(name: "join", parameters: [.string], result: .string),
        .init(name: "toJSON", parameters: [.any], result: .string),
        .init(name: "fromJSON", parameters: [.string], result: .any),
        .init(name: "hashFiles", parameters: [.string], rest: .string, result: .string),
        .init(name: "case", parameters: [.bool, .any, .any], rest: .any, result: .any),
        .init(name: "success", parameters: [], result: .bool),
        .init(name: "always", parameters: [], result: .bool),
        .init(name: "cancelled", parameters: [], result: .bool),
        .init(name: "failure", parameters: [], result: .bool),
    ]
}
