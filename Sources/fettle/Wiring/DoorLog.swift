import Basics
import Forge
import Synchronization
import Webhooks

/// Says in the log what goes wrong at the doors, a few lines however many deliveries it meets: that they cannot be stored, and when they can
/// be again (at most a line in five seconds); and why one was refused (at most a line a minute for each reason).
final class DoorLog: Sendable {
    private struct Trouble {
        let begun: Duration
        var lastLine: Duration
        var refused = 0

        /// How many were refused since it began, when a line is due.
        mutating func count(at now: Duration, pause: Duration) -> Int? {
            let isDue = refused == 0 || now - lastLine >= pause
            refused += 1
            if isDue { lastLine = now }
            return isDue ? refused : nil
        }
    }

    private struct State {
        var outage: Trouble?
        /// By forge and reason: both from short lists.
        var refusals: [String: Trouble] = [:]
    }

    private let clock: any Clock
    private let logger: Logger
    private let state = Mutex(State())

    init(clock: any Clock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    func note(_ outcome: WebhookEndpoint.Outcome, at forge: ForgeKind) {
        switch outcome {
        case .unavailable(let reason): unavailable(because: reason)
        case .accepted, .repeated: stored()
        case .refused(let refusal): refused(refusal, forge)
        }
    }

    private func refused(_ refusal: DoorRefusal, _ forge: ForgeKind) {
        let now = clock.uptime
        let count = state.withLock {
            $0.refusals["\(forge.rawValue) \(refusal.reason)", default: Trouble(begun: now, lastLine: now)].count(
                at: now, pause: .seconds(60))
        }
        guard let count else { return }
        logger.warning(
            "a delivery was refused",
            [
                "forge": .string(forge.rawValue), "reason": .string(refusal.reason), "fix": .string(refusal.advice),
                "refused": .integer(Int64(count)), "http.status": .integer(Int64(refusal.status)),
            ])
    }

    private func unavailable(because reason: String) {
        let now = clock.uptime
        let count = state.withLock { state in
            var outage = state.outage ?? Trouble(begun: now, lastLine: now)
            defer { state.outage = outage }
            return outage.count(at: now, pause: .seconds(5))
        }
        guard let count else { return }
        logger.error("deliveries cannot be stored and are refused with 503", ["error": .string(reason), "refused": .integer(Int64(count))])
    }

    private func stored() {
        let ended: Trouble? = state.withLock { state in
            defer { state.outage = nil }
            return state.outage
        }
        guard let ended else { return }
        let seconds = (clock.uptime - ended.begun).inSeconds
        logger.info("deliveries are stored again", ["refused": .integer(Int64(ended.refused)), "seconds": .number(seconds)])
    }
}
