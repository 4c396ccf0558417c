import Basics
import Jobs

extension DashboardReader {
    func jobsPage() async throws -> Page {
        Page(title: "Jobs", path: "/jobs", content: jobTable("Jobs, newest first", try await queue.jobs(limit: 200)))
    }

    /// `nil` when there is no such job.
    func jobPage(_ id: String) async throws -> Page? {
        guard let job = try await queue.job(JobID(rawValue: id)) else { return nil }
        let delivery: HTML = job.delivery.map { "<a href=\"/deliveries/\($0)\">\($0)</a>" } ?? "–"
        let facts: [(String, HTML)] = [
            ("Kind", "\(job.kind)"), ("State", .state(job.progress.state.rawValue)), ("Lane", "\(job.lane.rawValue)"),
            ("Attempt", "\(job.progress.attempt) of \(job.progress.maxAttempts)"), ("Subject", "\(job.concurrencyKey ?? "–")"),
            ("Delivery", delivery), ("Created", .time(job.createdAt)), ("Ended", .time(job.endedAt)),
            ("Last error", "\(job.lastError ?? "–")"),
            ("Payload", "<code>\(job.payload.text)</code>"),
        ]
        let effects = effectTable("Effects", try await effects(limit: 100, job: id))
        let audit = auditTable("Audit", try await audit.entries(of: job.id))
        return Page(title: "Job \(id)", path: "/jobs", content: "\(HTML.facts(facts))\(effects)\(audit)")
    }

    func jobTable(_ caption: String, _ jobs: [JobRecord]) -> HTML {
        let rows = jobs.map { job -> [HTML] in
            [
                "<a href=\"/jobs/\(job.id.rawValue)\">\(job.id.rawValue)</a>", "\(job.kind)", "\(job.concurrencyKey ?? "")",
                .state(job.progress.state.rawValue), "\(job.progress.attempt)/\(job.progress.maxAttempts)", .time(job.createdAt),
                "\(job.lastError ?? "")",
            ]
        }
        return .table(caption, ["Job", "Kind", "Subject", "State", "Attempt", "Created", "Last error"], rows, empty: "No job yet.")
    }

    func auditTable(_ caption: String, _ records: [AuditRecord]) -> HTML {
        let rows = records.map { record -> [HTML] in
            let detail = UntrustedText(JSONValue.object(record.entry.detail).text)
            return [.time(record.at), "\(record.entry.action)", "\(record.entry.subject)", "<code>\(detail)</code>"]
        }
        return .table(caption, ["When", "Action", "Subject", "Detail"], rows, empty: "Nothing on record.")
    }
}
