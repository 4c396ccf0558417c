package import Basics
package import HTTP

/// Slack through `chat.postMessage`: a bot's token and a channel, because only this way answers the message's time stamp, which names
/// its thread.
///
/// Source: docs.slack.dev/reference/methods/chat.postMessage
package struct SlackSink: NoticeSink {
    package let name = "slack"
    package let knowsRepeats = false
    private let url: String
    private let token: Secret
    private let channel: String
    private let http: any HTTPClient

    /// - Parameters:
    ///   - url: base of the Web API, `https://slack.com/api`.
    ///   - channel: its id or `#name`; the bot is a member.
    package init(url: String, token: Secret, channel: String, http: any HTTPClient) {
        self.url = url
        self.token = token
        self.channel = channel
        self.http = http
    }

    package func send(_ notice: Notice, thread: String?) async throws(NoticeError) -> String {
        let request = ClientRequest(
            .post, "\(url)/chat.postMessage",
            headers: [
                "Authorization": "Bearer \(token.reveal())", "Content-Type": "application/json; charset=utf-8", "User-Agent": "fettle",
            ],
            body: SlackMessage(notice).json(channel: channel, thread: thread).serialized(), deadline: .seconds(15),
            responseLimit: .kibibytes(256))
        let response: ClientResponse
        do throws(HTTPClientError) {
            response = try await http.send(request)
        } catch {
            throw error.mayHaveActed ? .ambiguous(sink: name, reason: "\(error)") : .unreachable(sink: name, reason: "\(error)")
        }
        return try id(in: response)
    }

    /// Slack answers 200 for refusals too, with `ok` false and a word.
    private func id(in response: ClientResponse) throws(NoticeError) -> String {
        if response.status == 429 {
            let seconds = response.headers["Retry-After"].flatMap { Int64($0) } ?? 30
            throw .limited(sink: name, retryAfter: .seconds(min(max(seconds, 1), 3600)))
        }
        guard response.status == 200, let answer = try? JSONValue(parsing: response.body) else {
            if response.status >= 500 { throw .ambiguous(sink: name, reason: "status \(response.status)") }
            throw .refused(sink: name, reason: "status \(response.status)")
        }
        guard answer["ok"]?.bool == true, let stamp = answer["ts"]?.string else {
            throw .refused(sink: name, reason: Self.advice(answer["error"]?.string ?? "no reason given"))
        }
        return stamp
    }

    private static func advice(_ word: String) -> String {
        switch word {
        case "invalid_auth", "not_authed", "account_inactive", "token_revoked": "\(word): check FETTLE_SLACK_TOKEN"
        case "channel_not_found", "is_archived": "\(word): check FETTLE_SLACK_CHANNEL"
        case "not_in_channel": "\(word): invite the bot into the channel"
        case "missing_scope": "\(word): the bot needs chat:write"
        default: String(word.prefix(80))
        }
    }
}
