package import Basics

/// The machine's clock, a minute behind: what it stamps looks as if it happened before.
package struct LateClock: Clock {
    private let clock = SystemClock()

    package init() {}

    package var now: Timestamp { clock.now - .seconds(60) }
    package var uptime: Duration { clock.uptime }

    package func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
}
