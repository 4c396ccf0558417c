/// First in, first out. What was taken is let go of soon, also while the backlog never empties: under load it may stay busy for minutes, and
/// each entry holds a delivery's body.
struct Backlog<Element> {
    private var entries: [Element?] = []
    private var first = 0

    var count: Int { entries.count - first }
    var isEmpty: Bool { count == 0 }
    /// Places held, for tests: at most twice what is waiting, and a few.
    var capacityInUse: Int { entries.count }

    mutating func append(_ element: Element) { entries.append(element) }

    mutating func popFirst() -> Element? {
        guard first < entries.count else { return nil }
        let element = entries[first]
        entries[first] = nil
        first += 1
        // Moving the rest costs as much as was taken since the last move.
        if first == entries.count || first >= 64 && first * 2 >= entries.count {
            entries.removeFirst(first)
            first = 0
        }
        return element
    }

    mutating func removeAll() -> [Element] {
        defer {
            entries = []
            first = 0
        }
        return entries[first...].compactMap { $0 }
    }
}
