enum PermissionsRule: WorkflowRule {
    static let id = "permissions"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A permission scope or level that does not exist."

    /// Source: docs.github.com/actions/reference/workflow-syntax (permissions)
    static let scopes = [
        "actions", "artifact-metadata", "attestations", "checks", "code-quality", "contents", "copilot-requests", "deployments",
        "discussions", "id-token",
        "issues", "models", "packages", "pages", "pull-requests", "repository-projects", "security-events", "statuses",
        "vulnerability-alerts",
    ]

    static func levels(of scope: String) -> [String] {
        switch scope {
        case "id-token", "copilot-requests": ["write", "none"]
        case "models", "vulnerability-alerts": ["read", "none"]
        default: ["read", "write", "none"]
        }
    }

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for permissions in [file.workflow.permissions] + file.workflow.jobs.map(\.permissions) {
            guard let permissions else { continue }
            if let all = permissions.all, !["read-all", "write-all"].contains(all.value) {
                report.add(all.mark, "permissions '\(all.value)' do not exist; write 'read-all', 'write-all', {} or single scopes")
            }
            for (name, level) in permissions.scopes {
                guard scopes.contains(name.value) else {
                    report.add(name.mark, "permission scope '\(name.value)' does not exist; the scopes are \(list(scopes))")
                    continue
                }
                let valid = levels(of: name.value)
                if !valid.contains(level.value) {
                    report.add(level.mark, "'\(level.value)' is no level of '\(name.value)'; the levels are \(list(valid))")
                }
            }
        }
    }
}
