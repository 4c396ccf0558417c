/// Finds many fixed texts at once in one pass over bytes, ASCII case ignored (Aho–Corasick as a full automaton).
///
/// Cost per byte does not depend on how many literals there are.
package struct LiteralScanner: Sendable {
    /// Next state for every (state, byte class), already multiplied by `classCount`; `Self.hit` is set when literals end there.
    private let transitions: [UInt32]
    /// Bytes that no literal tells apart share a class: keeps the table in the processor's cache.
    private let classOfByte: [UInt8]
    private let classCount: Int
    /// Literals ending in state s: `endings[endingStart[s]..<endingStart[s + 1]]`.
    private let endings: [UInt16]
    private let endingStart: [UInt32]

    private static let hit: UInt32 = 1 << 31

    /// Empty literals are never found. At most 65,535 literals of together less than 4 Mi bytes (our own tables are far smaller).
    package init(_ literals: [[UInt8]]) {
        precondition(literals.count < 65_536 && literals.reduce(0) { $0 + $1.count } < 1 << 22)
        let folded = literals.map { $0.map(Self.folded) }
        let (classOfByte, classCount) = Self.classes(of: folded)
        var trie = Trie(classCount: classCount)
        for (index, literal) in folded.enumerated() where !literal.isEmpty {
            trie.insert(literal.map { Int(classOfByte[Int($0)]) }, UInt16(index))
        }
        trie.close()
        var endings: [UInt16] = []
        var starts: [UInt32] = []
        for list in trie.endings {
            starts.append(UInt32(endings.count))
            endings += list
        }
        starts.append(UInt32(endings.count))
        self.classOfByte = classOfByte
        self.classCount = classCount
        self.endings = endings
        endingStart = starts
        let width = UInt32(classCount)
        let ends = trie.endings
        transitions = trie.next.map { $0 * width | (ends[Int($0)].isEmpty ? 0 : Self.hit) }
    }

    /// Reports (index of literal, offset after its last byte) in the order of their ends.
    @inline(__always)
    package func scan(_ subject: UnsafeBufferPointer<UInt8>, _ report: (Int, Int) -> Void) {
        transitions.withUnsafeBufferPointer { transitions in
            classOfByte.withUnsafeBufferPointer { classes in
                var state: UInt32 = 0
                for offset in 0..<subject.count {
                    // In bounds by construction: states and classes come from the tables themselves.
                    state = transitions[Int(state & ~Self.hit) &+ Int(classes[Int(subject[offset])])]
                    if state & Self.hit != 0 { self.report(state, endingAt: offset &+ 1, report) }
                }
            }
        }
    }

    @inline(__always)
    private func report(_ state: UInt32, endingAt end: Int, _ report: (Int, Int) -> Void) {
        let index = Int(state & ~Self.hit) / classCount
        for ending in Int(endingStart[index])..<Int(endingStart[index + 1]) { report(Int(endings[ending]), end) }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }

    private static func classes(of literals: [[UInt8]]) -> (of: [UInt8], count: Int) {
        var used = [Bool](repeating: false, count: 256)
        for literal in literals { for byte in literal { used[Int(byte)] = true } }
        var classes = [UInt8](repeating: 0, count: 256)
        var count = 1
        // Upper-case letters are never `used` (literals are folded), so at most 230 classes exist.
        for byte in 0..<256 where used[byte] {
            classes[byte] = UInt8(count)
            count += 1
        }
        for byte in 65...90 { classes[byte] = classes[byte | 32] }
        return (classes, count)
    }
}

/// The automaton while it is being built: states in order of creation, 0 the root.
private struct Trie {
    let classCount: Int
    var next: [UInt32]
    var endings: [[UInt16]] = [[]]

    init(classCount: Int) {
        self.classCount = classCount
        next = [UInt32](repeating: 0, count: classCount)
    }

    mutating func insert(_ word: [Int], _ index: UInt16) {
        var state = 0
        for letter in word {
            let slot = state * classCount + letter
            if next[slot] == 0 {
                next[slot] = UInt32(endings.count)
                next += [UInt32](repeating: 0, count: classCount)
                endings.append([])
            }
            state = Int(next[slot])
        }
        endings[state].append(index)
    }

    /// Fills missing transitions from the longest proper suffix, breadth first, and inherits its endings.
    mutating func close() {
        var suffix = [Int](repeating: 0, count: endings.count)
        var queue = (0..<classCount).map { Int(next[$0]) }.filter { $0 != 0 }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            endings[state] += endings[suffix[state]]
            for letter in 0..<classCount {
                let fallback = next[suffix[state] * classCount + letter]
                let slot = state * classCount + letter
                if next[slot] == 0 {
                    next[slot] = fallback
                } else {
                    suffix[Int(next[slot])] = Int(fallback)
                    queue.append(Int(next[slot]))
                }
            }
        }
    }
}
