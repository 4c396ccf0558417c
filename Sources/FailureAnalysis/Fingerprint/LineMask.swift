package import Text

/// Takes out of a line what differs between two runs that fail for the same reason: times, ids, hashes, addresses, durations, places that
/// drift. What tells causes apart stays: names, error codes, exit statuses, versions.
package struct LineMask: Sendable {
    private struct Rule: Sendable {
        let pattern: Pattern
        let replacement: String
        /// Keeps group 1 before the replacement.
        let keepsFirstGroup: Bool
    }

    private let rules: [Rule]
    /// Bytes of a line that count.
    private static let longest = 600

    package init() throws(PatternError) {
        var rules: [Rule] = []
        for (pattern, replacement) in Self.table {
            let compiled = try Pattern(pattern)
            rules.append(Rule(pattern: compiled, replacement: replacement, keepsFirstGroup: compiled.groups > 0))
        }
        self.rules = rules
    }

    /// In this order: a time must go before its numbers do.
    private static let table: [(String, String)] = [
        (#"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"#, "<time>"),
        (#"\b\d{4}[-/.]\d\d[-/.]\d\d\b|\b\d\d/\d\d/\d{4}\b"#, "<time>"),
        (
            #"(?i)\b(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +\d{1,4}(?:,? \d{4})?\b"#,
            "<time>"
        ),
        (#"(?<![\w.:)])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?"#, "<time>"),
        (#"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"#, "<id>"),
        (#"(?i)\b0x[0-9a-f]+\b"#, "<address>"),
        (#"\b([a-z][a-z0-9]*(?:-[a-z0-9]+)*)-[a-z0-9]{8,10}-[a-z0-9]{5}\b"#, "-<id>"),
        (#"(?i)\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,128}\b"#, "<id>"),
        (#"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"#, "<host>"),
        (#"(?i)\b(localhost|host\.docker\.internal):\d+"#, ":<port>"),
        (
            #"(?i)\b\d+(?:[.,]\d+)?\s?(?:ns|µs|us|ms|msecs?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)(?:\s?\d+(?:\.\d+)?\s?(?:s|secs?|seconds?|ms|m))*\b"#,
            "<duration>"
        ),
        (#"(?i)\b\d+(?:[.,]\d+)?\s?(?:[kmgt]i?b|bytes?)(?:/s)?\b"#, "<size>"),
        (#"(?:/private)?/(?:tmp|var/tmp|var/folders|dev/shm)/[^\s'"`:,;)\]]*/"#, "<tmp>/"),
        (#"(?:/private)?/(?:tmp|var/tmp|dev/shm)/[^\s'"`:,;)\]]*"#, "<tmp>"),
        (#"(?<![\w.:/])(?:[A-Za-z]:)?[/\\](?:[^\s/\\:'"`()]+[/\\])+(?=[^\s/\\:'"`()]+[/\\][^\s/\\:'"`()]+)"#, ""),
        (#"(\.[A-Za-z]{1,6}):\d+(?::\d+)?\b"#, ":<line>"),
        (#"(\.[A-Za-z]{1,6}) ?\(\d+(?:[,:]\d+)*\)"#, ":<line>"),
        (#"(?i)\b(line|lines|col|column|characters?|char|position|offset)[ =:]+\d+(?:[-–,]\d+)?"#, " <n>"),
        (#"(#)L?\d+(?:-L?\d+)?\b"#, "<n>"),
        (#"(?i)\b(thread|worker|process|pid|job|task|runner|build|gw|fork|container)([-_#:= \[(]*)\d+\b"#, " <n>"),
        (#"\d+(?:\.\d+)?%"#, "<n>%"),
        (
            #"(?i)(?<![\w.@=\-])(?<!code )(?<!code: )(?<!status )(?<!status: )(?<!exit )(?<!with )(?<!error )(?<!error: )(?<!http )(?<!signal )(?<!\[)[-+]?\d+(?:[.,]\d+)*(?![\w.\-])"#,
            "<n>"
        ),
        (#"[=\-_*#~.]{4,}"#, "<ruler>"),
        (#"\s+"#, " "),
    ]

    /// `line` is clean (`LineCleaner`).
    package func mask(_ line: [UInt8]) -> [UInt8] {
        var text = Array(line.prefix(Self.longest))
        for rule in rules { text = apply(rule, to: text) }
        while text.first == 32 { text.removeFirst() }
        while text.last == 32 { text.removeLast() }
        return text
    }

    package func mask(_ line: String) -> String { String(decoding: mask(Array(line.utf8)), as: UTF8.self) }

    /// A pattern that hits its ceiling leaves the line as it is.
    private func apply(_ rule: Rule, to text: [UInt8]) -> [UInt8] {
        guard let matches = try? rule.pattern.allMatches(in: text), !matches.isEmpty else { return text }
        var result: [UInt8] = []
        var position = 0
        for match in matches where match.range.lowerBound >= position && !match.range.isEmpty {
            result += text[position..<match.range.lowerBound]
            if rule.keepsFirstGroup, let kept = match.groups.first ?? nil { result += text[kept] }
            result += rule.replacement.utf8
            position = match.range.upperBound
        }
        result += text[position...]
        return result
    }
}
