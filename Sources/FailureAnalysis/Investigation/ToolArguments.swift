package import Basics
package import LLM

/// Checks what a model wrote as arguments against the tool's own schema: object, known keys, required keys, simple types, enums.
package enum ToolArguments {
    package static func parse(_ text: UntrustedText, for tool: ToolDefinition) throws(ToolError) -> JSONValue {
        let raw = text.raw.isEmpty ? "{}" : text.raw
        guard raw.utf8.count <= 16 * 1024 else { throw .badArguments("longer than 16 KiB") }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: raw.utf8)
        } catch {
            throw .badArguments("not JSON")
        }
        guard let members = value.object else { throw .badArguments("not an object") }
        let known = tool.parameters["properties"]?.object ?? [:]
        for name in tool.parameters["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            throw .badArguments("'\(name)' is missing")
        }
        for (name, member) in members {
            guard let schema = known[name] else { throw .badArguments("a key that the tool does not have") }
            guard fits(member, schema) else { throw .badArguments("'\(name)' has the wrong type or value") }
        }
        return value
    }

    private static func fits(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        if let choices = schema["enum"]?.array, !choices.contains(value) { return false }
        return switch schema["type"]?.string {
        case "string": value.string != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        case "boolean": value.bool != nil
        case "array": value.array != nil
        case "object": value.object != nil
        default: true
        }
    }
}
