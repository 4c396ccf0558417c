internal import Basics

extension LogAnalyzer {
    /// Reads the log a second time for the few lines that name the cause.
    package func fingerprint(of file: LogFile, table: LineTable) throws(LogError) -> Fingerprint {
        try fingerprint(of: file, table: table, finder: EvidenceFinder(table, shapes: shapes))
    }

    func fingerprint(of file: LogFile, table: LineTable, finder: EvidenceFinder) throws(LogError) -> Fingerprint {
        let blocks = finder.blocks()
        let selection = CauseSelection(blocks, step: finder.step, table: table, shapes: shapes)
        let wanted = Set(selection.lines)
        var lines: Set<String> = []
        var cleaner = LineCleaner()
        try file.forEachLine { number, line in
            guard wanted.contains(number) else { return }
            let text = cleaner.clean(line) { Array($0) }
            lines.insert(String(decoding: mask.mask(text), as: UTF8.self))
        }
        return Fingerprint(
            lines: lines,
            failureClass: FailureClassifier(shapes: shapes).failureClass(of: selection.blocks, among: blocks, step: finder.step),
            evidence: Self.evidence(selection))
    }

    /// Of a failure that is told without a log: a state, an event, a verdict of the forge.
    func fingerprint(ofStatements statements: [UntrustedText], failureClass: FailureClass) -> Fingerprint {
        let lines = statements.map { String(decoding: mask.mask(Array($0.raw.utf8.prefix(2000))), as: UTF8.self) }
        return Fingerprint(lines: Set(lines), failureClass: failureClass, evidence: [])
    }

    private static func evidence(_ selection: CauseSelection) -> [ClosedRange<Int>] {
        let ranges = selection.blocks.isEmpty ? selection.lines.map { $0...$0 } : selection.blocks.map(\.lines)
        return Array(ranges.prefix(Excerpt.mostRanges)).sorted { $0.lowerBound < $1.lowerBound }
    }
}

/// The class of a failure, by what its evidence says.
struct FailureClassifier {
    let shapes: [ErrorShape]

    /// What the machine did to the job goes before what the job's tools said about it: a test that was killed for its memory is no test failure.
    func failureClass(of cause: [EvidenceBlock], among blocks: [EvidenceBlock], step: FailingStep) -> FailureClass {
        if step.wasStopped { return cause.contains { shapes[$0.shape].name == "stop.cancelled" } ? .infrastructure : .timeout }
        let inStep = blocks.filter { $0.lines.lowerBound >= step.start && $0.lines.lowerBound <= step.end && $0.score >= 60 }
        if inStep.contains(where: { shapes[$0.shape].failureClass == .outOfMemory }) { return .outOfMemory }
        if let stated = mostFrequent(strongest(of: cause)) ?? mostFrequent(cause) { return stated }
        return mostFrequent(inStep) ?? mostFrequent(blocks) ?? .unknown
    }

    /// The blocks that score within a hit or two of the best.
    private func strongest(of blocks: [EvidenceBlock]) -> [EvidenceBlock] {
        let best = blocks.map(\.score).max() ?? 0
        return blocks.filter { $0.score >= best - 8 }
    }

    private func mostFrequent(_ blocks: [EvidenceBlock]) -> FailureClass? {
        var counts: [FailureClass: Int] = [:]
        for block in blocks { if let stated = shapes[block.shape].failureClass { counts[stated, default: 0] += 1 } }
        return counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    }
}
