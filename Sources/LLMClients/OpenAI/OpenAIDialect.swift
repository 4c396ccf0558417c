/// What one server was found to take. Starts with the most capable form and only ever steps down.
struct OpenAIDialect: Sendable, Hashable {
    enum AnswerFormat: Sendable, Hashable {
        case schema
        case object
        case text
    }

    var format = AnswerFormat.schema
    /// `max_completion_tokens`, which OpenAI's newer models insist on, instead of `max_tokens`, which all others know.
    var usesCompletionTokens = false

    /// The next form to try after a refusal that speaks of the present one.
    ///
    /// Messages seen: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead." (OpenAI);
    /// "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model" (OpenAI); "'response_format.type' must
    /// be 'json_schema'" (LM Studio); "This response_format type is unavailable now" (DeepSeek); "body -> response_format extra fields not
    /// permitted" (FastAPI servers).
    func adapted(to message: String) -> OpenAIDialect? {
        let text = message.lowercased()
        var next = self
        if text.contains("max_tokens"), text.contains("max_completion_tokens"), !usesCompletionTokens {
            next.usesCompletionTokens = true
            return next
        }
        // A refusal without a word is most likely about what is least common.
        let speaksOfFormat =
            text.isEmpty
            || ["response_format", "json_schema", "json_object", "structured output", "grammar"].contains { text.contains($0) }
        guard speaksOfFormat, format != .text else { return nil }
        // A server that knows nothing but schemas cannot be offered the step between.
        next.format = format == .schema && !text.contains("must be 'json_schema'") ? .object : .text
        return next
    }
}
