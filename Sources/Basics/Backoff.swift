/// Waits between attempts: doubling from `first` up to `longest`, with full jitter.
///
/// Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (the "full jitter" variant).
package struct Backoff: Sendable, Hashable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The wait before attempt `attempt + 1`, counted from 1. `chance` in 0...1 picks a point between half and all of the doubled step,
    /// so that waits neither bunch up nor vanish.
    package func wait(afterAttempt attempt: Int, chance: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let step = min(first * (1 << doublings), longest)
        return step * (0.5 + 0.5 * min(max(chance, 0), 1))
    }
}
