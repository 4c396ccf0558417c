import Text

enum ShellDownloadRule: WorkflowRule {
    static let id = "piped-download"
    static let severity = WorkflowDiagnostic.Severity.warning
    static let summary = "A script from the network is run unseen: `curl … | sh`."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for step in file.workflow.jobs.flatMap(\.steps) {
            guard let run = step.run else { continue }
            for line in run.value.split(whereSeparator: \.isNewline) {
                let text = String(line)
                guard text.holds("curl ") || text.holds("wget "), let pipe = text.range(of: "|") else { continue }
                let target = text[pipe.upperBound...].split(separator: " ").filter { $0 != "sudo" }.first.map(String.init) ?? ""
                guard ["sh", "bash", "zsh", "python", "python3"].contains(target), let mark = file.place(of: text, in: run) else {
                    continue
                }
                report.add(
                    mark, "this line runs whatever the network answers as a script; download a named version, check its digest, then run it"
                )
            }
        }
    }
}
