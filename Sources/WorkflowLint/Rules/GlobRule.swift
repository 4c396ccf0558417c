import Text

enum GlobRule: WorkflowRule {
    static let id = "glob"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A filter pattern that is malformed or can match no branch, tag or path."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for event in file.workflow.events {
            for filter in event.filters {
                let kind = filter.key.value
                guard kind.hasPrefix("branches") || kind.hasPrefix("tags") || kind.hasPrefix("paths") else { continue }
                for pattern in filter.patterns where !pattern.hasExpression {
                    let complaint = GlobPattern.complaint(about: pattern.value, isPath: kind.hasPrefix("paths"))
                    if let complaint { report.add(pattern.mark, "the pattern '\(pattern.value.trimmingLineBreaks)' \(complaint)") }
                }
            }
        }
        for version in file.workflow.versionPatterns where !version.hasExpression {
            if let complaint = GlobPattern.syntaxComplaint(about: version.value) {
                report.add(version.mark, "the pattern '\(version.value)' \(complaint)")
            }
        }
    }
}

/// GitHub's filter patterns: `*`, `**`, `?`, `+`, `[…]`, `!` in front. Source: docs.github.com workflow syntax, filter pattern cheat sheet.
enum GlobPattern {
    static func complaint(about pattern: String, isPath: Bool) -> String? {
        if let complaint = syntaxComplaint(about: pattern) { return complaint }
        return isPath ? pathComplaint(pattern) : refComplaint(pattern)
    }

    static func syntaxComplaint(about pattern: String) -> String? {
        var rest = Array(pattern)[...]
        if rest.first == "!" {
            rest = rest.dropFirst()
            if rest.isEmpty { return "negates nothing: a pattern must follow the '!'" }
        }
        var previous: Character?
        while let character = rest.popFirst() {
            switch character {
            case "\\": previous = rest.popFirst()
            case "?", "+":
                guard let before = previous, !"*?+".contains(before) else {
                    return "has '\(character)' with nothing in front of it to repeat"
                }
                previous = character
            case "[":
                if let complaint = skipSet(&rest) { return complaint }
                previous = "]"
            default: previous = character
            }
        }
        return nil
    }

    private static func skipSet(_ rest: inout ArraySlice<Character>) -> String? {
        guard let end = rest.firstIndex(of: "]") else { return "has '[' without ']'" }
        let set = Array(rest[..<end])
        rest = rest[(end + 1)...]
        if set.isEmpty { return "has an empty '[]'" }
        if set.count == 1 { return "has '[\(set[0])]', which is just '\(set[0])'" }
        for index in set.indices.dropFirst().dropLast() where set[index] == "-" {
            let (low, high) = (set[index - 1], set[index + 1])
            if low > high { return "has the range '\(low)-\(high)', which runs backwards" }
        }
        return nil
    }

    private static func pathComplaint(_ pattern: String) -> String? {
        if pattern.first?.isWhitespace == true || pattern.last?.isWhitespace == true {
            return "begins or ends with white space, and no path does"
        }
        let bare = pattern.hasPrefix("!") ? pattern.dropFirst() : pattern[...]
        let parts = bare.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(".") || parts.contains("..") {
            return "has '.' or '..' as a folder; paths begin at the repository's root without them"
        }
        return nil
    }

    /// Source: git-check-ref-format(1)
    private static func refComplaint(_ pattern: String) -> String? {
        let bare = Array(pattern.hasPrefix("!") ? pattern.dropFirst() : pattern[...])
        if bare.first == "/" { return "begins with '/', and no branch or tag does; patterns are no regular expressions" }
        if bare.last == "/" || bare.last == "." { return "ends with '\(bare.last ?? "/")', and no branch or tag does" }
        var index = 0
        while index < bare.count {
            let character = bare[index]
            if character == "\\" {
                guard index + 1 < bare.count, "[?+*\\!".contains(bare[index + 1]) else {
                    return "has '\\' before a character that needs no escape; patterns are no regular expressions"
                }
                index += 1
            } else if character.isWhitespace || "~^:".contains(character) {
                return "has '\(character)', which no branch or tag name may have; patterns are no regular expressions"
            }
            index += 1
        }
        return String(bare).contains("..") ? "has '..', which no branch or tag name may have" : nil
    }
}
