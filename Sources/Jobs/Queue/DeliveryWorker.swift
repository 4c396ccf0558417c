package import Basics
import Storage

/// Turns stored deliveries into jobs. `decide` is pure: the same delivery gives the same decision, so doing it twice does no harm.
package struct DeliveryWorker: Sendable {
    private let inbox: Inbox
    private let queue: JobQueue
    private let logger: Logger
    private let poll: Duration
    private let decide: @Sendable (Delivery) -> DeliveryDecision

    package init(
        inbox: Inbox, queue: JobQueue, logger: Logger, poll: Duration = .seconds(1),
        decide: @escaping @Sendable (Delivery) -> DeliveryDecision
    ) {
        self.inbox = inbox
        self.queue = queue
        self.logger = logger
        self.poll = poll
        self.decide = decide
    }

    /// Works until its task is cancelled.
    package func run() async {
        let bell = WakeSignal()
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in queue.database.listen(QueueSchema.Channel.deliveries) { bell.ring() }
            }
            while !Task.isCancelled {
                if await settlePending() == 0 { await bell.wait(upTo: poll, clock: queue.clock) }
            }
            group.cancelAll()
        }
    }

    /// Handles what is there now, up to 64 deliveries; how many were settled.
    package func settlePending() async -> Int {
        do {
            let pending = try await inbox.pending()
            return await withTaskGroup(of: Bool.self) { group in
                for stored in pending { group.addTask { await settle(stored) } }
                return await group.reduce(into: 0) { count, isSettled in count += isSettled ? 1 : 0 }
            }
        } catch {
            logger.warning("deliveries could not be read", ["error": .string("\(error)")])
            return 0
        }
    }

    /// A delivery that cannot be settled now stays pending, and its neighbours are not held up.
    private func settle(_ stored: StoredDelivery) async -> Bool {
        do {
            return try await inbox.settle(stored, decide(stored.delivery))
        } catch {
            logger.warning("a delivery could not be settled", ["delivery": .integer(stored.id), "error": .string("\(error)")])
            return false
        }
    }
}
