package import Basics
package import LLM
package import Policy

/// A question a model may ask about a failure. It reads, and changes nothing; a new one is one file and a line where tools are put together.
package protocol InvestigationTool: Sendable {
    /// Name, what it tells, and the schema that arguments are checked against before `answer` sees them.
    var definition: ToolDefinition { get }

    /// At most about `limit` bytes. What it gives is text from outside; the sink redacts it once more.
    func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText
}

/// The one registry of the tools of an investigation: an allow-list by name.
package struct InvestigationTools: ToolSource {
    private let members: [any InvestigationTool]
    private let redactor: Redactor

    /// Of two tools with one name the first counts.
    package init(_ members: [any InvestigationTool], redactor: Redactor) {
        self.redactor = redactor
        var names: Set<String> = []
        self.members = members.filter { names.insert($0.definition.name).inserted }
    }

    package var tools: [ToolDefinition] { members.map(\.definition) }

    package func call(_ name: String, arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        guard let tool = members.first(where: { $0.definition.name == name }) else { throw .notFound("a tool of that name") }
        // Before the cut: a half of a credential is none that could be found.
        let answer = redactor.redact(try await tool.answer(arguments, limit: limit).raw).text
        guard answer.utf8.count > limit.bytes else { return UntrustedText(answer) }
        // Whole characters: a cut in the middle of one reads as a replacement character.
        return UntrustedText(String(decoding: answer.utf8.prefix(limit.bytes), as: UTF8.self) + "\n[cut here]")
    }
}

extension ToolDefinition {
    /// A tool whose arguments are these; all keys beside them are refused.
    static func reading(_ name: String, _ description: String, required: [String] = [], _ properties: [String: JSONValue]) -> ToolDefinition
    {
        ToolDefinition(
            name: name, description: description,
            parameters: [
                "type": "object", "additionalProperties": false, "required": .array(required.map { .string($0) }),
                "properties": .object(properties),
            ])
    }
}
