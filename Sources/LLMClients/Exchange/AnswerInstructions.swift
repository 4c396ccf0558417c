import Basics
import LLM

/// The system text, with the answer's schema in words where the server cannot be given it otherwise.
enum AnswerInstructions {
    /// The name of the schema is always in the text: that is how a server without schemas, and a reader of a trace, knows the kind of answer.
    static func system(_ request: ModelRequest, inFull: Bool) -> String {
        guard let answer = request.answer else { return request.system }
        let name = request.system.contains(answer.name) ? "" : "\n\nThe answer is a `\(answer.name)` object."
        guard inFull else { return request.system + name }
        return request.system + name
            + "\n\nAnswer with one JSON object and nothing else: no explanation, no code fence. It fits this JSON Schema:\n"
            + answer.schema.text
    }
}
