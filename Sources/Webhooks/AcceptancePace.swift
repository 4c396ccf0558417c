/// How long a delivery that comes now would wait for its answer, judged by those that are being stored. A value: moments come in, decisions
/// come out.
///
/// A delivery that would wait longer than the promised time is turned away at once, while those before it are still answered in time: the
/// forge remembers what was refused and has it delivered again.
package struct AcceptancePace: Sendable {
    package static let longestWait = Duration.milliseconds(200)
    /// Until it is known better, and what a slow disk manages with many at once.
    private static let firstGuess = Duration.milliseconds(1)
    /// So many may always be under way: a pause of the disk must not turn away what hardly anybody waits behind.
    private static let alwaysTaken = 32

    private var underWay = 0
    /// From one end to the next while there was work, over the last hundred or so.
    private var timeEach = Self.firstGuess
    private var lastEnd = Duration.zero

    package init() {}

    /// Whether a delivery is taken; then `end` must follow. `now` is the clock's uptime.
    package mutating func begin(at now: Duration) -> Bool {
        if underWay >= Self.alwaysTaken, timeEach * underWay > Self.longestWait { return false }
        if underWay == 0 { lastEnd = now }
        underWay += 1
        return true
    }

    package mutating func end(at now: Duration) {
        underWay = max(underWay - 1, 0)
        timeEach += (max(now - lastEnd, .zero) - timeEach) / 64
        lastEnd = now
    }
}
