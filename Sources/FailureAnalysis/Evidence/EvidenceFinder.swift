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
        let grower = BlockGrower(table, shapes: shapes, limit: table.count)
        let bounded = BlockGrower(table, shapes: shapes, limit: step.end)
        table.forEach(in: 1...table.count) { line, traits in
            guard traits.shape > 0, Int(traits.shape) <= shapes.count else { return }
            let index = Int(traits.shape) - 1
            let shape = shapes[index]
            guard shape.role != .harmless, shape.role != .aftermath else { return }
            if let last = blocks.last, line <= last.lines.upperBound {
                join(line, index, into: &blocks[blocks.count - 1], bounded: line <= step.end ? bounded : grower)
                return
            }
            let end = (line <= step.end ? bounded : grower).end(from: line, shape)
            let start = grower.start(of: line, shape)
            let floor = (blocks.last?.lines.upperBound ?? 0) + 1
            let block = EvidenceBlock(lines: max(floor, start)...max(line, end), anchor: line, shape: index, hits: 1, score: 0)
            if let last = blocks.last, block.lines.lowerBound - last.lines.upperBound <= Int(Tuning.value("GAP", 1)), last.lines.count < Int(Tuning.value("MERGE", 120)) {
                merge(block, into: &blocks[blocks.count - 1])
            } else {
                blocks.append(block)
            }
        }
        return scored(blocks)
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
        case .harmless: 0
        }
    }

    private func scored(_ blocks: [EvidenceBlock]) -> [EvidenceBlock] {
        var seen: Set<UInt32> = []
        let scored = blocks.map { block in
            var block = block
            block.score = weight(block.shape) + Tuning.value("HIT", 6) * Double(min(block.hits - 1, 5))
            if !seen.insert(table[block.anchor].signature).inserted { block.score *= Tuning.value("DUP", 0.7) }
            block.score *= place(block.lines.lowerBound)
            return block
        }
        guard scored.count > Self.most else { return scored }
        return scored.sorted { ($0.score, $1.lines.lowerBound) > ($1.score, $0.lines.lowerBound) }.prefix(Self.most)
            .sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    }

    /// What stands in the failing step counts most; most of all at its end.
    private func place(_ line: Int) -> Double {
        if line > step.end { return Tuning.value("AFTER",0.35) }
        if line < step.start { return Tuning.value("BEFORE",0.3) }
        return step.end - line < Int(Tuning.value("NEAR", 60)) ? Tuning.value("NEARW",1.15) : 1
    }
}
