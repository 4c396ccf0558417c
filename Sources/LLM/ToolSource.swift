package import Basics

/// Tools a model may ask for. Read-only: a tool answers a question and changes nothing.
///
/// Contract: `call` is only made with a name from `tools` and arguments that fit its parameters; the result is text from outside, and
/// its sink redacts it. A source never sees the model's credential, and a tool that would write is refused where sources are wired.
package protocol ToolSource: Sendable {
    var tools: [ToolDefinition] { get }

    /// The answer, at most `limit` bytes; longer ones are cut by the source with a note.
    func call(_ name: String, arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText
}

package enum ToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Well-formed, but there is no such thing: said to the model, which may ask differently.
    case notFound(String)
    case badArguments(String)
    case unavailable(String)

    package var description: String {
        switch self {
        case .notFound(let what): "not found: \(what)"
        case .badArguments(let reason): "wrong arguments: \(reason)"
        case .unavailable(let reason): "not available: \(reason)"
        }
    }
}
