/// Packs evidence into an excerpt: what tells most first, then the end of the failing step until the budget is spent.
package struct ExcerptBudget {
    private let table: LineTable
    private let shapes: [ErrorShape]
    private let finder: EvidenceFinder
    private let step: FailingStep
    /// Best first, the earlier of equals first.
    private let blocks: [EvidenceBlock]

    /// From this score on a block comes before the end of the step; below `faint` it does not come at all.
    private static let strong = 60.0
    private static let faint = 25.0

    package init(_ table: LineTable, shapes: [ErrorShape], memory: LogMemory = .none) {
        self.table = table
        self.shapes = shapes
        finder = EvidenceFinder(table, shapes: shapes, memory: memory)
        step = finder.step
        blocks = finder.blocks().sorted { ($0.score, $1.lines.lowerBound) > ($1.score, $0.lines.lowerBound) }
    }

    /// One excerpt for each budget; each holds every smaller one.
    ///
    /// Lines are chosen once, level by level: what was chosen for a small excerpt stays, and the next level adds to it.
    package func excerpts(lines budgets: [Int]) -> [Excerpt] {
        var picked = Picked()
        var tail = 0
        var level = Self.firstLevel
        var granted = 0
        let most = min(budgets.max() ?? 0, table.count)
        repeat {
            picked.grant(level - granted)
            choose(level: level, &tail, &picked)
            granted = level
            level *= 2
        } while granted < most
        return budgets.map { picked.excerpt(lines: $0) }
    }

    private static let firstLevel = 50

    private func choose(level: Int, _ tail: inout Int, _ picked: inout Picked) {
        if let best = blocks.first(where: { $0.score >= 90 && picked.missing($0.lines) <= picked.left }) {
            picked.add(best.lines, shapes[best.shape].name)
        }
        if let verdict = step.verdict { picked.add(verdict...verdict, "the step's verdict") }
        if let name = step.jobName { picked.add(name...name, "name of the job") }
        fillTail(to: 2 + level / 10, &tail, &picked)
        for line in finder.summaries(atMost: level / 50) { picked.add(line...line, "counts what failed") }
        pack(blocks.filter { $0.score >= Self.strong }, level, &picked)
        fillTail(to: level / 4, &tail, &picked)
        pack(blocks.filter { $0.score < Self.strong && $0.score >= Self.faint }, level, &picked)
        fillTail(to: .max, &tail, &picked)
    }

    private func pack(_ blocks: [EvidenceBlock], _ budget: Int, _ picked: inout Picked) {
        for block in blocks {
            let room = room(for: block, budget: budget, picked)
            let lines = block.lines.count <= room ? block.lines : block.lines.lowerBound...(block.lines.lowerBound + room - 1)
            picked.add(lines, shapes[block.shape].name)
            if picked.isFull { return }
        }
    }

    /// A block that fits comes whole; of one that does not, the beginning.
    private func room(for block: EvidenceBlock, budget: Int, _ picked: Picked) -> Int {
        if shapes[block.shape].role == .hint { return max(4, budget * 6 / 100) }
        if picked.missing(block.lines) <= picked.left { return block.lines.count }
        // What is missing of the best one then fits the next level, where it comes first.
        if block == blocks.first, block.score >= 90 { return max(6, budget / 2) }
        return max(6, budget / 4)
    }

    /// Upwards from the end of the failing step, until `count` lines were taken so over all levels; wrappers' farewells are passed over.
    private func fillTail(to count: Int, _ taken: inout Int, _ picked: inout Picked) {
        var left = min(count - taken, picked.left)
        var line = min(step.end, table.count)
        while left > 0, line >= 1, !picked.isFull {
            if isPassedOver(line) {
                while line >= 1, isPassedOver(line) { line -= 1 }
                continue
            }
            let first = max(runStart(line), line - left + 1)
            let new = picked.add(first...line, "end of the failing step", upwards: true)
            left -= new
            taken += new
            line = first - 1
        }
    }

    private func runStart(_ line: Int) -> Int {
        var top = line
        while top > 1, line - top < 200, !isPassedOver(top - 1) { top -= 1 }
        return top
    }

    /// One of four or more lines in a row that are blank, chatter or a wrapper's farewell.
    private func isPassedOver(_ line: Int) -> Bool {
        guard isEmpty(line) else { return false }
        var run = 1
        while run < 4, isEmpty(line - run) { run += 1 }
        var below = 0
        while run + below < 4, isEmpty(line + below + 1) { below += 1 }
        return run + below >= 4
    }

    private func isEmpty(_ line: Int) -> Bool {
        guard line >= 1, line <= table.count else { return false }
        let traits = table[line]
        if traits.isBlank || traits.flags.contains(.chatter) { return true }
        let shape = Int(traits.shape)
        return shape > 0 && shape <= shapes.count && shapes[shape - 1].role == .aftermath
    }
}
