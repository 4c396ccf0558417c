internal import Glibc

/// What is known of a block when it is judged: one number for each fact, in the order of `names`.
package struct EvidenceFacts: Sendable, Hashable {
    package static let names = [
        "constant", "cause", "general cause", "detail", "hint", "summary", "warning", "lead-up", "log causes", "log details", "log hints", "log summaries",
        "log frames", "log lines", "over 40 lines", "in step", "after step", "log lines to end", "within 15 of end", "within 60 of end",
        "step part", "log lines after step", "repeated", "log same shape", "first cause", "last cause", "log causes in step", "stands alone", "opens paragraph",
        "one-line shape", "entry or section", "tells class test", "tells class compile or lint", "tells other class", "no verdict",
        "log blocks after", "first of shape", "last of shape", "signal", "one of few causes", "before step long",
    ]

    package let values: [Double]

    init(
        of block: EvidenceBlock, in table: LineTable, shapes: [ErrorShape], step: FailingStep, census: Census
    ) {
        let shape = shapes[block.shape]
        let start = block.lines.lowerBound
        let counts = Self.counts(in: block.lines, table, shapes)
        let isCause = shape.role == .cause
        let general = isCause && shape.name.hasPrefix("hint.")
        let inStep = start >= step.start && start <= step.end
        let toEnd = inStep ? Double(step.end - block.lines.upperBound) : 0
        func flag(_ value: Bool) -> Double { value ? 1 : 0 }
        func logged(_ value: Double) -> Double { log1p(max(0, value)) }
        let place: [Double] = [
            flag(inStep), flag(start > step.end), inStep ? logged(toEnd) : 0, flag(inStep && toEnd < 15), flag(inStep && toEnd < 60),
            inStep ? Double(start - step.start) / Double(max(1, step.end - step.start)) : 0, start > step.end ? logged(Double(start - step.end)) : 0,
        ]
        let kinds: [Double] = [
            1, flag(isCause && !general), flag(general), flag(shape.role == .detail), flag(shape.role == .hint), flag(shape.role == .summary),
            flag(shape.role == .warning), flag(shape.role == .aftermath), logged(Double(counts.causes)), logged(Double(counts.details)),
            logged(Double(counts.hints)), logged(Double(counts.summaries)), logged(Double(counts.frames)), logged(Double(block.lines.count)),
            flag(block.lines.count > 40),
        ]
        let company: [Double] = [
            flag(census.isRepeated(block)), logged(Double(census.sameShape(block) - 1)), flag(census.firstCause == start),
            flag(census.lastCause == start), logged(Double(census.causesInStep)), flag(counts.causes + counts.details + counts.hints == 1),
            flag(table[start - 1].isBlank || table[start - 1].mark != .none),
        ]
        let form: [Double] = [
            flag(shape.extent == .line), flag(shape.extent == .entry || shape.extent == .section), flag(shape.failureClass == .test),
            flag(shape.failureClass == .compile || shape.failureClass == .lint),
            flag(shape.failureClass != nil && shape.failureClass != .test && shape.failureClass != .compile && shape.failureClass != .lint),
            flag(step.verdict == nil), logged(Double(census.blocksAfter(block))), flag(census.isFirstOfShape(block)), flag(census.isLastOfShape(block)),
            flag(shape.name.hasPrefix("stop.")), flag(isCause && inStep && census.causesInStep <= 3), flag(start < step.start && block.lines.count > 5),
        ]
        values = kinds + place + company + form
    }

    private static func counts(in lines: ClosedRange<Int>, _ table: LineTable, _ shapes: [ErrorShape])
        -> (causes: Int, details: Int, hints: Int, summaries: Int, frames: Int)
    {
        var counts = (causes: 0, details: 0, hints: 0, summaries: 0, frames: 0)
        for line in lines {
            let traits = table[line]
            if traits.isFrame { counts.frames += 1 }
            guard traits.shape > 0, Int(traits.shape) <= shapes.count else { continue }
            switch shapes[Int(traits.shape) - 1].role {
            case .cause: counts.causes += 1
            case .detail: counts.details += 1
            case .hint: counts.hints += 1
            case .summary: counts.summaries += 1
            default: break
            }
        }
        return counts
    }

    /// What the other blocks of the log say about one.
    struct Census {
        private var signatures: [UInt32: Int] = [:]
        private var shapeCounts: [Int: Int] = [:]
        private var firstOfShape: [Int: Int] = [:]
        private var lastOfShape: [Int: Int] = [:]
        private var order: [Int: Int] = [:]
        private let table: LineTable
        private let count: Int
        private(set) var firstCause: Int?
        private(set) var lastCause: Int?
        private(set) var causesInStep = 0

        init(_ blocks: [EvidenceBlock], in table: LineTable, shapes: [ErrorShape], step: FailingStep) {
            self.table = table
            count = blocks.count
            for (index, block) in blocks.enumerated() {
                let start = block.lines.lowerBound
                order[start] = index
                shapeCounts[block.shape, default: 0] += 1
                firstOfShape[block.shape] = firstOfShape[block.shape] ?? start
                lastOfShape[block.shape] = start
                let signature = table[block.anchor].signature
                signatures[signature] = signatures[signature] ?? start
                guard shapes[block.shape].role == .cause, start >= step.start, start <= step.end else { continue }
                causesInStep += 1
                firstCause = firstCause ?? start
                lastCause = start
            }
        }

        func isRepeated(_ block: EvidenceBlock) -> Bool { signatures[table[block.anchor].signature] != block.lines.lowerBound }
        func sameShape(_ block: EvidenceBlock) -> Int { shapeCounts[block.shape] ?? 1 }
        func isFirstOfShape(_ block: EvidenceBlock) -> Bool { firstOfShape[block.shape] == block.lines.lowerBound }
        func isLastOfShape(_ block: EvidenceBlock) -> Bool { lastOfShape[block.shape] == block.lines.lowerBound }
        func blocksAfter(_ block: EvidenceBlock) -> Int { count - 1 - (order[block.lines.lowerBound] ?? 0) }
    }
}
