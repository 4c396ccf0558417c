import Basics
import Text

extension YAMLNode {
    /// The node as JSON by the core schema; keys become text, later ones win.
    var json: JSONValue {
        switch content {
        case .sequence(let nodes): return .array(nodes.map(\.json))
        case .mapping: return .object(Dictionary(mergedPairs.map { ($0.key.text ?? "", $0.value.json) }) { $1 })
        case .scalar:
            switch value {
            case .null?, nil: return .null
            case .bool(let flag)?: return .bool(flag)
            case .int(let number)?: return .integer(number)
            case .float(let number)?: return .number(number)
            case .string(let text)?: return .string(text)
            }
        }
    }
}
