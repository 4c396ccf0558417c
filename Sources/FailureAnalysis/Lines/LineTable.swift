/// The traits of all lines of a log, counted from 1, in bounded memory.
///
/// Beyond about three million lines, stretches of the middle that show the least evidence are given up, 32,768 lines at a time:
/// their lines read as chatter, and `forgotten` says how many there are.
package struct LineTable: Sendable {
    private static let size = 32_768
    private static let capacity = 96
    private static let head = 8
    private static let tail = 40

    private var chunks: [[LineTraits]] = []
    private var weights: [Int] = []
    private var kept = 0
    package private(set) var count = 0
    package private(set) var forgotten = 0

    private static let unknown: LineTraits = {
        var traits = LineTraits()
        traits.flags = .chatter
        return traits
    }()

    package init() {}

    /// `weight` is how much the line tells, 0 for most.
    package mutating func append(_ traits: LineTraits, weight: Int) {
        if count % Self.size == 0 { startChunk() }
        count += 1
        chunks[chunks.count - 1].append(traits)
        weights[weights.count - 1] += weight
    }

    /// Lines outside `1...count` and forgotten ones read as chatter.
    package subscript(line: Int) -> LineTraits {
        guard line >= 1, line <= count else { return Self.unknown }
        let chunk = chunks[(line - 1) / Self.size]
        let offset = (line - 1) % Self.size
        return offset < chunk.count ? chunk[offset] : Self.unknown
    }

    /// Calls `body` with (line, traits) for every line that is remembered, in order.
    @inline(__always)
    package func forEach(in lines: ClosedRange<Int>, _ body: (Int, LineTraits) -> Void) {
        for (index, chunk) in chunks.enumerated() {
            let first = index * Self.size + 1
            guard first <= lines.upperBound else { return }
            for (offset, traits) in chunk.enumerated() where lines.contains(first + offset) { body(first + offset, traits) }
        }
    }

    private mutating func startChunk() {
        if kept == Self.capacity { forgetOne() }
        var chunk: [LineTraits] = []
        chunk.reserveCapacity(count == 0 ? 1024 : Self.size)
        chunks.append(chunk)
        weights.append(0)
        kept += 1
    }

    private mutating func forgetOne() {
        let middle = (Self.head..<chunks.count - Self.tail).filter { !chunks[$0].isEmpty }
        guard let poorest = middle.min(by: { (weights[$0], $0) < (weights[$1], $1) }) else { return }
        forgotten += chunks[poorest].count
        chunks[poorest] = []
        kept -= 1
    }
}
