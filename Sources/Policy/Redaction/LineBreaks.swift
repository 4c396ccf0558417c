/// Where lines were joined in a text without line ends: at each of these offsets a line began.
///
/// A secret may end or begin at a line end although the text runs on without a gap: `…q7Zf` above, `make: *** …` below.
struct LineBreaks: Sendable {
    static let none = LineBreaks([])

    /// Ascending.
    private let offsets: [Int]

    init(_ offsets: [Int]) {
        self.offsets = offsets
    }

    var isEmpty: Bool { offsets.isEmpty }

    func contains(_ offset: Int) -> Bool {
        guard !offsets.isEmpty else { return false }
        let place = place(of: offset)
        return place < offsets.count && offsets[place] == offset
    }

    /// Those in a stretch, ascending.
    func within(_ range: Range<Int>) -> ArraySlice<Int> {
        guard !offsets.isEmpty else { return [] }
        let first = place(of: range.lowerBound)
        return offsets[first..<max(first, place(of: range.upperBound))]
    }

    /// How many lie before it.
    private func place(of offset: Int) -> Int {
        var (low, high) = (0, offsets.count)
        while low < high {
            let middle = low + (high - low) / 2
            if offsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
