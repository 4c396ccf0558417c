import Text

enum ExcessivePermissionsRule: WorkflowRule {
    static let id = "excessive-permissions"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "The token may do more than the jobs need, or nobody said what it may do."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        if file.options.isGitea { return }
        let workflow = file.workflow
        if workflow.permissions == nil {
            let bare = workflow.jobs.filter { $0.permissions == nil && $0.call == nil }
            if let job = bare.first {
                report.add(
                    job.id.mark,
                    "no 'permissions' for job '\(job.id.value)': the token gets the repository's default, often write access; set 'permissions: {}' at the top and what is needed in each job"
                )
            }
        }
        if let permissions = workflow.permissions {
            check(permissions, &report)
            for (name, level) in permissions.scopes where level.value == "write" && workflow.jobs.count > 1 {
                report.add(name.mark, "every job may write '\(name.value)'; give it to the job that needs it")
            }
        }
        for job in workflow.jobs { job.permissions.map { check($0, &report) } }
    }

    private static func check(_ permissions: WorkflowPermissions, _ report: inout RuleReport) {
        guard let all = permissions.all else { return }
        if all.value == "write-all" { report.add(all.mark, "'write-all' lets the token change everything; name the scopes the job needs") }
        if all.value == "read-all" { report.add(all.mark, "'read-all' lets the token read everything; name the scopes the job needs") }
    }
}
