import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import TestSupport
import Testing

struct GiteaDialectTests {
    private let dialect = GiteaWebhookDialect()
    private let body = Array(#"{"secret":""}"#.utf8)
    private var right: String { Hex.encode(HMACSHA256.authenticate(body, key: "s")) }

    private func verdict(_ fields: (String, String)...) -> SignatureVerdict {
        dialect.verify(headers: HTTPHeaders(fields.map { .init(name: $0, value: $1) }), body: body, secrets: [Secret("s")])
    }

    @Test func `bare hex under Gitea's or Forgejo's name verifies`() {
        #expect(verdict(("X-Gitea-Signature", right)) == .valid)
        #expect(verdict(("X-Forgejo-Signature", right)) == .valid)
        #expect(verdict(("X-Gitea-Signature", right), ("X-Forgejo-Signature", right)) == .valid)
    }

    @Test func `empty headers, as sent without a secret, are no signature`() {
        #expect(verdict(("X-Gitea-Signature", "")) == .invalid(reason: .missing))
        #expect(verdict() == .invalid(reason: .missing))
    }

    @Test func `GitHub's header does not count here`() {
        #expect(verdict(("X-Hub-Signature-256", "sha256=" + right)) == .invalid(reason: .missing))
    }

    @Test func `two different or doubled signatures are refused`() {
        let wrong = String(repeating: "0", count: 64)
        #expect(verdict(("X-Gitea-Signature", right), ("X-Forgejo-Signature", wrong)) == .invalid(reason: .repeated))
        #expect(verdict(("X-Gitea-Signature", right), ("X-Gitea-Signature", right)) == .invalid(reason: .repeated))
    }

    @Test func `any other form or value is refused`() {
        for form in ["sha256=" + right, right.uppercased(), String(right.dropLast()), right + "0", "ü" + right.dropFirst(2)] {
            #expect(verdict(("X-Gitea-Signature", form)) == .invalid(reason: .badForm), "\(form)")
        }
        #expect(verdict(("X-Gitea-Signature", String(repeating: "0", count: 64))) == .invalid(reason: .mismatch))
    }

    @Test func `an edit counts when the base changed or the draft mark went`() throws {
        let decode = { (changes: JSONValue, title: JSONValue) in
            try dialect.decode(
                event: "pull_request",
                body: JSONValue.object([
                    "action": "edited", "number": 2, "changes": changes, "repository": ["full_name": "o/r"], "sender": ["login": "m"],
                    "pull_request": ["number": 2, "title": title, "head": ["sha": .string(GitHubDecodingTests.sha)]],
                ]).serialized())
        }
        let actions: [(JSONValue, JSONValue, PullRequestEvent.Action?)] = [
            (["ref": ["from": "main"]], "t", .retargeted), (["title": ["from": "WIP: t"]], "t", .readyForReview),
            (["title": ["from": "[wip] t"]], "t", .readyForReview), (["title": ["from": "WIP: t"]], "WIP: u", nil),
            (["body": ["from": "x"]], "t", nil),
        ]
        for (changes, title, expected) in actions {
            let event = try decode(changes, title)
            if case .pullRequest(let event) = event { #expect(event.action == expected) } else { #expect(expected == nil) }
        }
    }
}

/// Requests recorded from a real server. Skipped where the data is absent.
struct GiteaRecordingTests {
    struct Recording {
        let name: String
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    private static let folder = "data/webhooks/gitea"
    private static let recordings: [Recording] = SharedData.names(in: folder).compactMap { name in
        guard name.hasSuffix(".http"), let bytes = SharedData.bytes("\(folder)/\(name)") else { return nil }
        let parts = bytes.firstRange(of: Array("\r\n\r\n".utf8)) ?? bytes.firstRange(of: Array("\n\n".utf8))
        guard let gap = parts else { return nil }
        let lines = bytes[..<gap.lowerBound].split(separator: 10).dropFirst().map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
        let fields = lines.compactMap { line -> HTTPHeaders.Field? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return .init(name: String(line[..<colon]), value: String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        return Recording(name: name, headers: HTTPHeaders(fields), body: Array(bytes[gap.upperBound...]))
    }
    private let dialect = GiteaWebhookDialect()

    @Test(.enabled(if: SharedData.root != nil)) func `every recorded request verifies, and not with one bit changed`() {
        #expect(Self.recordings.count == 18)
        for recording in Self.recordings {
            let secrets = [Secret("other"), Secret("peer-secret")]
            #expect(dialect.verify(headers: recording.headers, body: recording.body, secrets: secrets) == .valid, "\(recording.name)")
            var changed = recording.body
            changed[changed.count / 2] ^= 1
            #expect(dialect.verify(headers: recording.headers, body: changed, secrets: secrets) == .invalid(reason: .mismatch))
        }
    }

    @Test(.enabled(if: SharedData.root != nil)) func `recorded events decode to what happened`() throws {
        var seen: [String] = []
        for recording in Self.recordings {
            let envelope = dialect.envelope(headers: recording.headers)
            #expect(envelope.deliveryID?.utf8.count == 36)
            switch try dialect.decode(event: try #require(envelope.event), body: recording.body) {
            case .pullRequest(let event):
                #expect(event.pullRequest.number > 0)
                seen.append("\(event.action)")
            case .comment(let event):
                #expect((event.commentID == nil) == (event.action == .reviewed))
                seen.append("\(event.action) \(event.isPullRequest)")
            case .unhandled(let event, _): seen.append(event)
            case let other: Issue.record("\(recording.name): \(other)")
            }
        }
        #expect(
            seen == [
                "push", "create", "push", "push", "opened", "push", "pushed", "created true", "edited true", "created true",
                "reviewed true",
                "reviewed true", "reviewed true", "issues", "issues", "issues", "closed(merged: true)", "push",
            ])
    }

    @Test(.enabled(if: SharedData.root != nil)) func `no mutation of a recorded request traps`() throws {
        let random = SeededRandom(seed: 21)
        for recording in Self.recordings {
            guard let event = dialect.envelope(headers: recording.headers).event, event != "push" else { continue }
            let document = try JSONValue(parsing: recording.body)
            let paths = PayloadMutation.paths(in: document)
            for path in GitHubPayloadTests.runsInFull ? paths : (0..<8).map({ _ in paths[random.below(paths.count)] }) {
                for replacement in PayloadMutation.replacements {
                    let body = PayloadMutation.apply(replacement, at: path[...], in: document).serialized()
                    _ = try? dialect.decode(event: event, body: body)
                }
            }
        }
    }
}
