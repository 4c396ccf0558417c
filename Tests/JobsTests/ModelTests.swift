import Basics
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

/// Random commands against the queue in a database and against a model in a dictionary: both must agree after every step.
@Suite struct ModelTests {
    private enum Command: CaseIterable {
        case enqueue, claim, finish, fail, cancel, runAgain, loseWorker, pass
    }

    @Test(arguments: Array(1...30), QueueFixture.engines)
    func `whatever happens in whatever order, database and state machine agree`(seed: Int, engine: QueueFixture.Engine) async throws {
        // A server costs a round trip a statement; every tenth seed shows the difference if there is one.
        if engine == .postgreSQL, seed % 10 != 0 { return }
        let fixture = try await QueueFixture(seed: UInt64(seed), engine: engine)
        let chance = SeededRandom(seed: UInt64(seed) &* 7919)
        var model: [JobID: JobProgress] = [:]
        var keys: [JobID: String] = [:]
        let driver = QueueDriver(queue: fixture.queue)
        for _ in 0..<120 {
            let now = fixture.clock.now
            let id = model.keys.sorted { $0.rawValue < $1.rawValue }.dropFirst(chance.below(max(model.count, 1))).first
            let fence = (id.flatMap { model[$0]?.fence } ?? 0) - (chance.below(5) == 0 ? 1 : 0)
            switch Command.allCases[chance.below(Command.allCases.count)] {
            case .enqueue:
                let delay = chance.below(3) == 0 ? Duration.seconds(chance.below(20)) : nil
                let key = chance.below(2) == 0 ? "key \(chance.below(3))" : nil
                let request = JobRequest(
                    kind: "work", payload: .null, concurrencyKey: key, runAt: delay.map { now + $0 }, maxAttempts: 1 + chance.below(3))
                let new = try await fixture.queue.enqueue(request).id
                model[new] = JobProgress(queuedAt: now, runAt: request.runAt, maxAttempts: request.maxAttempts, openNeeds: 0)
                keys[new] = key
            case .claim:
                let claimed = try await driver.claim(upTo: 1 + chance.below(3))
                for job in claimed { #expect(model[job]?.handle(.claim(at: now)) == .start(fence: model[job]?.fence ?? -1)) }
                let busy = model.filter { $0.value.state == .running }.compactMap { keys[$0.key] }
                #expect(busy.count == Set(busy).count, "two of one key run")
            case .finish: try await step(.succeed(fence: fence), id, &model, driver)
            case .fail: try await step(.fail(fence: fence, retryAt: chance.below(4) == 0 ? nil : now + .seconds(3)), id, &model, driver)
            case .cancel: try await step(.cancel, id, &model, driver)
            case .runAgain: try await step(.runAgain(at: now), id, &model, driver)
            case .loseWorker: try await step(.loseWorker(fence: fence, retryAt: now + .seconds(1)), id, &model, driver)
            case .pass: fixture.clock.advance(by: .seconds(chance.below(6)))
            }
            let stored = try await fixture.queue.jobs(limit: 1000)
            #expect(Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0.progress) }) == model)
        }
        #expect(model.count > 3)
        await fixture.database.close()
    }

    private func step(_ event: JobEvent, _ id: JobID?, _ model: inout [JobID: JobProgress], _ driver: QueueDriver) async throws {
        guard let id, var progress = model[id] else { return }
        let expected = progress.handle(event)
        model[id] = progress
        #expect(try await driver.apply(event, to: id) == expected)
    }
}
