import Basics
import Forge
import HTTP

/// Reads how long a forge wants to be left alone.
///
/// Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, "Exceeding the rate limit"
enum RateLimit {
    /// `nil` when the answer is no rate limit. A 403 is one only when it says so.
    static func wait(after response: ClientResponse, now: Timestamp) -> Duration? {
        guard response.status == 403 || response.status == 429 else { return nil }
        if let seconds = response.headers["Retry-After"].flatMap({ Int64($0) }) { return .seconds(min(max(seconds, 1), 86_400)) }
        if response.headers["X-RateLimit-Remaining"] == "0", let reset = response.headers["X-RateLimit-Reset"].flatMap({ Int64($0) }) {
            // A second more, because the reset is given in whole seconds.
            return min(max(Timestamp(seconds: reset) - now, .zero), .seconds(86_400)) + .seconds(1)
        }
        if response.status == 429 || mentionsSecondaryLimit(response.body) { return .seconds(60) }
        return nil
    }

    private static func mentionsSecondaryLimit(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body.prefix(4096), as: UTF8.self).lowercased()
        return ["secondary rate limit", "abuse detection"].contains { phrase in
            text.utf8.count >= phrase.utf8.count && text.contains(phrase)
        }
    }
}
