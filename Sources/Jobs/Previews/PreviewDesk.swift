import Basics
import Forge
import Previews
import Storage

/// Where decisions about one preview are made and written down, in one transaction each.
struct PreviewDesk: Sendable {
    let world: PreviewWorld
    let job: JobContext
    let pull: PullRequestReference
    let seen: PreviewLook.Seen

    struct Step: Sendable {
        let record: PreviewRecord
        let action: PreviewAction?
        /// It may have existed before this step.
        let existed: Bool
    }

    private var identity: PreviewIdentity { PreviewIdentity(pull) }

    private var event: PreviewEvent {
        switch seen {
        case .pull(_, let facts, _): .seen(facts)
        case .unreadable: .unreadable
        }
    }

    private var reading: PreviewSettingsReading? {
        if case .pull(_, _, let reading) = seen { reading } else { nil }
    }

    /// The first decision: the command, if it was not obeyed before, and what is seen.
    func begin(_ command: PreviewCommand?) async throws -> Step {
        let (event, id) = (event, job.job.id.rawValue)
        return try await decide { record, surroundings in
            guard let command, !record.obeyed.contains(id) else { return record.preview.handle(event, in: surroundings) }
            record.obeyed = (record.obeyed + [id]).suffix(50)
            // First, so that an approval binds to the head that was announced and not to one pushed since.
            let hadHead = record.preview.head != nil
            _ = record.preview.handle(.asked(command), in: surroundings)
            let action = record.preview.handle(event, in: surroundings)
            // Nothing was announced yet, or the digits name the head that is seen only now.
            guard case .approve(let prefix) = command, record.preview.approved != record.preview.head, !hadHead || !prefix.isEmpty else {
                return action
            }
            _ = record.preview.handle(.asked(command), in: surroundings)
            return record.preview.handle(event, in: surroundings)
        }
    }

    /// What a driver reported, and what follows from it.
    func note(_ outcome: PreviewEvent) async throws -> Step {
        let event = event
        return try await decide { record, surroundings in
            _ = record.preview.handle(outcome, in: surroundings)
            return record.preview.handle(event, in: surroundings)
        }
    }

    /// Jobs for those of this repository that wait for room.
    func waiting() async throws -> [JobRequest] {
        let (identity, repository) = (identity, PreviewRecords.repository(of: identity))
        let records = try await job.read { try PreviewRecords.waitingForRoom(in: repository, $0) }
        return records.filter { $0.identity != identity }.map { PreviewRequest(pullRequest: $0.pullRequest).job }
    }

    private func decide(
        _ body: @escaping @Sendable (inout PreviewRecord, Preview.Surroundings) -> PreviewAction?
    ) async throws -> Step {
        let (identity, now, id, pull, reading, world) = (identity, job.clock.now, job.job.id, pull, reading, world)
        return try await job.write { transaction in
            let others = try PreviewRecords.others(than: identity, in: transaction)
            let known = try PreviewRecords.load(identity, in: transaction)
            var record = known ?? PreviewRecord(identity: identity, installation: nil, updatedAt: now)
            record.installation = pull.repository.installation ?? record.installation
            let before = record.preview
            let surroundings = Self.surroundings(reading, world, others: others, now: now)
            let action = body(&record, surroundings)
            if case .bringUp? = action, let settings = reading?.settings { record.settings = settings }
            // A pull request that never had a preview and gets none leaves no row.
            if known == nil, record.isAtRest, record.obeyed.isEmpty { return Step(record: record, action: nil, existed: false) }
            record.updatedAt = now
            try PreviewRecords.save(record, in: transaction)
            if before != record.preview {
                let entry = AuditEntry(
                    action: "preview.\(record.preview.phase.rawValue)", subject: identity.description, job: id,
                    detail: ["because": .string(record.preview.because), "head": record.preview.head.map { .string($0.hex) } ?? .null])
                try AuditLog.append(entry, at: now, in: transaction)
            }
            return Step(record: record, action: action, existed: before.mayExist)
        }
    }

    static func surroundings(
        _ reading: PreviewSettingsReading?, _ world: PreviewWorld, others: Int, now: Timestamp
    ) -> Preview.Surroundings {
        let refusal: String
        if let faults = reading?.faults, !faults.isEmpty {
            refusal = "`.fettle.yml` has a fault: " + faults.map(\.description).joined(separator: "; ")
        } else if let settings = reading?.settings {
            refusal = world.refusal(of: settings) ?? ""
        } else {
            refusal = "the base branch asks for no preview"
        }
        let policy = refusal.isEmpty ? reading?.settings?.policy : nil
        return Preview.Surroundings(policy: policy, refusal: refusal, others: others, bounds: world.bounds, now: now)
    }
}
