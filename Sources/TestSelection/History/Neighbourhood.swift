/// The known tests in name order, to ask for those beside a name.
///
/// Tests that stand together in a suite tend to fail together, and a new test tends to start like its neighbours.
struct Neighbourhood: Sendable {
    private var keys: [NameKey] = []
    private var tests: [TestID] = []

    /// The tests nearest by name, nearest first, at most six, with their distance. The test itself is left out.
    func nearest(to key: NameKey, besides test: TestID) -> [(test: TestID, distance: Double)] {
        let place = position(of: key)
        let window = max(0, place - 4)..<min(keys.count, place + 5)
        let near = window.filter { tests[$0] != test }.map { (index: $0, distance: key.distance(to: keys[$0])) }
        let sorted = near.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
        return sorted.prefix(6).map { (tests[$0.index], $0.distance) }
    }

    mutating func insert(_ added: [(key: NameKey, test: TestID)]) {
        guard !added.isEmpty else { return }
        let all = (Array(zip(keys, tests)) + added.map { ($0.key, $0.test) }).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        keys = all.map(\.0)
        tests = all.map(\.1)
    }

    /// The first place whose key is not before `key`.
    private func position(of key: NameKey) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
