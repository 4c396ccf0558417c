internal import Basics

/// Finds the blocks of a log that tell why it failed, and how much each tells.
package struct EvidenceFinder {
    private let table: LineTable
    private let shapes: [ErrorShape]
    package let step: FailingStep

    /// Blocks kept: far more than any excerpt has room for.
    private static let most = 4096

    package init(_ table: LineTable, shapes: [ErrorShape]) {
        self.table = table
        self.shapes = shapes
        step = FailingStep(in: table)
    }

    /// In the order of the log; none overlap.
    package func blocks() -> [EvidenceBlock] {
        guard table.count > 0 else { return [] }
        var blocks: [EvidenceBlock] = []
        var sawFarewell = false
        let grower = BlockGrower(table, shapes: shapes, limit: table.count)
        let bounded = BlockGrower(table, shapes: shapes, limit: step.end)
        table.forEach(in: 1...table.count) { line, traits in
            guard traits.shape > 0, Int(traits.shape) <= shapes.count else { return }
            let index = Int(traits.shape) - 1
            let shape = shapes[index]
            if shape.role == .aftermath, !sawFarewell, line >= step.start, line <= step.end {
                sawFarewell = true
                if let block = leadUp(to: line, shape: index, after: blocks.last?.lines.upperBound ?? 0) { blocks.append(block) }
            }
            guard shape.role != .harmless, shape.role != .aftermath else { return }
            if let last = blocks.last, line <= last.lines.upperBound {
                join(line, index, into: &blocks[blocks.count - 1], bounded: line <= step.end ? bounded : grower)
                return
            }
            let end = (line <= step.end ? bounded : grower).end(from: line, shape)
            let start = grower.start(of: line, shape)
            let floor = (blocks.last?.lines.upperBound ?? 0) + 1
            let block = EvidenceBlock(lines: max(floor, start)...max(line, end), anchor: line, shape: index, hits: 1, score: 0)
            if let last = blocks.last, belongs(block, to: last) {
                merge(block, into: &blocks[blocks.count - 1])
            } else {
                blocks.append(block)
            }
        }
        return scored(blocks)
    }

    private func belongs(_ next: EvidenceBlock, to last: EvidenceBlock) -> Bool {
        let gap = next.lines.lowerBound - last.lines.upperBound
        if gap <= 1 { return last.lines.count < Int(Tuning.value("MERGE1", 120)) }
        return gap <= Int(Tuning.value("GAP", 2)) && last.lines.count < Int(Tuning.value("MERGE", 120)) && weight(next.shape) >= Tuning.value("NEXT",30) && weight(last.shape) >= Tuning.value("LAST",75)
    }

    /// A wrapper's first farewell (`make: *** Error 1`, `error Command failed`) marks the first command that failed inside the step: the lines
    /// right above it are its last words, of whatever shape.
    private func leadUp(to line: Int, shape: Int, after floor: Int) -> EvidenceBlock? {
        var start = line
        var words = 0
        while start - 1 > max(floor, step.start), line - start < Int(Tuning.value("UPLEN", 12)), table[start - 1].mark == .none {
            if table[start - 1].isBlank, words > 0, table[start - 2].isBlank || words >= Int(Tuning.value("UPW", 4)) { break }
            if !table[start - 1].isBlank { words += 1 }
            start -= 1
        }
        while start < line, table[start].isBlank { start += 1 }
        guard start < line else { return nil }
        return EvidenceBlock(lines: start...line, anchor: line, shape: shape, hits: 1, score: 0)
    }

    private func join(_ line: Int, _ index: Int, into block: inout EvidenceBlock, bounded: BlockGrower) {
        block.hits += 1
        if weight(index) > weight(block.shape) {
            block.anchor = line
            block.shape = index
        }
        guard block.lines.count < 250 else { return }
        let end = bounded.end(from: line, shapes[index])
        if end > block.lines.upperBound { block.lines = block.lines.lowerBound...end }
    }

    private func merge(_ next: EvidenceBlock, into block: inout EvidenceBlock) {
        block.hits += next.hits
        block.lines = block.lines.lowerBound...max(block.lines.upperBound, next.lines.upperBound)
        if weight(next.shape) > weight(block.shape) {
            block.anchor = next.anchor
            block.shape = next.shape
        }
    }

    private func weight(_ shape: Int) -> Double {
        switch shapes[shape].role {
        case .cause: shapes[shape].name.hasPrefix("hint.") ? Tuning.value("GEN",75) : 100
        case .detail: Tuning.value("DETAIL",80)
        case .hint: Tuning.value("HINT",30)
        case .summary: Tuning.value("SUM",40)
        case .aftermath: 5
        case .warning: Tuning.value("WARN", 10)
        case .harmless: 0
        }
    }

    private func scored(_ blocks: [EvidenceBlock]) -> [EvidenceBlock] {
        let census = EvidenceFacts.Census(blocks, in: table, shapes: shapes, step: step)
        var seen: Set<UInt32> = []
        var lastOf: [UInt32: Int] = [:]
        for block in blocks { lastOf[table[block.anchor].signature] = block.anchor }
        let scored = blocks.map { block in
            var block = block
            let facts = EvidenceFacts(of: block, in: table, shapes: shapes, step: step, census: census)
            if Tuning.value("FEAT", 0) == 1 { StandardStreams.writeError("FEAT \(block.lines.lowerBound) \(block.lines.upperBound) \(shapes[block.shape].name) " + facts.values.map { "\($0)" }.joined(separator: " ") + "\n") }
            if Tuning.value("MODEL", 0) == 1 {
                block.score = 100 * EvidenceWeights.likelihood(facts)
                return block
            }
            block.score = shapes[block.shape].role == .aftermath ? Tuning.value("UP", 60) : weight(block.shape) + (shapes[block.shape].role == .warning ? 0 : Tuning.value("HIT", 6)) * Double(min(block.hits - 1, 5))
            if Tuning.value("DUPLAST",0)==1 ? lastOf[table[block.anchor].signature] != block.anchor : !seen.insert(table[block.anchor].signature).inserted { block.score *= Tuning.value("DUP", 0.7) }
            block.score *= place(block.lines.lowerBound)
            return block
        }
        guard scored.count > Self.most else { return scored }
        return scored.sorted { ($0.score, $1.lines.lowerBound) > ($1.score, $0.lines.lowerBound) }.prefix(Self.most)
            .sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    }

    /// What stands in the failing step counts most; most of all at its end.
    private func place(_ line: Int) -> Double {
        if line > step.end { return Tuning.value("AFTER",0.5) }
        if line < step.start { return Tuning.value("BEFORE",0.3) }
        return step.end - line < Int(Tuning.value("NEAR", 60)) ? Tuning.value("NEARW",1) : 1
    }
}
