/// How much each history signal counts, in the log-odds of a failure.
///
/// Set on the first half of one public history and checked on its second half and on another project's; the result is flat around
/// these values. All are positive: a signal that speaks for a failure never lowers the estimate.
struct FailureWeights: Sendable {
    var longRun = 0.85
    var pattern = 0.42
    var recent = 0.08
    var slow = 0.12
    /// Neighbours of a test that never failed, of one that did, and the two nearest.
    var neighboursOfSpotless = 0.4
    var neighboursOfFailed = 0.1
    var nearest = 0.1
    var neighboursLongRun = 0.1
    /// Sessions since the last run: what was left out may have broken unseen.
    var absence = 0.12
    /// A test never run: neighbours' first runs, and neighbours lately.
    var neighboursFirstRun = 0.1
    var neighboursOfNew = 0.2

    static let shipped = FailureWeights()
}
