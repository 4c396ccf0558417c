import Basics
import Forge

/// A notice as Block Kit, within its limits: 150 characters of a header, ten fields of 2,000, 3,000 of a section.
///
/// Source: docs.slack.dev/reference/block-kit/blocks
struct SlackMessage {
    private static let longestHeader = 150
    private static let longestField = 2000
    private static let mostFields = 10
    private static let longestText = 3000

    private let notice: Notice

    init(_ notice: Notice) {
        self.notice = notice
    }

    func json(channel: String, thread: String?) -> JSONValue {
        var message: [String: JSONValue] = [
            "channel": .string(channel), "text": .string(Self.cut("\(headline) \(notice.title.text)", Self.longestText)),
            "blocks": .array(blocks), "unfurl_links": false, "unfurl_media": false, "mrkdwn": false,
        ]
        if let thread { message["thread_ts"] = .string(thread) }
        return .object(message)
    }

    /// Everything from outside is `plain_text`, in which nothing acts: no mention, no link, no formatting.
    private var blocks: [JSONValue] {
        var blocks: [JSONValue] = [
            ["type": "header", "text": Self.plain(headline, Self.longestHeader)],
            ["type": "section", "text": Self.plain(notice.title.text, Self.longestText)],
        ]
        let fields = notice.facts.prefix(Self.mostFields).map { Self.plain("\($0.name): \($0.text.text)", Self.longestField) }
        if !fields.isEmpty { blocks.append(["type": "section", "fields": .array(Array(fields))]) }
        if let link = notice.link {
            let text: JSONValue = ["type": "mrkdwn", "text": .string(Self.cut("<\(link.text)>", Self.longestText))]
            blocks.append(["type": "context", "elements": [text]])
        }
        return blocks
    }

    private var headline: String {
        switch notice.state {
        case .opened: "CI broke"
        case .reopened: "CI broke again"
        case .closed: "CI is fixed"
        }
    }

    private static func plain(_ text: String, _ limit: Int) -> JSONValue {
        ["type": "plain_text", "text": .string(cut(text.isEmpty ? "-" : text, limit)), "emoji": false]
    }

    /// Limits count characters; UTF-16 units are never fewer.
    private static func cut(_ text: String, _ limit: Int) -> String {
        guard text.utf16.count > limit else { return text }
        var cut = ""
        var room = limit - 1
        for character in text {
            room -= character.utf16.count
            if room < 0 { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
