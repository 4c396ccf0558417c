package import Text

/// The marks of all dialects, tried together: a log rarely says which server wrote it.
package struct BoundaryTable: Sendable {
    private let set: PatternSet
    private let marks: [BoundaryMark]

    package init(_ dialects: [BoundaryDialect] = BoundaryDialect.all) throws(PatternError) {
        let rules = dialects.flatMap(\.rules)
        var entries: [PatternSet.Entry] = []
        for rule in rules { entries.append(.init(try Pattern(rule.pattern), literals: rule.literals)) }
        set = PatternSet(entries)
        marks = rules.map(\.mark)
    }

    package func mark(of line: UnsafeBufferPointer<UInt8>) -> BoundaryMark {
        let line = UnsafeBufferPointer(rebasing: line.prefix(512))
        for index in set.candidates(in: line) {
            if let match = try? set.entries[index].pattern.firstMatch(in: line), !match.range.isEmpty { return marks[index] }
        }
        return .none
    }
}
