/// Named moments at which a crash is most telling. The crash harness kills the process there; nothing else looks at them.
package enum CrashPoint: String, Sendable, Hashable, CaseIterable {
    case deliveryStored = "delivery.stored"
    case deliveryHandled = "delivery.handled"
    case jobClaimed = "job.claimed"
    case effectIntended = "effect.intended"
    case effectSent = "effect.sent"
    case effectConfirmed = "effect.confirmed"
    case jobFinishing = "job.finishing"
    case jobFinished = "job.finished"
}

package struct CrashPoints: Sendable {
    private let action: @Sendable (CrashPoint) -> Void

    package init(_ action: @escaping @Sendable (CrashPoint) -> Void) {
        self.action = action
    }

    package static let none = CrashPoints { _ in }

    package func reach(_ point: CrashPoint) { action(point) }
}
