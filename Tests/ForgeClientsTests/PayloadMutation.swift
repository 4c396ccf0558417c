import Basics
import TestSupport

/// One member of a document replaced or removed.
struct PayloadMutation {
    enum Step {
        case key(String)
        case index(Int)
    }

    static let replacements: [JSONValue?] = [nil, .null, 0, -1, 1.5e300, "", "x", [], [[]], [:], true]

    /// Every place in a document.
    static func paths(in value: JSONValue) -> [[Step]] {
        switch value {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { key, member in [[.key(key)]] + paths(in: member).map { [.key(key)] + $0 } }
        case .array(let elements):
            elements.indices.flatMap { index in [[.index(index)]] + paths(in: elements[index]).map { [.index(index)] + $0 } }
        default: []
        }
    }

    static func apply(_ replacement: JSONValue?, at path: ArraySlice<Step>, in value: JSONValue) -> JSONValue {
        guard let step = path.first else { return replacement ?? .null }
        let rest = path.dropFirst()
        switch (step, value) {
        case (.key(let key), .object(var members)):
            members[key] = rest.isEmpty ? replacement : members[key].map { apply(replacement, at: rest, in: $0) }
            return .object(members)
        case (.index(let index), .array(var elements)):
            if rest.isEmpty, replacement == nil {
                elements.remove(at: index)
            } else {
                elements[index] = apply(replacement, at: rest, in: elements[index])
            }
            return .array(elements)
        default: return value
        }
    }
}
