import Basics

/// The documents made from the table of settings; a test keeps the copies in the repository equal to them.
enum ConfigurationSchema {
    /// JSON Schema of `fettle.yml`, for editors: `docs/fettle.schema.json`.
    static var jsonSchema: JSONValue {
        var groups: [String: [String: JSONValue]] = [:]
        for key in ConfigurationKey.all {
            let parts = key.path.split(separator: ".").map(String.init)
            let group = parts.count == 2 ? parts[0] : ""
            groups[group, default: [:]][parts[parts.count - 1]] = schema(of: key)
        }
        var properties = groups[""] ?? [:]
        for (group, members) in groups where !group.isEmpty { properties[group] = object(members) }
        guard case .object(var document) = object(properties) else { return .null }
        document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        document["title"] = "fettle.yml"
        return .object(document)
    }

    /// The configuration table of README.md.
    static var markdownTable: String {
        let rows = ConfigurationKey.all.map { key in
            let fileForm = key.fileVariable == nil ? "" : ", `…_FILE`"
            let aliases = key.aliases.map { ", `\($0)`" }.joined()
            let meaning = key.meaning.replacingPipes
            return "| `\(key.variable)`\(fileForm)\(aliases) | `\(key.path)` | \(meaning) | \(key.defaultText.map { "`\($0)`" } ?? "") |"
        }
        return (["| environment | `fettle.yml` | meaning | default |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func object(_ members: [String: JSONValue]) -> JSONValue {
        ["type": "object", "additionalProperties": false, "properties": .object(members)]
    }

    private static func schema(of key: ConfigurationKey) -> JSONValue {
        var schema: [String: JSONValue] = ["description": .string(key.meaning), "examples": [.string(key.example)]]
        if let text = key.defaultText { schema["default"] = .string(text) }
        switch key.kind {
        case .text, .secret, .path, .secrets: schema["type"] = ["string", "integer"]
        case .url:
            schema["type"] = "string"
            schema["pattern"] = "^https?://"
        case .flag:
            schema["type"] = "boolean"
            schema["default"] = .bool(key.defaultText == "true")
            schema["examples"] = [.bool(key.example == "true")]
        case .integer(let range):
            schema["type"] = "integer"
            schema["minimum"] = .integer(Int64(range.lowerBound))
            schema["maximum"] = .integer(Int64(range.upperBound))
            schema["default"] = key.defaultText.flatMap { Int64($0) }.map { .integer($0) } ?? .null
            schema["examples"] = [Int64(key.example).map { .integer($0) } ?? .null]
        case .choice(let choices):
            schema["enum"] = .array(choices.map { .string($0) })
        }
        return .object(schema)
    }
}

extension String {
    /// A pipe would end the table's cell.
    fileprivate var replacingPipes: String { split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
}
