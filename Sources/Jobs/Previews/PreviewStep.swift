package import Basics
package import Forge
import Previews

/// One pull request's preview as a step of a workflow keeps it: nothing is remembered between two runs, so what the forge shows now
/// decides alone. Wanted: up, also when it runs already. Not wanted: down, also when it never ran. Drivers mind neither.
package struct PreviewStep: Sendable {
    package enum Outcome: Sendable, Hashable {
        case up(address: String, commit: CommitID)
        case down(because: String)
        case nothing(because: String)
    }

    private let world: PreviewWorld

    package init(_ world: PreviewWorld) {
        self.world = world
    }

    /// `mayExist` is false where nothing can be there yet, as for a pull request that was just opened: then nothing is taken down.
    ///
    /// Of a fork nothing is run, its `down` included: that would be its own program. Throws `PreviewFailure`, redacted, and `ForgeError`.
    package func run(_ reference: PullRequestReference, mayExist: Bool, now: Timestamp) async throws -> Outcome {
        let look = PreviewLook(world: world)
        guard case .pull(let pull, let facts, var reading) = try await look.look(at: reference) else {
            return .nothing(because: "the forge does not show the pull request")
        }
        if facts.isFork { return .nothing(because: "a fork's head runs nothing here") }
        if !facts.isOpen { reading = try await look.settings(of: pull, world.forges.client(for: reference.repository)) }
        guard var settings = reading.settings else {
            if reading.faults.isEmpty { return .nothing(because: "the base branch asks for none") }
            throw Self.refused("`.fettle.yml` has a fault: " + reading.faults.map(\.description).joined(separator: "; ") + ".")
        }
        // This is the repository's own CI: its `up` and `down` are run here.
        if settings.driver == .workflow { settings.driver = .command }
        if let refusal = world.refusal(of: settings) { throw Self.refused(refusal + ".") }

        var record = PreviewRecord(identity: PreviewIdentity(reference), installation: reference.repository.installation, updatedAt: now)
        record.settings = settings
        if mayExist {
            // As if it had been begun and not ended: the same rules then say whether to go on or to take down.
            let begun = Preview.Surroundings(policy: PreviewPolicy(), others: 0, now: now)
            _ = record.preview.handle(.seen(PreviewFacts(isOpen: true, head: facts.head)), in: begun)
        }
        let keeper = KeepPreview(world)
        let surroundings = Preview.Surroundings(policy: settings.policy, others: 0, bounds: world.bounds, now: now)
        switch record.preview.handle(.seen(facts), in: surroundings) {
        case .bringUp(let head):
            do {
                return .up(address: try await keeper.build(head, record, .pull(pull, facts, reading)).url, commit: head)
            } catch {
                throw keeper.redacted(error)
            }
        case .takeDown:
            _ = try await keeper.takeDown(record)
            return .down(because: record.preview.because)
        case nil:
            return .nothing(because: record.preview.because)
        }
    }

    private static func refused(_ cause: String) -> PreviewFailure {
        PreviewFailure(.misconfigured, cause: cause, nextStep: "Change it on the base branch, or what the step allows.")
    }
}
