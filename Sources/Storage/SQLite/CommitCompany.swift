/// How many patient bodies the writer waits for before it begins a transaction. Pure: told what came, it says what to expect.
///
/// Telling the disk costs the same for one body as for thirty. Who writes alone never waits. Where several wrote together they are
/// expected again, and now and then one more: so a burst finds the size its senders make possible.
struct CommitCompany {
    /// So many transactions go by before one more is hoped for again after it did not come.
    static let patience = 32

    private var last = 1
    private var untilHope = 0

    /// Bodies that end the wait; 1 is “do not wait”.
    var expected: Int { last < 2 ? 1 : untilHope == 0 ? last + 1 : last }

    /// A transaction held `count` patient bodies.
    mutating func held(_ count: Int) {
        if untilHope > 0 {
            untilHope -= 1
        } else if last >= 2, count <= last {
            untilHope = Self.patience
        }
        last = count
    }
}
