import Glibc

/// The time of day and the wait for a later one. Everything that waits takes a `Clock`, so that tests drive it by hand.
package protocol Clock: Sendable {
    /// The time of day. May jump when the machine's clock is set: durations are better taken from `uptime`.
    var now: Timestamp { get }

    /// Time since some fixed moment, never going back.
    var uptime: Duration { get }

    /// Returns after `duration`; throws `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws
}

package struct SystemClock: Clock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Read without Dispatch: its C module disagrees with those of libcurl and libmicrohttpd about `fd_set`.
    package var uptime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
