import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import Jobs
import SandboxForge
import Storage
import TestSupport
import Testing
import Webhooks

/// Every value of a payload replaced by every other type, or taken away, validly signed: only the secret's holder can send these, and even
/// a forge's own mistake must not stop a server. From the door through the inbox and the decision to the job's request.
@Suite(.serialized) struct TypeConfusionTests {
    @Test(arguments: [ForgeKind.github, .gitea])
    func `our own sample payloads survive every confusion of types`(forge: ForgeKind) async throws {
        for (name, delivery) in Self.samples(of: forge) { try await confuse(delivery, named: name, forge: forge, every: 1) }
    }

    @Test func `recorded payloads of GitHub survive every confusion of types`() async throws {
        // All of them take minutes: one path in many by default, every one in a long run.
        let step = LongRun.count(97, long: 1)
        let files = SharedData.unpacked("data/webhooks/github-payload-examples.tar.xz").filter { $0.key.hasSuffix(".json") }
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count >= 2, let payload = try? JSONValue(parsing: bytes) else { continue }
            let event = parts[parts.count - 2]
            let delivery = SandboxDelivery.github(event: event, payload: payload, id: path, secret: Doors.secret)
            try await confuse(delivery, named: path, forge: .github, every: step)
        }
    }

    @Test func `recorded requests of Gitea survive every confusion of types`() async throws {
        let step = LongRun.count(29, long: 1)
        for name in SharedData.names(in: "data/webhooks/gitea") where name.hasSuffix(".http") {
            guard let bytes = SharedData.bytes("data/webhooks/gitea/" + name), let request = RecordedRequest(bytes),
                let event = request.headers["X-Gitea-Event"], let payload = try? JSONValue(parsing: request.body)
            else { continue }
            let delivery = SandboxDelivery.gitea(event: event, payload: payload, id: name, secret: Doors.secret)
            try await confuse(delivery, named: name, forge: .gitea, every: step)
        }
    }

    /// Sends every `step`th mutation of the delivery; expects each to be accepted, settled, and to ask for nothing but what its kind may ask.
    private func confuse(_ delivery: SandboxDelivery, named name: String, forge: ForgeKind, every step: Int) async throws {
        let doors = try await Doors(forge)
        let before = ResidentMemory.mebibytes
        var count = 0
        let mutations = ConfusedPayload(delivery.body).mutations(every: step)
        for batch in mutations.chunked(by: 64) {
            for body in batch {
                count += 1
                let status = await doors.send(delivery, body: body, id: "\(count)")
                #expect(status == 202, "\(name): \(String(decoding: body.prefix(200), as: UTF8.self))")
            }
            while await doors.worker.settlePending() > 0 {}
        }
        let counts = try await doors.inbox.counts()
        #expect(counts.byState[.pending, default: 0] == 0, "\(name): not everything was settled")
        #expect(counts.byState.values.reduce(0, +) == count, "\(name)")
        for job in try await doors.queue.jobs(limit: 100_000) {
            let expected = ["review", "merge-group", "explain-run", "answer-comment", "resolve-thread"]
            #expect(expected.contains(job.kind), "\(name): \(job.kind)")
        }
        await doors.database.close()
        #expect(ResidentMemory.mebibytes < before + 256, "\(name): memory grows with what is sent")
    }

    private static func samples(of forge: ForgeKind) -> [(String, SandboxDelivery)] {
        let sandbox = SandboxForge()
        guard let pull = SandboxSample.seed(sandbox) else { return [] }
        let actions = forge == .github ? ["opened", "synchronize", "closed"] : ["opened", "synchronized", "closed"]
        let pulls = actions.compactMap { action in
            forge == .github
                ? sandbox.pullRequestDelivery(action, pull, id: action, secret: Doors.secret)
                : sandbox.giteaPullRequestDelivery(action, pull, id: action, secret: Doors.secret)
        }
        guard forge == .github else { return pulls.map { ($0.event, $0) } }
        return pulls.map { ($0.event, $0) }
            + SamplePayloads.github.map { event, payload in
                (event, .github(event: event, payload: payload, id: event, secret: Doors.secret))
            }
    }
}

/// One forge's door, the inbox behind it and who reads it, on a database in memory.
struct Doors {
    static let secret = Secret("a webhook secret")

    let database: any Database
    let queue: JobQueue
    let inbox: Inbox
    let worker: DeliveryWorker
    let endpoint: WebhookEndpoint
    let dialect: any WebhookDialect

    init(_ forge: ForgeKind) async throws {
        dialect = forge == .github ? GitHubWebhookDialect() : GiteaWebhookDialect()
        database = try SQLiteDatabase(.memory)
        try await database.migrate(QueueSchema.migrations)
        queue = JobQueue(database: database, clock: SystemClock(), random: SystemRandom())
        inbox = Inbox(queue: queue)
        let decider = DeliveryDecider(dialects: [dialect])
        worker = DeliveryWorker(inbox: inbox, queue: queue, logger: .silent) { decider.decide($0) }
        endpoint = WebhookEndpoint(dialect: dialect, secrets: [Self.secret], host: "http://forge", inbox: inbox, clock: SystemClock())
    }

    /// The answer's status to the delivery with another body, signed anew.
    func send(_ delivery: SandboxDelivery, body: [UInt8], id: String) async -> Int {
        let signature = Hex.encode(HMACSHA256.authenticate(body, key: Self.secret.reveal()))
        var headers = HTTPHeaders()
        for field in delivery.headers.fields {
            let value =
                switch field.name {
                case "X-Hub-Signature-256": "sha256=" + signature
                case "X-Gitea-Signature", "X-Gogs-Signature": signature
                case "X-GitHub-Delivery", "X-Gitea-Delivery", "X-Gogs-Delivery": id
                default: field.value
                }
            headers.add(field.name, value)
        }
        return await endpoint.respond(to: HTTPRequest(method: .post, path: "/", headers: headers, body: body)).status
    }
}
