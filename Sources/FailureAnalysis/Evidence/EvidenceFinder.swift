/// Finds the blocks of a log that tell why it failed, and how much each tells.
package struct EvidenceFinder {
    private let table: LineTable
    private let shapes: [ErrorShape]
    private let memory: LogMemory
    package let step: FailingStep

    /// Blocks kept: far more than any excerpt has room for.
    private static let most = 4096

    package init(_ table: LineTable, shapes: [ErrorShape], memory: LogMemory = .none) {
        self.memory = memory
        self.table = table
        self.shapes = shapes
        step = FailingStep(in: table)
    }

    /// Of another step than the first that failed.
    init(_ table: LineTable, shapes: [ErrorShape], step: FailingStep, memory: LogMemory = .none) {
        self.memory = memory
        self.table = table
        self.shapes = shapes
        self.step = step
    }

    /// In the order of the log; none overlap.
    package func blocks() -> [EvidenceBlock] {
        guard table.count > 0 else { return [] }
        var blocks: [EvidenceBlock] = []
        var sawFarewell = false
        let beyond = BlockGrower(table, shapes: shapes, limit: table.count)
        let within = BlockGrower(table, shapes: shapes, limit: step.end)
        table.forEach(in: 1...table.count) { line, traits in
            guard traits.shape > 0, Int(traits.shape) <= shapes.count else { return }
            let shape = Int(traits.shape) - 1
            if shapes[shape].role == .aftermath, !sawFarewell, line >= step.start, line <= step.end {
                sawFarewell = true
                if let block = lastWords(before: line, shape: shape, after: blocks.last?.lines.upperBound ?? 0) { blocks.append(block) }
            }
            guard shapes[shape].role != .harmless, shapes[shape].role != .aftermath else { return }
            add(line, shape, line <= step.end ? within : beyond, to: &blocks)
        }
        return scored(blocks)
    }

    /// The last lines of the failing step that count what failed, whether or not they stand in a block.
    package func summaries(atMost count: Int) -> [Int] {
        var found: [Int] = []
        guard count > 0, step.start <= step.end else { return [] }
        table.forEach(in: step.start...step.end) { line, traits in
            guard traits.shape > 0, Int(traits.shape) <= shapes.count, shapes[Int(traits.shape) - 1].role == .summary else { return }
            found.append(line)
            if found.count > 2 * count + 64 { found.removeFirst(found.count - count) }
        }
        return found.suffix(count)
    }

    private func add(_ line: Int, _ shape: Int, _ grower: BlockGrower, to blocks: inout [EvidenceBlock]) {
        let last = blocks.count - 1
        if last >= 0, line <= blocks[last].lines.upperBound {
            join(line, shape, grower, to: &blocks[last])
            return
        }
        let end = grower.end(from: line, shapes[shape])
        let floor = last >= 0 ? blocks[last].lines.upperBound + 1 : 1
        let start = max(floor, grower.start(of: line))
        let block = EvidenceBlock(lines: start...max(line, end), anchor: line, shape: shape, hits: 1, score: 0)
        if last >= 0, belongs(block, to: blocks[last]) {
            merge(block, into: &blocks[last])
        } else {
            blocks.append(block)
        }
    }

    /// Next to each other, or parted by one line and the first of them strong: one report.
    private func belongs(_ next: EvidenceBlock, to last: EvidenceBlock) -> Bool {
        guard last.lines.count < 120 else { return false }
        let gap = next.lines.lowerBound - last.lines.upperBound
        if gap <= 1 { return true }
        let between = Int(table[last.lines.upperBound + 1].shape)
        if between > 0, between <= shapes.count, shapes[between - 1].role == .harmless { return false }
        return gap == 2 && weight(last.shape) >= 75 && weight(next.shape) >= 30
    }

    /// A wrapper's first farewell (`make: *** Error 1`, `error Command failed`) marks the first command that failed inside the step:
    /// the lines right above it are its last words, of whatever shape.
    private func lastWords(before line: Int, shape: Int, after floor: Int) -> EvidenceBlock? {
        var start = line
        var words = 0
        while start - 1 > max(floor, step.start), line - start < 12, table[start - 1].mark == .none {
            if table[start - 1].isBlank, words > 0, table[start - 2].isBlank || words >= 4 { break }
            if !table[start - 1].isBlank { words += 1 }
            start -= 1
        }
        while start < line, table[start].isBlank { start += 1 }
        guard start < line else { return nil }
        return EvidenceBlock(lines: start...line, anchor: line, shape: shape, hits: 1, score: 0)
    }

    private func join(_ line: Int, _ shape: Int, _ grower: BlockGrower, to block: inout EvidenceBlock) {
        block.hits += 1
        if worth(line, shape) > worth(block.anchor, block.shape) {
            block.anchor = line
            block.shape = shape
        }
        guard block.lines.count < 250 else { return }
        let end = grower.end(from: line, shapes[shape])
        if end > block.lines.upperBound { block.lines = block.lines.lowerBound...end }
    }

    private func merge(_ next: EvidenceBlock, into block: inout EvidenceBlock) {
        block.hits += next.hits
        block.lines = block.lines.lowerBound...max(block.lines.upperBound, next.lines.upperBound)
        if worth(next.anchor, next.shape) > worth(block.anchor, block.shape) {
            block.anchor = next.anchor
            block.shape = next.shape
        }
    }

    /// What a line of a block counts as its anchor: one that a success printed too counts less than a hint.
    private func worth(_ line: Int, _ shape: Int) -> Double {
        remembers && tellsNothing(table[line]) ? weight(shape) * 0.25 : weight(shape)
    }

    /// Only the order matters: other numbers in the same order choose nearly the same lines.
    private func weight(_ shape: Int) -> Double {
        switch shapes[shape].role {
        case .cause: shapes[shape].isGeneral ? 75 : 100
        case .detail: 80
        case .summary: 40
        case .hint: 30
        case .warning: 10
        case .aftermath: 60
        case .harmless: 0
        }
    }

    private func scored(_ blocks: [EvidenceBlock]) -> [EvidenceBlock] {
        var seen: [UInt32: Int] = [:]
        let isSilent = !blocks.contains { weight($0.shape) >= 30 && place($0.lines.lowerBound) == 1 }
        let scored = blocks.map { block in
            var block = block
            let counted = shapes[block.shape].role == .warning || shapes[block.shape].role == .aftermath ? 0 : min(block.hits - 1, 5)
            block.score = weight(block.shape) + 4 * Double(counted)
            if areLastWords(block) { block.score += 10 }
            let signature = table[block.anchor].signature
            let times = seen[signature, default: 0]
            seen[signature] = times + 1
            block.score *= times == 0 ? 1 : times == 1 ? 0.7 : 0.6
            // A step that names no error and fails all the same was told to take warnings for errors.
            if isSilent, shapes[block.shape].role == .warning { block.score *= 4 }
            if !memory.isEmpty { weigh(&block, table[block.anchor]) }
            block.score *= place(block.lines.lowerBound)
            return block
        }
        guard scored.count > Self.most else { return scored }
        let best = scored.sorted { ($0.score, $1.lines.lowerBound) > ($1.score, $0.lines.lowerBound) }.prefix(Self.most)
        return best.sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    }

    var remembers: Bool { !memory.isEmpty }

    /// By what is remembered, the block's line says nothing of this failure: a success printed it too, or it is a verdict, as any failure has.
    func tellsNothing(_ block: EvidenceBlock) -> Bool { remembers && tellsNothing(table[block.anchor]) }

    private func tellsNothing(_ traits: LineTraits) -> Bool {
        traits.mark != .none || memory.wasSurvived(traits) && !memory.wasProven(traits)
    }

    /// A success printed the same line: it is no reason to fail. One that named a cause before is believed more.
    private func weigh(_ block: inout EvidenceBlock, _ anchor: LineTraits) {
        if memory.wasProven(anchor) {
            block.score += 10
        } else if memory.wasSurvived(anchor) {
            block.score *= 0.5
        }
    }

    /// Ends where the step ends: what a command says last is more often why it stopped.
    private func areLastWords(_ block: EvidenceBlock) -> Bool {
        weight(block.shape) >= 75 && block.lines.upperBound <= step.end && block.lines.upperBound >= step.end - 4
    }

    /// What fails after the first failed command mostly fails because of it; what stands before it was survived.
    private func place(_ line: Int) -> Double {
        if line > step.end { return 0.5 }
        return line < step.start ? 0.3 : 1
    }
}
