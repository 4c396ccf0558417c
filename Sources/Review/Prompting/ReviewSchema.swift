package import Basics

/// The JSON Schema of `fettle_review`, in the subset that strict servers take: every property required, nothing additional.
package enum ReviewSchema {
    package static let schema: JSONValue = object(["summary": string, "findings": ["type": "array", "items": finding]])

    private static let string: JSONValue = ["type": "string"]
    private static let finding: JSONValue = object([
        "path": string, "quote": string, "side": choice(["new", "old"]), "line": ["type": "integer"],
        "severity": choice(Severity.allCases.map(\.rawValue)), "category": choice(Category.allCases.map(\.rawValue)), "title": string,
        "body": string, "suggestion": ["type": ["string", "null"]], "confidence": ["type": "number"],
    ])

    private static func choice(_ words: [String]) -> JSONValue {
        .object(["type": "string", "enum": .array(words.map(JSONValue.string))])
    }

    private static func object(_ properties: [String: JSONValue]) -> JSONValue {
        .object([
            "type": "object", "properties": .object(properties), "required": .array(properties.keys.sorted().map(JSONValue.string)),
            "additionalProperties": false,
        ])
    }
}
