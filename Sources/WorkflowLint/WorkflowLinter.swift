import Text

/// A linter for workflow files: text in, diagnostics out; nothing is read, run or remembered.
package enum WorkflowLinter {
    package struct Options: Sendable {
        /// Labels of the user's own runners; unknown labels are an error without them.
        package var runnerLabels: Set<String>
        /// Text of a file of the repository, e.g. `./.github/actions/x/action.yml`; `nil` when it is not there or not to be read.
        package var localFile: (@Sendable (String) -> [UInt8]?)?
        /// The file stands where Gitea and Forgejo look: actions may be addresses, and permissions and time limits of jobs mean nothing.
        var isGitea = false

        package init(runnerLabels: Set<String> = [], localFile: (@Sendable (String) -> [UInt8]?)? = nil) {
            self.runnerLabels = runnerLabels
            self.localFile = localFile
        }
    }

    /// Diagnostics of one file in the order of its lines. `path` tells workflow files from action metadata (`action.yml`).
    package static func lint(_ bytes: [UInt8], path: String, options: Options = Options()) -> [WorkflowDiagnostic] {
        var findings: [WorkflowDiagnostic]
        let options = placed(options, path)
        do {
            let documents = try YAML.documents(
                in: bytes, limits: YAMLLimits(bytes: 2 << 20, nodes: 100_000, expandedNodes: 200_000), recoveringAliases: true)
            findings = isActionMetadata(path) ? ActionMetadataReader.lint(documents.first) : lint(documents.first, bytes, options)
        } catch {
            findings = [
                WorkflowDiagnostic(rule: YAMLSyntaxRule.id, severity: .error, line: error.line, column: error.column, message: error.reason)
            ]
        }
        return sorted(findings)
    }

    /// The path is one GitHub reads as a workflow or action.
    package static func isWorkflow(path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let file = parts.last, file.hasSuffix(".yml") || file.hasSuffix(".yaml") else { return false }
        if file == "action.yml" || file == "action.yaml" { return true }
        guard parts.count >= 3 else { return false }
        return parts[parts.count - 2] == "workflows" && [".github", ".gitea", ".forgejo"].contains(parts[parts.count - 3])
    }

    /// The options for a file that stands at `path`.
    static func placed(_ options: Options, _ path: String) -> Options {
        var options = options
        options.isGitea = [".gitea/workflows/", ".forgejo/workflows/"].contains { path.hasPrefix($0) || path.holds("/" + $0) }
        return options
    }

    static func isActionMetadata(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let file = parts.last, file == "action.yml" || file == "action.yaml" else { return false }
        return parts.dropLast().last != "workflows"
    }

    private static func lint(_ document: YAMLDocument?, _ bytes: [UInt8], _ options: Options) -> [WorkflowDiagnostic] {
        let file = read(document, bytes, options)
        return RuleRegistry.rules.flatMap { rule in
            var report = RuleReport()
            rule.check(file, &report)
            return report.findings.map { finding in
                WorkflowDiagnostic(
                    rule: rule.id, severity: finding.severity ?? rule.severity, line: finding.mark.line, column: finding.mark.column,
                    message: finding.message)
            }
        }
    }

    static func read(_ document: YAMLDocument?, _ bytes: [UInt8], _ options: Options) -> LintedWorkflow {
        var reader = WorkflowReader()
        reader.read(document?.root)
        let lines = SourceLines.split(bytes)
        let parser = SiteParser(lines: lines)
        return LintedWorkflow(
            workflow: reader.workflow, sites: reader.fields.sites, parsed: reader.fields.sites.map(parser.parse),
            problems: reader.fields.problems + document.map(YAMLSyntaxRule.anchorProblems).orEmpty, lines: lines, options: options)
    }

    /// By line and column, each finding once: a node used through aliases is read more than once.
    private static func sorted(_ findings: [WorkflowDiagnostic]) -> [WorkflowDiagnostic] {
        var seen: Set<WorkflowDiagnostic> = []
        let unique = findings.filter { seen.insert($0).inserted }
        return unique.sorted { ($0.line, $0.column, $0.rule, $0.message) < ($1.line, $1.column, $1.rule, $1.message) }
    }
}

extension Optional where Wrapped: RangeReplaceableCollection {
    var orEmpty: Wrapped { self ?? Wrapped() }
}

enum SourceLines {
    /// Lines without their ends; LF, CRLF and a bare CR end one.
    static func split(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D {
                lines.append(String(decoding: bytes[start..<index], as: UTF8.self))
                if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
                start = index + 1
            }
            index += 1
        }
        lines.append(String(decoding: bytes[start...], as: UTF8.self))
        return lines
    }
}
