package import Basics
import Text

/// A failed test as its log tells of it: what the history of tests learns from a log where no report of the runner is kept.
package struct ObservedTest: Sendable, Hashable, Codable {
    /// As the runner printed it.
    package let name: UntrustedText
    /// In seconds; `nil` where the line does not say.
    package let seconds: Double?

    package init(name: UntrustedText, seconds: Double?) {
        self.name = name
        self.seconds = seconds
    }
}

/// Reads how long a test took from the line that names it.
///
/// Sources: the runners' own output: `--- FAIL: TestX (0.12s)`, `Time elapsed: 0.061 sec`, `[  FAILED  ] X (12 ms)`, `FAIL [   0.5s] x`.
struct TestDuration: Sendable {
    private let pattern: Pattern

    init() throws(PatternError) {
        pattern = try Pattern(#"[\s(\[:](\d{1,6}(?:\.\d{1,9})?) ?(ms|s|secs?|seconds)(?![\w.])"#)
    }

    func seconds(in line: [UInt8]) -> Double? {
        let line = Array(line.prefix(1000))
        guard let match = try? pattern.firstMatch(in: line), match.groups.count >= 2, let number = match.groups[0],
            let unit = match.groups[1],
            let value = Double(String(decoding: line[number], as: UTF8.self))
        else { return nil }
        return String(decoding: line[unit], as: UTF8.self) == "ms" ? value / 1000 : value
    }
}
