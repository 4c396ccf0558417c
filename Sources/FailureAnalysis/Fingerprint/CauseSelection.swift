/// Chooses the lines that name the cause: the same ones in any order of the log.
///
/// All blocks of the failing step with the most telling role speak; hints, warnings and wrappers do not, and neither does what comes and goes
/// with the weather (a connection reset, a slow answer) unless nothing else was wrong.
struct CauseSelection {
    /// A cause is named by the line that shows it and the first lines below: later ones are frames and echoes.
    private static let linesOfAnchor = 6
    private static let mostLinesOfBlock = 120
    private static let mostBlocks = 512

    let blocks: [EvidenceBlock]
    private let table: LineTable
    private let shapes: [ErrorShape]
    private let step: FailingStep

    init(_ all: [EvidenceBlock], step: FailingStep, table: LineTable, shapes: [ErrorShape]) {
        self.table = table
        self.shapes = shapes
        self.step = step
        let inStep = all.filter { $0.lines.lowerBound >= step.start && $0.lines.lowerBound <= step.end }
        let pool = inStep.isEmpty ? all : inStep
        let ranked = Self.tiers(pool, shapes).first { !$0.isEmpty } ?? []
        let lasting = ranked.filter { shapes[$0.shape].failureClass != .infrastructure && shapes[$0.shape].failureClass != .timeout }
        blocks = Array((lasting.isEmpty ? ranked : lasting).prefix(Self.mostBlocks))
    }

    /// The lines to mask; when no block speaks, the last words of the step.
    var lines: [Int] {
        if blocks.isEmpty { return lastWords }
        return blocks.flatMap { tellingLines(of: $0) }
    }

    private static func tiers(_ blocks: [EvidenceBlock], _ shapes: [ErrorShape]) -> [[EvidenceBlock]] {
        [
            blocks.filter { shapes[$0.shape].role == .cause && !shapes[$0.shape].isGeneral },
            blocks.filter { shapes[$0.shape].role == .detail },
            blocks.filter { shapes[$0.shape].role == .cause },
            blocks.filter { shapes[$0.shape].role == .summary },
            blocks.filter { shapes[$0.shape].role == .hint },
        ]
    }

    /// Every line of the block that tells as much as its anchor, each with what follows it: so that neighbours may change places.
    private func tellingLines(of block: EvidenceBlock) -> [Int] {
        var lines: [Int] = []
        var left = 0
        for line in block.lines where lines.count < Self.mostLinesOfBlock {
            let traits = table[line]
            if isAnchor(traits, like: block) { left = Self.linesOfAnchor }
            if traits.mark != .none || role(traits) == .harmless { left = 0 }
            guard left > 0, !traits.isBlank, !traits.isFrame, !traits.isRuler else { continue }
            lines.append(line)
            left -= 1
        }
        return lines
    }

    private func isAnchor(_ traits: LineTraits, like block: EvidenceBlock) -> Bool {
        guard let role = role(traits) else { return false }
        return role == shapes[block.shape].role && shapes[Int(traits.shape) - 1].isGeneral == shapes[block.shape].isGeneral
    }

    private func role(_ traits: LineTraits) -> ErrorShape.Role? {
        traits.shape > 0 && Int(traits.shape) <= shapes.count ? shapes[Int(traits.shape) - 1].role : nil
    }

    private var lastWords: [Int] {
        var lines: [Int] = []
        var line = min(step.end, table.count)
        while line >= step.start, line >= 1, lines.count < 3 {
            if !table[line].isBlank, !table[line].flags.contains(.chatter) { lines.append(line) }
            line -= 1
        }
        return lines
    }
}
