import Basics

package struct BroadWorkflowPermissionsRule: Rule {
    package let id = "workflow-broad-permissions"
    package let severity = Severity.medium
    package let category = Category.security
    package let finds = "`permissions: write-all`, or a workflow-wide permission to write contents, packages or identities for every job."
    package let why = "Every step of every job, third-party actions included, gets a token that may do all this."
    package let fix = "Give the workflow `permissions: contents: read`, and each job only what it writes."

    private static let dangerous: Set<String> = ["contents", "packages", "id-token", "actions", "deployments", "security-events"]

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        change.files.compactMap(WorkflowText.init).flatMap { workflow in Self.writeAll(workflow) + Self.workflowWide(workflow) }
    }

    private static func writeAll(_ workflow: WorkflowText) -> [RuleHit] {
        workflow.lines.compactMap { line in
            guard line.isAdded, let value = WorkflowText.value(of: "permissions", in: line)?.value, value.hasPrefix("write-all") else {
                return nil
            }
            return RuleHit(workflow, line, title: "The token may write everything")
        }
    }

    /// Several write permissions at the top, when more than one job gets them.
    private static func workflowWide(_ workflow: WorkflowText) -> [RuleHit] {
        guard workflow.isWhole, jobCount(workflow) > 1 else { return [] }
        guard let start = workflow.lines.firstIndex(where: { $0.indent == 0 && $0.text.hasPrefix("permissions:") }) else { return [] }
        let block = workflow.lines[(start + 1)...].prefix { $0.indent > 0 || NormalizedCode.isBlank($0.text) }
        return block.compactMap { line in
            let parts = line.text.split(separator: ":", maxSplits: 1).map { String($0).trimmingBlanks }
            guard parts.count == 2, line.isAdded, dangerous.contains(parts[0]), parts[1].hasPrefix("write") else { return nil }
            return RuleHit(workflow, line, title: "Every job of this workflow may write `\(parts[0])`")
        }
    }

    private static func jobCount(_ workflow: WorkflowText) -> Int {
        guard let start = workflow.lines.firstIndex(where: { $0.text.hasPrefix("jobs:") }) else { return 0 }
        let block = workflow.lines[(start + 1)...].prefix { $0.indent > 0 || NormalizedCode.isBlank($0.text) || $0.text.hasPrefix("#") }
        guard let indent = block.first(where: { !NormalizedCode.isBlank($0.text) && $0.indent > 0 })?.indent else { return 0 }
        return block.count { $0.indent == indent && !$0.text.dropFirst(indent).hasPrefix("#") && $0.text.contains(":") }
    }
}

extension RuleHit {
    init(_ workflow: WorkflowText, _ line: WorkflowText.Line, title: String) {
        self.init(path: workflow.path, target: .lines(line.number...line.number), title: UntrustedText(title))
    }
}
