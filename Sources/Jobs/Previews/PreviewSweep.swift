import Basics
import Forge
import Previews
import Storage

/// The hourly look: every preview that is not at rest is looked at, and what a driver runs and no row knows is taken into the rows, so that
/// a missed event cannot leak.
package struct PreviewSweep: JobHandler {
    package static let kind = "preview-sweep"
    package var kind: String { Self.kind }
    private let world: PreviewWorld

    package init(_ world: PreviewWorld) {
        self.world = world
    }

    /// A removal takes this long at most; one that takes longer is stuck.
    private static let patience = Duration.seconds(900)

    /// At start, then hourly.
    package static let recurring = RecurringJob(
        name: kind, every: .seconds(3600), runsAtStart: true,
        request: JobRequest(kind: kind, lane: .maintenance, payload: .null, uniqueKey: kind, maxAttempts: 3))

    package func run(_ job: JobContext) async throws -> JobOutcome {
        world.folders.cutLogs()
        let (records, shown) = try await job.read { (try PreviewRecords.all(in: $0), try PreviewRecords.shownActive(in: $0)) }
        let now = job.clock.now
        let leaks = try await PreviewLeaks.found(in: world, records: records, before: now - Self.patience)
        try await job.write { try PreviewRecords.set(leaks: leaks, at: now, in: $0) }
        let restless = records.filter { !$0.isAtRest || shown.contains($0.identity.description) }
        let orphans = try await orphans(known: Set(records.filter(\.preview.mayExist).map(\.identity)))
        for (identity, driver) in orphans { try await adopt(identity, driver, job) }
        let adopted = orphans.keys.map { identity in
            PreviewRecord(identity: identity, installation: nil, updatedAt: job.clock.now).pullRequest
        }
        let pulls = restless.map(\.pullRequest) + adopted.sorted { $0.number < $1.number }
        return .done(
            next: pulls.map { pull in
                var request = PreviewRequest(pullRequest: pull).job
                request.uniqueKey = "preview-look:\(PreviewIdentity(pull))"
                return request
            })
    }

    /// What drivers run without a row.
    private func orphans(known: Set<PreviewIdentity>) async throws -> [PreviewIdentity: PreviewSettings.Driver] {
        var orphans: [PreviewIdentity: PreviewSettings.Driver] = [:]
        for (kind, driver) in world.drivers {
            for identity in try await driver.existing() ?? [] where !known.contains(identity) { orphans[identity] = kind }
        }
        return orphans
    }

    /// Now somebody knows it: the next look keeps it or takes it down.
    private func adopt(_ identity: PreviewIdentity, _ driver: PreviewSettings.Driver, _ job: JobContext) async throws {
        let (now, id) = (job.clock.now, job.job.id)
        try await job.write { transaction in
            var record =
                try PreviewRecords.load(identity, in: transaction) ?? PreviewRecord(identity: identity, installation: nil, updatedAt: now)
            if record.preview.mayExist { return }
            record.preview.adopt()
            if record.settings?.driver != driver { record.settings = PreviewSettings(driver: driver) }
            try PreviewRecords.save(record, in: transaction)
            let entry = AuditEntry(
                action: "preview.found", subject: identity.description, job: id, detail: ["driver": .string(driver.rawValue)])
            try AuditLog.append(entry, at: now, in: transaction)
        }
    }
}
