import Basics
import Synchronization
import Webhooks

/// Says in the log when deliveries cannot be stored and when they can be again: a line at once, then at most one in five seconds, however
/// many are refused.
final class OutageLog: Sendable {
    private struct Outage {
        let begun: Duration
        var lastLine: Duration
        var refused: Int
    }

    private static let pause = Duration.seconds(5)

    private let clock: any Clock
    private let logger: Logger
    private let state = Mutex<Outage?>(nil)

    init(clock: any Clock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    func note(_ outcome: WebhookEndpoint.Outcome) {
        switch outcome {
        case .unavailable(let reason): refused(because: reason)
        case .accepted, .repeated: stored()
        case .refused: break
        }
    }

    private func refused(because reason: String) {
        let now = clock.uptime
        let count: Int? = state.withLock { state in
            var outage = state ?? Outage(begun: now, lastLine: now, refused: 0)
            let isDue = state == nil || now - outage.lastLine >= Self.pause
            outage.refused += 1
            if isDue { outage.lastLine = now }
            state = outage
            return isDue ? outage.refused : nil
        }
        guard let count else { return }
        logger.error("deliveries cannot be stored and are refused with 503", ["error": .string(reason), "refused": .integer(Int64(count))])
    }

    private func stored() {
        let ended: Outage? = state.withLock { state in
            defer { state = nil }
            return state
        }
        guard let ended else { return }
        let seconds = (clock.uptime - ended.begun).inSeconds
        logger.info("deliveries are stored again", ["refused": .integer(Int64(ended.refused)), "seconds": .number(seconds)])
    }
}
