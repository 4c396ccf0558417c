import Basics
import HTTP

/// The reason in a refusal, in any of the shapes servers write it.
enum ErrorMessage {
    /// `{"error": {"message": …}}` (OpenAI, Anthropic), `{"error": "…"}` (LM Studio, Ollama), `{"message": …}` (vLLM), `{"detail": …}` (FastAPI).
    /// Empty when the server gives none.
    static func read(_ response: ClientResponse) -> String {
        if response.body.isEmpty { return "" }
        guard let body = try? JSONValue(parsing: response.body) else { return describe(notJSON: response) }
        let error = body["error"]
        let texts = [
            error?["message"]?.string, error?.string, body["message"]?.string, body["detail"]?.string,
            body["detail"]?.text,
        ]
        guard let message = texts.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { return "" }
        let facts = [error?["param"]?.string, error?["code"]?.string].compactMap { $0 }.filter { !message.contains($0) }
        return facts.isEmpty ? message : "\(message) [\(facts.joined(separator: ", "))]"
    }

    /// What came instead of JSON: usually a page of a proxy, or the wrong address.
    static func describe(notJSON response: ClientResponse) -> String {
        if response.body.isEmpty { return "an empty body" }
        let start = String(decoding: response.body.prefix(300), as: UTF8.self)
        let isPage = start.lowercased().contains("<html") || start.lowercased().contains("<!doctype")
        return isPage ? "an HTML page instead of JSON: is the address the API's?" : "no JSON, beginning \"\(start.prefix(60))\""
    }

    /// Money has run out: waiting does not help.
    static func isAboutQuota(_ message: String) -> Bool {
        let text = message.lowercased()
        return text.contains("insufficient_quota") || text.contains("exceeded your current quota") || text.contains("billing")
    }
}

/// How long a server asks us to wait.
enum RetryAfter {
    /// `retry-after-ms`, `retry-after` in seconds or as a date. Source: RFC 9110 §10.2.3
    static func read(_ headers: HTTPHeaders, at now: Timestamp) -> Duration? {
        if let text = headers["retry-after-ms"], let wait = Double(text), wait >= 0, wait < 1e9 { return .milliseconds(Int64(wait)) }
        guard let text = headers["retry-after"] else { return nil }
        if let wait = Double(text) { return wait >= 0 && wait < 1e6 ? .milliseconds(Int64(wait * 1000)) : nil }
        guard let date = date(text) else { return nil }
        return .seconds(max(0, min(date.seconds - now.seconds, 1_000_000)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form servers may write. Source: RFC 9110 §5.6.7
    private static func date(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, let month = months.firstIndex(of: String(words[2])), words[5] == "GMT" else { return nil }
        return Timestamp(iso8601: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }
}
