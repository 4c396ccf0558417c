import Basics
import Text

/// A time limit beside `runs-on`.
enum TimeoutFixer: WorkflowFixer {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport) {
        var found = RuleReport()
        MissingTimeoutRule.check(file, &found)
        let marks = Set(found.findings.map(\.mark))
        for job in file.workflow.jobs where marks.contains(job.id.mark) {
            let ceiling = JobCeiling(of: job)
            guard let key = job.runsOnKey, let edit = edit(job, key, ceiling.minutes, file) else {
                report.leave(MissingTimeoutRule.id, job.id.mark, "the job is written in flow style or through an alias")
                continue
            }
            report.fix(
                MissingTimeoutRule.id, job.id.mark,
                "job '\(job.id.value)' ends after \(Count.of(ceiling.minutes, "minute")), a ceiling for a job that \(ceiling.kind ?? "does nothing known to take long"); choose a little more than it usually takes",
                edit)
        }
    }

    private static func edit(_ job: WorkflowJob, _ key: YAMLMark, _ minutes: Int, _ file: LintedWorkflow) -> FileEdit? {
        guard file.startsItsLine(key) else { return nil }
        let line = "timeout-minutes: \(minutes)"
        if job.runsOn.count == 1, let value = job.runsOn.first, value.mark.line == key.line, file.place(of: value)?.line == key.line {
            let indent = String(repeating: " ", count: key.column - 1)
            return FileEdit(insertions: [.init(after: key.line, lines: [indent + line])])
        }
        return file.insertion(of: [line], before: key)
    }
}
