package import Basics
package import Text

/// Reads the names of failed tests from the lines that announce them.
package struct FailedTestNames: Sendable {
    private let patterns: [Pattern]

    /// One group each: the name. Sources: the runners' own output, as the shapes of the same tools.
    private static let table = [
        #"^\s*--- FAIL: (\S+)"#, #"^(?:FAILED|ERROR) (\S+\.py::\S+)"#, #"^_{3,} (\S.*?) _{3,}$"#, #"^test (\S+) \.\.\. FAILED$"#,
        #"^---- (\S+) stdout ----"#, #"^\[\s+FAILED\s+\] ([\w/.:]+)"#, #"^(?:FAIL|ERROR): (\w+ \([\w.]+\))"#,
        #"^(?:\[ERROR\]\s+)?(\w[\w$.]*\([\w.$]+\))\s.*<<< (?:FAIL|ERR)"#, #"^Test Case '(.+?)' failed"#, #"^\s*● (\S.*›.*)$"#,
        #"^not ok \d+ (?:- )?(.*\S)"#, #"^\s*\d+\) (\S.*\S)\s*$"#, #"^(\S+ > .*) FAILED$"#, #"^rspec (\./\S+:\d+)"#,
        #"^(\S.*) \[FAIL\]\s*$"#,
        #"^\s*\[-\] (.*\S)"#, #"^FAIL .*\[(\S+\.phpt)\]"#, #"^\s+FAIL \[[^\]]*\] (?:\([^)]*\) )?(\S.*)$"#,
    ]

    package init() throws(PatternError) {
        var patterns: [Pattern] = []
        for text in Self.table { patterns.append(try Pattern(text)) }
        self.patterns = patterns
    }

    /// The test's name, at most 200 bytes; `nil` when the line announces none.
    package func name(in line: [UInt8]) -> UntrustedText? {
        for pattern in patterns {
            guard let match = try? pattern.firstMatch(in: Array(line.prefix(1000))), let group = match.groups.first ?? nil else { continue }
            return UntrustedText(String(decoding: line[group].prefix(200), as: UTF8.self))
        }
        return nil
    }
}
