/// What is known of a value before the workflow runs.
indirect enum ExpressionType: Sendable, Equatable {
    case any
    case null
    case bool
    case number
    case string
    case object(ObjectType)
    /// `isFilter`: made by `.*`, so property steps apply to each element.
    case array(ExpressionType, isFilter: Bool)

    struct ObjectType: Sendable, Equatable {
        /// Keys in lower case: GitHub compares them so.
        var properties: [String: ExpressionType]
        /// Type of every other property; `nil` when there is none.
        var others: ExpressionType?
    }

    static func strict(_ properties: [String: ExpressionType]) -> ExpressionType {
        .object(
            ObjectType(
                properties: Dictionary(properties.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { a, _ in a }), others: nil))
    }

    static func loose(_ properties: [String: ExpressionType] = [:]) -> ExpressionType {
        .object(
            ObjectType(
                properties: Dictionary(properties.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { a, _ in a }), others: .any))
    }

    static func map(_ value: ExpressionType) -> ExpressionType { .object(ObjectType(properties: [:], others: value)) }

    static func list(_ element: ExpressionType) -> ExpressionType { .array(element, isFilter: false) }

    var isCollectionOrNull: Bool {
        switch self {
        case .null, .object, .array: true
        default: false
        }
    }

    /// As people read it: `{os: string; arch: any}`.
    var name: String {
        switch self {
        case .any: "any"
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array(let element, _): "array<\(element.name)>"
        case .object(let object):
            if object.properties.isEmpty, let others = object.others {
                others == .any ? "object" : "{string => \(others.name)}"
            } else {
                "{" + object.properties.sorted { $0.key < $1.key }.prefix(30).map { "\($0.key): \($0.value.name)" }.joined(separator: "; ")
                    + "}"
            }
        }
    }

    /// The narrowest type that both fit.
    func merged(with other: ExpressionType) -> ExpressionType {
        if self == other { return self }
        switch (self, other) {
        case (.object(let a), .object(let b)):
            var properties = a.properties
            for (key, type) in b.properties { properties[key] = properties[key].map { $0.merged(with: type) } ?? type }
            let others: ExpressionType? =
                switch (a.others, b.others) {
                case (nil, nil): nil
                case (let one?, nil), (nil, let one?): one
                case (let one?, let two?): one.merged(with: two)
                }
            return .object(ObjectType(properties: properties, others: others))
        case (.array(let a, let isFilter), .array(let b, _)): return .array(a.merged(with: b), isFilter: isFilter)
        case (.string, .number), (.number, .string), (.string, .bool), (.bool, .string): return .string
        default: return .any
        }
    }

    /// A value of `other` may stand where this type is wanted.
    func accepts(_ other: ExpressionType) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .any): return true
        case (.string, .string), (.string, .number), (.number, .number), (.null, .null), (.bool, _): return true
        case (.array(let wanted, _), .array(let given, _)): return wanted.accepts(given)
        case (.object(let wanted), .object(let given)):
            return wanted.properties.allSatisfy { key, type in
                guard let found = given.properties[key] ?? given.others else { return wanted.others != nil }
                return type.accepts(found)
            }
        default: return false
        }
    }
}
