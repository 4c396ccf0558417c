enum UnpinnedUsesRule: WorkflowRule {
    static let id = "unpinned-uses"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "An action, reusable workflow or image is named by a tag or branch, which somebody else can move."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            for uses in job.steps.compactMap(\.uses) + [job.call?.uses].compactMap({ $0 }) where !uses.hasExpression {
                if uses.value.hasPrefix("docker://") {
                    if !uses.value.contains("@sha256:") {
                        report.add(uses.mark, "the image '\(uses.value)' is not pinned; add its digest: '@sha256:…'")
                    }
                } else if let reference = ActionReference(uses.value), !reference.isPinned {
                    report.add(
                        uses.mark,
                        "'\(uses.value)' is not pinned: '\(reference.ref)' can be moved; name the full commit and keep the version as a comment: '@<40 hex> # \(reference.ref)'"
                    )
                }
            }
            checkImages(job, &report)
        }
    }

    private static func checkImages(_ job: WorkflowJob, _ report: inout RuleReport) {
        let containers = [job.container].compactMap { $0 } + job.services.map(\.container)
        for image in containers.compactMap(\.image) where !image.hasExpression && !image.value.isEmpty {
            let name = image.value.split(separator: "/").last.map(String.init) ?? image.value
            if image.value.contains("@sha256:") { continue }
            if !name.contains(":") || name.hasSuffix(":latest") {
                report.add(image.mark, "the image '\(image.value)' is whatever 'latest' is today; name a version or a digest")
            }
        }
    }
}
