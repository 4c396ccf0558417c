import Basics
import Forge
import Policy
import Previews
import Storage

/// Makes one preview what it should be: look → decide → tell → call the driver → tell, until nothing is left to do.
///
/// What is decided is on disk before it is done, and every step may be repeated after a crash.
package struct KeepPreview: JobHandler {
    package let kind = PreviewRequest.kind
    private let world: PreviewWorld

    /// More rounds than any decision needs.
    private static let mostRounds = 8

    package init(_ world: PreviewWorld) {
        self.world = world
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: PreviewRequest.self)
        let seen = try await PreviewLook(world: world).look(at: request.pullRequest)
        let desk = PreviewDesk(world: world, job: job, pull: request.pullRequest, seen: seen)
        let telling = PreviewPublication(world: world, job: job, pull: request.pullRequest, seen: seen)
        var step = try await desk.begin(request.command)
        let existed = step.existed
        for _ in 0..<Self.mostRounds {
            try await telling.show(step.record)
            guard let action = step.action else { break }
            let event: PreviewEvent
            switch action {
            case .bringUp(let head):
                guard let outcome = try await bringUp(head, step.record, seen, job) else { return .done }
                event = outcome
            case .takeDown: event = try await takeDown(step.record)
            }
            step = try await desk.note(event)
        }
        // There may be room now for one that waited.
        return existed && !step.record.preview.mayExist ? .done(next: try await desk.waiting()) : .done
    }

    // MARK: The driver

    /// `nil` when something newer came first: its own job goes on.
    private func bringUp(_ head: CommitID, _ record: PreviewRecord, _ seen: PreviewLook.Seen, _ job: JobContext) async throws
        -> PreviewEvent?
    {
        do {
            let address = try await PreviewWatch(world: world, job: job, record: record).whileWanted(head) {
                () async throws(PreviewFailure) -> PreviewAddress in try await build(head, record, seen)
            }
            return address.map { .cameUp(address: $0.url) }
        } catch let failure as PreviewFailure {
            try Task.checkCancellation()
            if failure.mayPass, !job.isLastAttempt { throw redacted(failure) }
            return .failed(redacted(failure))
        }
    }

    func build(_ head: CommitID, _ record: PreviewRecord, _ seen: PreviewLook.Seen) async throws(PreviewFailure) -> PreviewAddress {
        guard let settings = record.settings, let driver = world.drivers[settings.driver] else { throw Self.noDriver }
        let checkout = try world.folders.newCheckout(for: record.identity)
        try await world.source.checkOut(head, of: record.pullRequest, into: checkout)
        let database = settings.database == nil ? nil : try await world.databases?.make(for: record.identity)
        var order = PreviewOrder(
            preview: record.identity, commit: head, checkout: checkout, settings: settings, database: database?.url,
            host: world.domain?.host(of: record.identity))
        if let database, let wishes = settings.database, let programs = world.programs {
            try await PreviewMigrations(programs: programs).run(wishes, order, isNew: database.isNew)
        }
        order.expiresAt = record.preview.expiresAt
        if driver.kind == .kubernetes {
            order.application = ApplicationReader.application(in: checkout)
            order.baseCheckout = try await baseCheckout(settings, record, seen)
        }
        let address = try await driver.up(order)
        world.folders.keepOnly(checkout, of: record.identity)
        return address
    }

    /// Only where the repository keeps manifests there.
    private func baseCheckout(_ settings: PreviewSettings, _ record: PreviewRecord, _ seen: PreviewLook.Seen) async throws(PreviewFailure)
        -> String?
    {
        guard settings.kubernetes.manifests != nil, case .pull(let pull, _, _) = seen else { return nil }
        let path = try world.folders.newCheckout(for: record.identity)
        try await world.source.checkOut(pull.base.commit, of: record.pullRequest, into: path)
        return path
    }

    func takeDown(_ record: PreviewRecord) async throws -> PreviewEvent {
        guard let settings = record.settings, let driver = world.drivers[settings.driver] else { throw Self.noDriver }
        do {
            let order = PreviewOrder(
                preview: record.identity, commit: record.preview.deployed, checkout: await checkoutForDown(record, driver),
                settings: settings,
                host: world.domain?.host(of: record.identity))
            try await driver.down(order)
            if settings.database != nil { try await world.databases?.drop(for: record.identity) }
        } catch {
            try Task.checkCancellation()
            throw redacted(error)
        }
        world.folders.remove(record.identity)
        return .wentDown
    }

    /// A commit that cannot be fetched any more, of a repository since deleted, must not keep an environment alive.
    private func checkoutForDown(_ record: PreviewRecord, _ driver: any PreviewDriver) async -> String? {
        guard driver.kind == .command, let commit = record.preview.deployed else { return nil }
        do {
            let path = try world.folders.newCheckout(for: record.identity)
            try await world.source.checkOut(commit, of: record.pullRequest, into: path)
            return path
        } catch {
            return nil
        }
    }

    func redacted(_ failure: PreviewFailure) -> PreviewFailure {
        let redact = { (text: String) in world.redactor.redact(text).text }
        return PreviewFailure(
            failure.kind, cause: redact(failure.cause), nextStep: failure.nextStep, excerpt: UntrustedText(redact(failure.excerpt.raw)),
            mayPass: failure.mayPass)
    }

    private static let noDriver = PreviewFailure(
        .notAllowed, cause: "The driver that brought it up is not allowed here any more.",
        nextStep: "The operator allows it again, or takes the environment down by hand and runs `fettle preview sweep`.")
}
