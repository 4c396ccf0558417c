/// Lines that belong together and tell something of the failure.
package struct EvidenceBlock: Sendable, Hashable {
    package var lines: ClosedRange<Int>
    /// The line that tells most, and its shape.
    package var anchor: Int
    package var shape: Int
    /// Lines of a shape in it.
    package var hits: Int
    package var score: Double
}
