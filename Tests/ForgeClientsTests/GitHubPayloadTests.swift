import Basics
import Forge
import ForgeClients
import FoundationEssentials
import TestSupport
import Testing

/// Real deliveries, many of them older than today's schema. Skipped where the data is absent.
struct GitHubPayloadTests {
    /// By event and file.
    static let payloads: [(event: String, name: String, body: [UInt8])] =
        SharedData
        .unpacked("data/webhooks/github-payload-examples.tar.xz")
        .filter { $0.key.hasSuffix(".json") }
        .compactMap { path, body in
            let parts = path.split(separator: "/")
            return parts.count < 2 ? nil : (String(parts[parts.count - 2]), path, body)
        }
        .sorted { $0.name < $1.name }

    static let handled: Set<String> = [
        "ping", "pull_request", "installation", "installation_repositories", "check_run", "merge_group", "issue_comment", "workflow_run",
        "pull_request_review_comment", "pull_request_review_thread",
    ]
    static let runsInFull = ProcessInfo.processInfo.environment["FETTLE_FULL_MUTATION"] != nil

    @Test(.enabled(if: SharedData.root != nil)) func `every real payload decodes`() throws {
        #expect(Self.payloads.count == 273)
        for payload in Self.payloads {
            do {
                let event = try GitHubWebhookDialect().decode(event: payload.event, body: payload.body)
                if case .unhandled = event { continue }
                #expect(Self.handled.contains(payload.event), "\(payload.name)")
            } catch {
                Issue.record("\(payload.name): \(error)")
            }
        }
    }

    @Test(.enabled(if: SharedData.root != nil)) func `no real payload passes under another event's name`() throws {
        for payload in Self.payloads {
            for event in Self.handled where event != payload.event {
                let decoded = try? GitHubWebhookDialect().decode(event: event, body: payload.body)
                if let decoded, case .unhandled = decoded { continue }
                #expect(decoded == nil, "\(payload.name) as \(event)")
            }
        }
    }

    /// Ends with a value or an error for whatever stands anywhere; a trap would end the whole run.
    @Test(.enabled(if: SharedData.root != nil)) func `no mutation of a real payload traps`() throws {
        let random = SeededRandom(seed: 20)
        var tried = 0
        for payload in Self.payloads where Self.runsInFull || Self.handled.contains(payload.event) {
            let document = try JSONValue(parsing: payload.body)
            let paths = PayloadMutation.paths(in: document)
            let chosen = Self.runsInFull ? paths : (0..<6).map { _ in paths[random.below(paths.count)] }
            for path in chosen {
                for replacement in PayloadMutation.replacements {
                    let body = PayloadMutation.apply(replacement, at: path[...], in: document).serialized()
                    _ = try? GitHubWebhookDialect().decode(event: payload.event, body: body)
                    tried += 1
                }
            }
        }
        #expect(tried > 1000)
    }

    /// The same without the data, over one document that has every member some decoder reads.
    @Test func `no mutation of the members we read traps`() throws {
        let sha = JSONValue.string(GitHubDecodingTests.sha)
        let document: JSONValue = [
            "action": "closed", "number": 1, "zen": "z", "hook_id": 1,
            "repository": ["full_name": "o/r"], "sender": ["login": "m", "type": "User"],
            "installation": ["id": 1, "account": ["login": "o", "type": "User"]],
            "pull_request": ["number": 1, "merged": true, "head": ["sha": sha]], "changes": ["base": [:]],
            "check_run": ["name": "c", "head_sha": sha, "pull_requests": [["number": 1]]], "merge_group": ["head_sha": sha],
            "issue": ["number": 1, "pull_request": [:]], "thread": ["comments": [["id": 1]]],
            "comment": ["id": 1, "user": ["login": "m"], "body": "b", "path": "p", "in_reply_to_id": 2],
            "workflow_run": ["id": 1, "run_attempt": 1, "name": "n", "head_branch": "b", "head_sha": sha, "conclusion": "failure"],
        ]
        for path in PayloadMutation.paths(in: document) {
            for replacement in PayloadMutation.replacements {
                let body = PayloadMutation.apply(replacement, at: path[...], in: document).serialized()
                for event in Self.handled { _ = try? GitHubWebhookDialect().decode(event: event, body: body) }
            }
        }
    }
}
