/// What we remember of a line: eight bytes, so that a log of millions of lines fits a small memory.
package struct LineTraits: Sendable, Hashable {
    /// 1 + index in `ShapeTable`; 0 for a line of no shape.
    package var shape: UInt8 = 0
    package var mark: BoundaryMark = .none
    /// Leading blanks after cleaning, a tab counting as 4, at most 255.
    package var indent: UInt8 = 0
    package var flags: Flags = []
    /// Hash of the line with digits taken out: equal for lines that differ only in numbers.
    package var signature: UInt32 = 0

    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        package static let blank = Flags(rawValue: 1)
        /// A stack frame or another line that only continues what stands above: `at …`, `File "…"`, `from …:in`, `| …`, `^~~~`.
        package static let frame = Flags(rawValue: 2)
        /// A ruler: mostly `=`, `-`, `_`, `*` or `#`.
        package static let ruler = Flags(rawValue: 4)
        /// Handed over cut: longer than `LineSplitter.longest`.
        package static let cut = Flags(rawValue: 8)
        /// Chatter of the CI server itself, e.g. `travis_time:end:…`: never worth a line of an excerpt.
        package static let chatter = Flags(rawValue: 16)
        /// Ends with a colon: what it speaks of stands below.
        package static let announces = Flags(rawValue: 32)
    }

    package init() {}

    package var isBlank: Bool { flags.contains(.blank) }
    package var isFrame: Bool { flags.contains(.frame) }
    package var isRuler: Bool { flags.contains(.ruler) }
    package var announces: Bool { flags.contains(.announces) }
}
