package import Basics

/// What compilers and linters print, a finding a line:
///
///     path:12:5: error: message [rule]      clang, swiftc, gcc, mypy, shellcheck -f gcc, go vet, golangci-lint
///     path:12:5: E501 message               ruff, flake8, pycodestyle
///     path(12,5): error TS2322: message     tsc, dotnet
package struct LineReport: ToolReport {
    package let name = "lines"

    package init() {}

    package func findings(in text: UntrustedText, root: String) -> [Finding] {
        var findings: [Finding] = []
        for line in text.raw.textLines where findings.count < ToolReports.mostFindings {
            guard let finding = Self.colons(line, root) ?? Self.parentheses(line, root), !findings.contains(finding) else { continue }
            findings.append(finding)
        }
        return findings
    }

    // MARK: path:12:5: message

    private static func colons(_ line: String, _ root: String) -> Finding? {
        let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, isPath(parts[0]), let number = lineNumber(parts[1]) else { return nil }
        let hasColumn = parts.count == 4 && !parts[2].isEmpty && parts[2].allSatisfy(\.isNumber)
        let message = (hasColumn ? parts[3] : parts[2...].joined(separator: ":")).trimmingBlanks
        return finding(path: parts[0], line: number, message, root)
    }

    // MARK: path(12,5): message

    private static func parentheses(_ line: String, _ root: String) -> Finding? {
        guard let open = line.firstIndex(of: "("), let close = line[open...].firstRange(of: "): ") else { return nil }
        let place = line[line.index(after: open)..<close.lowerBound].split(separator: ",")
        guard let number = place.first.flatMap({ lineNumber(String($0)) }), isPath(String(line[..<open])) else { return nil }
        return finding(path: String(line[..<open]), line: number, String(line[close.upperBound...]).trimmingBlanks, root)
    }

    private static func finding(path: String, line: Int, _ message: String, _ root: String) -> Finding? {
        guard !message.isEmpty else { return nil }
        let (severity, rest) = severity(message)
        // Notes explain the finding before them.
        if severity == .info { return nil }
        let (rule, text) = rule(rest)
        guard rule != nil || severity != nil else { return plain(path: path, line: line, rest, root) }
        return ToolReports.finding(
            tool: tool(rule), rule: rule, path: ToolReports.relative(path, root: root), lines: line...line, severity: severity ?? .medium,
            message: text)
    }

    /// `go vet` names neither severity nor rule: believed for source files only.
    private static func plain(path: String, line: Int, _ message: String, _ root: String) -> Finding? {
        guard path.hasSuffix(".go"), message.contains(" ") else { return nil }
        return ToolReports.finding(
            tool: "go", rule: nil, path: ToolReports.relative(path, root: root), lines: line...line, severity: .medium, message: message)
    }

    private static func severity(_ message: String) -> (Severity?, String) {
        let words: [(String, Severity)] = [
            ("fatal error", .high), ("error", .high), ("warning", .medium), ("style", .low), ("note", .info), ("info", .info),
        ]
        for (word, severity) in words where message.lowercased().hasPrefix(word) {
            let rest = message.dropFirst(word.count)
            if rest.hasPrefix(":") { return (severity, String(rest.dropFirst()).trimmingBlanks) }
            // error TS2322: …
            if rest.hasPrefix(" "), let colon = rest.firstIndex(of: ":"), rest.distance(from: rest.startIndex, to: colon) <= 12 {
                return (severity, String(rest.dropFirst()))
            }
        }
        return (nil, message)
    }

    /// A code at the start (`E501 …`, `TS2322: …`) or in brackets at the end (`… [-Wunused]`, `… (errcheck)`).
    private static func rule(_ message: String) -> (String?, String) {
        let first = message.prefix { $0 != " " && $0 != ":" }
        let letters = first.prefix { $0.isASCII && $0.isUppercase }
        let digits = first.dropFirst(letters.count)
        if (1...5).contains(letters.count), (2...5).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return (String(first), String(message.dropFirst(first.count).drop { $0 == ":" || $0 == " " }))
        }
        for (open, close) in [("[", "]"), ("(", ")")] where message.hasSuffix(close) {
            guard let start = message.lastIndex(of: Character(open)) else { continue }
            let name = message[message.index(after: start)...].dropLast()
            let isName =
                !name.isEmpty && name.count <= 60 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_/,.".contains($0)) }
            if isName { return (String(name), String(message[..<start]).trimmingBlanks) }
        }
        return (nil, message)
    }

    private static func tool(_ rule: String?) -> String {
        guard let rule else { return "compiler" }
        if rule.hasPrefix("-W") { return "compiler" }
        if rule.hasPrefix("TS") { return "tsc" }
        if rule.hasPrefix("SC") { return "shellcheck" }
        return "linter"
    }

    private static func isPath(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 400 && text.contains(".") && !text.contains("\t") && !text.hasPrefix(" ") && !text.hasPrefix("http")
    }

    private static func lineNumber(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), number >= 1
        else { return nil }
        return number
    }
}
