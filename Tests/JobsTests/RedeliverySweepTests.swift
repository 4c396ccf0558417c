import Basics
import Forge
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct RedeliverySweepTests {
    private static func attempt(_ id: Int64, _ delivery: String, _ seconds: Int64, _ status: Int) -> HookDelivery {
        HookDelivery(id: id, guid: delivery, time: Timestamp(seconds: seconds), event: "push", status: status)
    }

    /// A forge with one hook for each known one, or a single hook of its own.
    private final class Source: HookDeliveryLogs, HookDeliveryLog {
        let hookName = "the App's hook"
        private let attempts: Result<[HookDelivery], ForgeError>
        private let asked = Mutex<[Int64]>([])
        private let hooks = Mutex<[KnownHook]>([])

        init(_ attempts: Result<[HookDelivery], ForgeError>) { self.attempts = attempts }

        var requested: [Int64] { asked.withLock { $0 } }
        var known: [KnownHook] { hooks.withLock { $0 } }

        func deliveryLogs(of hooks: [KnownHook]) -> [any HookDeliveryLog] {
            self.hooks.withLock { $0 = hooks }
            return [self]
        }

        func deliveries(since start: Timestamp) async throws(ForgeError) -> [HookDelivery] { try attempts.get() }
        func redeliver(_ attempt: Int64) async throws(ForgeError) { asked.withLock { $0.append(attempt) } }
    }

    @Test func `the newest attempt of what never arrived is asked for, oldest first`() {
        let attempts = [
            Self.attempt(1, "arrived", 1, 0), Self.attempt(2, "arrived", 2, 202), Self.attempt(3, "lost", 5, 502),
            Self.attempt(4, "lost", 9, 503), Self.attempt(5, "older", 3, 0),
        ]
        #expect(HookDelivery.toRepeat(attempts).map(\.id) == [5, 4])
    }

    @Test func `what we refuse again and again is given up, what did not reach us never is`() {
        #expect(HookDelivery.toRepeat((0..<3).map { Self.attempt($0, "forged", $0, 401) }).isEmpty)
        #expect(HookDelivery.toRepeat((0..<70).map { Self.attempt($0, "away", $0, $0 % 2 == 0 ? 0 : 503) }).map(\.id) == [69])
    }

    @Test func `what we have although our answer was lost is not asked for`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.migrate(HookRegister.migrations)
        _ = try await fixture.inbox.accept(fixture.delivery("here"))
        let source = Source(.success([Self.attempt(1, "here", 1, 0), Self.attempt(2, "gone", 2, 0)]))
        try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: RedeliverySweep(forges: [source], logger: .silent))
        #expect(source.requested == [2])
        #expect(try await fixture.queue.jobs(in: [.succeeded]).count == 1)
    }

    @Test(arguments: QueueFixture.engines) func `hooks that sent something are remembered after its body is dropped`(
        engine: QueueFixture.Engine
    ) async throws {
        let fixture = try await QueueFixture(engine: engine)
        try await fixture.database.migrate(HookRegister.migrations)
        let source = Source(.success([]))
        let sweep = RedeliverySweep(forges: [source], logger: .silent)
        let body = Array(#"{"repository": {"full_name": "octo/demo"}}"#.utf8)
        _ = try await fixture.inbox.accept(fixture.delivery("1", body: body))
        for stored in try await fixture.inbox.pending() { try await fixture.inbox.settle(stored, .ignored(reason: "a ping")) }
        for round in 0..<2 {
            try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep)
            let repository = try #require(RepositoryName("octo/demo"))
            #expect(
                source.known == [KnownHook(forge: .github, host: "github.com", id: "1", repository: repository)], "round \(round)")
            fixture.clock.advance(by: .seconds(3600))
            #expect(try await fixture.inbox.dropBodies(settledBefore: fixture.clock.now) == (round == 0 ? 1 : 0))
        }
        await fixture.database.close()
    }

    @Test func `a hook nobody may read holds up no other, and fails no job`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.migrate(HookRegister.migrations)
        let forbidden = Source(.failure(.forbidden(resource: "/repos/o/r/hooks/1", needs: "admin:repo_hook")))
        let readable = Source(.success([Self.attempt(7, "gone", 2, 0)]))
        let sweep = RedeliverySweep(forges: [forbidden, readable], logger: .silent)
        try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep)
        #expect(readable.requested == [7])
        #expect(try await AuditLog(database: fixture.database).entries(action: "hook.unreadable").count == 1)
    }

    @Test func `an attempt that may be under way is looked at again in a moment`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.migrate(HookRegister.migrations)
        let attempts = [Self.attempt(1, "under way", fixture.clock.now.seconds - 1, 0), Self.attempt(2, "lost", 2, 0)]
        let source = Source(.success(attempts))
        let sweep = RedeliverySweep(forges: [source], logger: .silent)
        // Run by itself, a job that asks to run later is an error.
        await #expect(throws: JobFailure.self) { try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep) }
        #expect(source.requested == [2])
        fixture.clock.advance(by: .seconds(11))
        try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep)
        #expect(source.requested.contains(1))
    }

    @Test func `an attempt that a forge's fast clock keeps young is asked for by ours`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.migrate(HookRegister.migrations)
        let attempts = [Self.attempt(1, "lost", fixture.clock.now.seconds + 3600, 0)]
        let source = Source(.success(attempts))
        let sweep = RedeliverySweep(forges: [source], logger: .silent)
        await #expect(throws: JobFailure.self) { try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep) }
        #expect(source.requested.isEmpty)
        fixture.clock.advance(by: RedeliverySweep.patience)
        try await fixture.queue.runDirectly(RedeliverySweep.recurring.request, by: sweep)
        #expect(source.requested == [1])
    }

    @Test func `a forge that is away for a moment is asked again later`() async throws {
        let fixture = try await QueueFixture()
        try await fixture.database.migrate(HookRegister.migrations)
        let away = Source(.failure(.unreachable(host: "github.com", reason: "refused")))
        let readable = Source(.success([Self.attempt(7, "gone", 2, 0)]))
        await #expect(throws: ForgeError.self) {
            try await fixture.queue.runDirectly(
                RedeliverySweep.recurring.request, by: RedeliverySweep(forges: [away, readable], logger: .silent))
        }
        #expect(readable.requested == [7])
    }
}
