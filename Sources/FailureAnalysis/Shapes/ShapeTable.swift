package import Text

/// All shapes in order: where two fit a line, the earlier one names it.
///
/// A new tool family is one file with its shapes and a line here.
package struct ShapeTable: Sendable {
    package let shapes: [ErrorShape]
    private let set: PatternSet

    /// Bytes of a line that are looked at: what is wrong is said early, and minified lines are long.
    private static let reach = 2048

    package init(_ shapes: [ErrorShape]) throws(PatternError) {
        var entries: [PatternSet.Entry] = []
        for shape in shapes { entries.append(.init(try Pattern(shape.pattern), literals: shape.literals)) }
        self.shapes = shapes
        set = PatternSet(entries)
    }

    package static func standard() throws(PatternError) -> ShapeTable { try ShapeTable(families.flatMap { $0 }) }

    private static let families: [[ErrorShape]] = [
        ErrorShape.harmless, ErrorShape.stops, ErrorShape.rust, ErrorShape.go, ErrorShape.swift, ErrorShape.cFamily, ErrorShape.buildTools,
        ErrorShape.python, ErrorShape.dotNet, ErrorShape.jvm, ErrorShape.javaScript, ErrorShape.ruby, ErrorShape.php, ErrorShape.perl,
        ErrorShape.beam, ErrorShape.functional, ErrorShape.scripting, ErrorShape.services, ErrorShape.general,
    ]

    /// Index of the first shape that `line` has. A pattern that hits its ceiling does not match.
    package func shape(of line: UnsafeBufferPointer<UInt8>) -> Int? {
        let line = UnsafeBufferPointer(rebasing: line.prefix(Self.reach))
        for index in set.candidates(in: line) {
            if let match = try? set.entries[index].pattern.firstMatch(in: line), !match.range.isEmpty { return index }
        }
        return nil
    }
}
