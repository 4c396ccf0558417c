enum JobNeedsRule: WorkflowRule {
    static let id = "job-needs"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "`needs` names a job that does not exist, names one twice, or jobs wait for each other in a circle."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        let jobs = file.workflow.jobs
        let index = Dictionary(jobs.enumerated().map { ($1.id.value.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
        for job in jobs {
            var seen: Set<String> = []
            for need in job.needs where !need.hasExpression {
                let name = need.value.lowercased()
                if !seen.insert(name).inserted {
                    report.add(need.mark, "'\(need.value)' stands twice in 'needs' of job '\(job.id.value)'")
                } else if index[name] == nil {
                    let known = jobs.map(\.id.value).filter { $0 != job.id.value }
                    let hint = known.isEmpty ? "there are no other jobs" : "the other jobs are \(list(known))"
                    report.add(job.mark, "job '\(job.id.value)' needs '\(need.value)', which does not exist; \(hint)")
                }
            }
        }
        reportCycles(jobs, index, &report)
    }

    private static func reportCycles(_ jobs: [WorkflowJob], _ index: [String: Int], _ report: inout RuleReport) {
        let edges = jobs.map { job in job.needs.compactMap { index[$0.value.lowercased()] } }
        var reported: Set<Int> = []
        for start in jobs.indices where !reported.contains(start) {
            guard let cycle = cycle(from: start, edges) else { continue }
            reported.formUnion(cycle)
            let names = (cycle + [start]).map { "'\(jobs[$0].id.value)'" }.joined(separator: " → ")
            report.add(jobs[start].mark, "jobs wait for each other in a circle: \(names)")
        }
    }

    /// A shortest way from `start` back to itself.
    private static func cycle(from start: Int, _ edges: [[Int]]) -> [Int]? {
        var previous: [Int: Int] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let job = queue[next]
            next += 1
            for target in edges[job] {
                if target == start {
                    var path = [job]
                    while let last = path.last, last != start, let before = previous[last] { path.append(before) }
                    return path.reversed()
                }
                guard previous[target] == nil else { continue }
                previous[target] = job
                queue.append(target)
            }
        }
        return nil
    }
}
