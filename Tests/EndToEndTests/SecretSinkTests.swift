import Basics
import Forge
import FoundationEssentials
import Glibc
import HTTP
import SandboxForge
import Synchronization
import TestSupport
import Testing

/// Secrets in failing logs, and every place a text goes to from there.
@Suite(.serialized) struct SecretSinkTests {
    @Test(arguments: [ForgeKind.github, .gitea])
    func `no secret of a log reaches a prompt, an issue, Slack, a webhook, the rows or our own log`(
        kind: ForgeKind
    ) async throws {
        let random = SeededRandom(seed: 4711)
        let outside = OutsideWorld()
        let written = Mutex("")
        let stage = try FailureStage(
            kind,
            settings: [
                "FETTLE_LLM_URL": "http://model/v1", "FETTLE_LLM_MODEL": "scripted", "FETTLE_SLACK_TOKEN": "xoxb-of-the-test",
                "FETTLE_SLACK_CHANNEL": "C1", "FETTLE_SLACK_URL": "http://slack/api", "FETTLE_NOTIFY_URL": "http://hook/in",
                "FETTLE_NOTIFY_SECRET": "a secret of thirty-two characters or more",
            ], outside: outside, logger: Logger(minimum: .debug) { entry in written.withLock { $0 += "\(entry)\n" } })
        var planted: [String] = []
        try await stage.perform { router in
            // 40 lines of evidence are quoted of a log, and a quoted passage may begin or end inside a broken secret.
            let writings = PlantedSecret.Writing.allCases
            let texts = PlantedSecret.kinds.enumerated().flatMap { index, secret in
                (0..<LongRun.count(1, long: 11)).map { turn in
                    PlantedSecret.write(secret.make(random), writings[(index + turn) % writings.count])
                }
            }
            for start in stride(from: 0, to: texts.count, by: 35) {
                let secrets = texts[start..<min(start + 35, texts.count)]
                let lines = secrets.enumerated().map { "src/f\(start + $0.offset).c:3:5: error: bad value \($0.element)" }
                let log = (["##[group]Run make", "make", "##[endgroup]"] + lines + ["##[error]Process completed with exit code 2.", ""])
                try await stage.tell(try stage.run([("build", log.joined(separator: "\n"))]), router)
            }
            outside.plant(texts)
        }
        planted = outside.planted
        #expect(planted.count >= 50)
        let issues = stage.forge.issues(in: stage.name)
        #expect(issues.count >= 2)
        let sinks: [(String, String)] = [
            ("issue", issues.map { "\($0.title)\n\($0.body)" }.joined(separator: "\n")),
            ("forge", stage.client.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }.joined(separator: "\n")),
            ("prompt", outside.bodies("model")), ("Slack", outside.bodies("slack")), ("webhook", outside.bodies("hook")),
            ("log", written.withLock { $0 }), ("rows", try Self.rows(stage.folder.path)),
        ]
        for (sink, text) in sinks {
            #expect(sink == "log" || text.utf8.count > 100, "\(sink) was written to")
            let bytes = Array(text.utf8)
            let found = planted.compactMap { PlantedSecret.sample(of: $0) }.filter { Self.contains($0, bytes) }
            #expect(found.isEmpty, "\(sink): \(found.prefix(3).map { String(decoding: $0, as: UTF8.self) })")
        }
    }

    /// Over megabytes, for hundreds of secrets: the C library's search.
    private static func contains(_ piece: [UInt8], _ bytes: [UInt8]) -> Bool { memmem(bytes, bytes.count, piece, piece.count) != nil }

    /// The database's files, as bytes.
    private static func rows(_ folder: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("fettle.sqlite") }
        return names.compactMap { FileManager.default.contents(atPath: folder + "/" + $0) }.map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: "\n")
    }
}

/// A model, Slack and a receiver of notices; keeps what they were sent.
private final class OutsideWorld: HTTPClient {
    private let sent = Mutex<[ClientRequest]>([])
    private let secrets = Mutex<[String]>([])
    private let model = InProcessHTTPClient(
        ScriptedModelServer { question in
            if question.earlier % 2 == 0 { return .toolCall(name: "log_page", arguments: ["first": 1]) }
            return .json([
                "summary": "It broke.", "root_cause": "A value is bad.", "class": "compile",
                "evidence": [["source": "CI / build", "quote": "##[error]Process completed with exit code 2."]], "fix": nil,
                "confidence": 0.5,
            ])
        })

    var planted: [String] { secrets.withLock { $0 } }

    func plant(_ texts: [String]) { secrets.withLock { $0 += texts } }

    func bodies(_ host: String) -> String {
        let requests = sent.withLock { $0 }.filter { $0.url.hasPrefix("http://\(host)/") }
        return requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }.joined(separator: "\n")
    }

    func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        sent.withLock { $0.append(request) }
        if request.url.hasPrefix("http://model/") { return try await model.send(request) }
        if request.url.hasPrefix("http://slack/") { return .json(200, ["ok": true, "ts": "171.5"]) }
        return .json(200, [:])
    }
}
