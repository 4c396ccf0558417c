import Basics
import Jobs
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct AuditTests {
    private let key = AuditKey(Array("a key the database does not hold".utf8))

    private func sealedFixture(_ engine: QueueFixture.Engine = .sqlite, rows: Int = 12) async throws -> QueueFixture {
        let fixture = try await QueueFixture(engine: engine)
        let sealer = AuditSealer(database: fixture.database, key: key, logger: .silent)
        for number in 0..<rows {
            try await fixture.database.write { transaction in
                let entry = AuditEntry(action: "test.\(number % 3)", subject: "subject \(number)", detail: ["n": .integer(Int64(number))])
                try AuditLog.append(entry, at: fixture.clock.now, in: transaction)
            }
            if number % 3 == 2 { try await sealer.sealAll() }
        }
        return fixture
    }

    @Test(arguments: QueueFixture.engines) func `a clean log is found sound`(_ engine: QueueFixture.Engine) async throws {
        let fixture = try await sealedFixture(engine)
        let (rows, checkpoints) = try await AuditLog(database: fixture.database).sealed()
        #expect(AuditChain.verify(rows: rows, checkpoints: checkpoints, key: key) == .sound(rows: 12, checkpoints: 4))
        #expect(AuditChain.verify(rows: rows, checkpoints: checkpoints, key: nil) == .sound(rows: 12, checkpoints: 4))
        await fixture.database.close()
    }

    @Test(arguments: QueueFixture.engines) func `many sealers at once make one chain`(_ engine: QueueFixture.Engine) async throws {
        let fixture = try await QueueFixture(engine: engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    _ = try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .integer(Int64(number))))
                    try await AuditSealer(database: fixture.database, key: key, logger: .silent).sealAll()
                }
            }
            try await group.waitForAll()
        }
        let (rows, checkpoints) = try await AuditLog(database: fixture.database).sealed()
        #expect(rows.count == 20)
        #expect(AuditChain.verify(rows: rows, checkpoints: checkpoints, key: key) == .sound(rows: 20, checkpoints: checkpoints.count))
        await fixture.database.close()
    }

    @Test func `the first bad row is named`() async throws {
        let fixture = try await sealedFixture()
        try await fixture.database.write { try $0.execute("UPDATE audit SET subject = 'other' WHERE id = 5") }
        let (rows, checkpoints) = try await AuditLog(database: fixture.database).sealed()
        guard case .broken(row: 5, _) = AuditChain.verify(rows: rows, checkpoints: checkpoints, key: key) else {
            Issue.record("row 5 is not named")
            return
        }
    }

    @Test func `every one of 10,000 random tamperings is found`() async throws {
        let fixture = try await sealedFixture()
        let (rows, checkpoints) = try await AuditLog(database: fixture.database).sealed()
        let chance = SeededRandom(seed: 11)
        var missed: [String] = []
        for number in 0..<10_000 {
            var tampered = rows
            let kind = tamper(&tampered, chance)
            // Even a thief who computes the chain anew has no key to sign it with.
            if chance.below(2) == 0 { rechain(&tampered) }
            if tampered == rows { continue }
            if case .sound = AuditChain.verify(rows: tampered, checkpoints: checkpoints, key: key) { missed.append("\(number): \(kind)") }
        }
        #expect(missed.isEmpty)
    }

    @Test func `checkpoints rewritten without the key are found`() async throws {
        let fixture = try await sealedFixture()
        var (rows, checkpoints) = try await AuditLog(database: fixture.database).sealed()
        rows[4].subject = "other"
        rechain(&rows)
        let forger = AuditKey([1])
        checkpoints = checkpoints.enumerated().map { index, point in
            AuditCheckpoint(seal: point.seal, rows: point.rows, chain: rows[index * 3 + 2].chain, signedWith: forger)
        }
        guard case .broken = AuditChain.verify(rows: rows, checkpoints: checkpoints, key: key) else {
            Issue.record("a forged signature passes")
            return
        }
    }

    @Test func `a cut tail is noticed by a checkpoint from the log`() async throws {
        let logged = Mutex<[[String: JSONValue]]>([])
        let fixture = try await QueueFixture()
        let logger = Logger { entry in logged.withLock { $0.append(entry.metadata) } }
        let sealer = AuditSealer(database: fixture.database, key: key, logger: logger)
        for _ in 0..<3 {
            try await fixture.queue.enqueue(JobRequest(kind: "work", payload: .null))
            try await sealer.sealAll()
        }
        try await fixture.database.write { transaction in
            try transaction.execute("DELETE FROM audit WHERE seal = 3")
            try transaction.execute("DELETE FROM audit_checkpoints WHERE seal = 3")
            try transaction.execute("UPDATE audit_head SET seal = 2, sealed = 2")
        }
        let (rows, kept) = try await AuditLog(database: fixture.database).sealed()
        #expect(AuditChain.verify(rows: rows, checkpoints: kept, key: key) == .sound(rows: 2, checkpoints: 2))
        let exported = logged.withLock { $0 }.compactMap { AuditCheckpoint(logLine: $0) }
        #expect(exported.count == 3)
        #expect(
            AuditChain.verify(rows: rows, checkpoints: exported, key: key) == .broken(row: nil, reason: "the rows of seal 3 are missing"))
    }

    private func tamper(_ rows: inout [SealedRow], _ chance: SeededRandom) -> String {
        let index = chance.below(rows.count)
        switch chance.below(9) {
        case 0: rows[index].subject += "x"
        case 1: rows[index].detail = "{}"
        case 2: rows[index].at += 1
        case 3: rows.remove(at: index)
        case 4: rows.insert(rows[index], at: index)
        case 5: rows.swapAt(index, chance.below(rows.count))
        case 6: rows.removeLast(1 + chance.below(rows.count - 1))
        case 7: rows[index].job = "someone"
        default: rows[index].action = ""
        }
        return "row \(index)"
    }

    private func rechain(_ rows: inout [SealedRow]) {
        var previous = AuditChain.start
        for index in rows.indices {
            previous = rows[index].code(after: previous)
            rows[index].chain = previous
        }
    }
}
