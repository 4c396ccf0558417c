/// Packs evidence into an excerpt: what tells most first, then the end of the failing step until the budget is spent.
package struct ExcerptBudget {
    private let table: LineTable
    private let shapes: [ErrorShape]
    private let step: FailingStep
    private let blocks: [EvidenceBlock]

    package init(_ table: LineTable, shapes: [ErrorShape]) {
        self.table = table
        self.shapes = shapes
        let finder = EvidenceFinder(table, shapes: shapes)
        step = finder.step
        blocks = finder.blocks().sorted { ($0.score, $1.lines.lowerBound) > ($1.score, $0.lines.lowerBound) }
    }

    package func excerpt(lines budget: Int) -> Excerpt {
        var picked = Picked(budget: budget)
        if let verdict = step.verdict { picked.add(verdict...verdict, "the step's verdict") }
        if let name = step.jobName { picked.add(name...name, "name of the job") }
        let first = blocks.first
        if Tuning.value("FIRST", 1) == 1, let first, first.score >= 90, first.lines.count + 3 <= picked.left { picked.add(first.lines, shapes[first.shape].name) }
        fillTail(Int(Tuning.value("TAIL0", 2) + Double(budget) * Tuning.value("TAILF", 0.08)), &picked)
        for block in blocks where block.score >= Tuning.value("MIN", 25) {
            let room = self.room(for: block, budget: budget, left: picked.left)
            let lines = block.lines.count <= room ? block.lines : block.lines.lowerBound...(block.lines.lowerBound + room - 1)
            picked.add(lines, shapes[block.shape].name)
            if picked.isFull { break }
        }
        fillTail(budget, &picked)
        return picked.excerpt
    }

    private func room(for block: EvidenceBlock, budget: Int, left: Int) -> Int {
        if shapes[block.shape].role == .hint { return max(4, Int(Double(budget) * Tuning.value("HINTROOM", 0.1))) }
        if block.lines.count <= left, Double(block.lines.count) <= Double(budget) * Tuning.value("WHOLE", 0.95) { return block.lines.count }
        return max(6, Int(Double(budget) * Tuning.value("PART", 0.2)))
    }

    /// Up to `count` lines upwards from the end of the failing step; wrappers' farewells are passed over.
    private func fillTail(_ count: Int, _ picked: inout Picked) {
        var left = min(count, picked.left)
        var line = step.end
        while left > 0, line >= 1, !picked.isFull {
            let top = runStart(line)
            if isPassedOver(line) {
                line = passedOver(from: line)
                continue
            }
            let first = max(top, line - left + 1)
            left -= picked.add(first...line, "end of the failing step")
            line = first - 1
        }
    }

    private func runStart(_ line: Int) -> Int {
        var top = line
        while top > 1, line - top < 200, !isPassedOver(top - 1) { top -= 1 }
        return top
    }

    /// Three or more lines in a row that are blank, chatter or a wrapper's farewell.
    private func isPassedOver(_ line: Int) -> Bool {
        let reach = Int(Tuning.value("EMPTY", 4))
        guard isEmpty(line) else { return false }
        var run = 1
        while run < reach, isEmpty(line - run) { run += 1 }
        var below = 0
        while run + below < reach, isEmpty(line + below + 1) { below += 1 }
        return run + below >= reach
    }

    private func passedOver(from line: Int) -> Int {
        var line = line
        while line >= 1, isPassedOver(line) { line -= 1 }
        return line
    }

    private func isEmpty(_ line: Int) -> Bool {
        guard line >= 1, line <= table.count else { return false }
        let traits = table[line]
        if traits.isBlank || traits.flags.contains(.chatter) { return true }
        let shape = Int(traits.shape)
        return shape > 0 && shape <= shapes.count && shapes[shape - 1].role == .aftermath
    }
}
