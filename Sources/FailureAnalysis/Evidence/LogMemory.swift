package import Basics

/// What earlier runs of a job say about the lines of its log: which of them a success printed too, and which named a cause that was fixed.
///
/// It changes what is quoted first. It never changes a fingerprint: a cause must be the same one before and after something was learnt.
package struct LogMemory: Sendable, Hashable {
    package static let none = LogMemory()

    /// Lines that differ only in numbers are one, as long as they read as the same kind of line: `0 errors` is not `3 errors`.
    private struct Line: Sendable, Hashable {
        let signature: UInt32
        let shape: UInt8

        init(_ traits: LineTraits) {
            signature = traits.signature
            shape = traits.shape
        }
    }

    private var survived: Set<Line> = []
    private var proven: Set<Line> = []

    /// A success prints thousands of different suspicious lines only when it prints anything at all.
    private static let most = 20_000

    package var isEmpty: Bool { survived.isEmpty && proven.isEmpty }

    mutating func noteSuccess(_ table: LineTable, shapes: [ErrorShape]) {
        guard table.count > 0 else { return }
        table.forEach(in: 1...table.count) { _, traits in
            let shape = Int(traits.shape)
            guard shape > 0, shape <= shapes.count, shapes[shape - 1].role != .harmless, survived.count < Self.most else { return }
            survived.insert(Line(traits))
        }
    }

    mutating func noteCause(_ traits: LineTraits) {
        if traits.shape > 0, proven.count < Self.most { proven.insert(Line(traits)) }
    }

    /// The job came to a good end with this line in its log.
    func wasSurvived(_ traits: LineTraits) -> Bool { survived.contains(Line(traits)) }
    /// A cause was known by this line before, and mended.
    func wasProven(_ traits: LineTraits) -> Bool { proven.contains(Line(traits)) }
}

extension LogAnalyzer {
    /// - Parameters:
    ///   - successes: logs of the same job that ended well.
    ///   - causes: first lines of failures in the same repository that were fixed since.
    package func memory(ofSuccesses successes: [LogFile], causes: [UntrustedText]) throws(LogError) -> LogMemory {
        var memory = LogMemory()
        for log in successes { memory.noteSuccess(try read(log), shapes: shapes) }
        for cause in causes { memory.noteCause(traits(of: cause.raw)) }
        return memory
    }
}
