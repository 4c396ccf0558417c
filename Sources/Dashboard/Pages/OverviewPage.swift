import Basics
import Jobs

extension DashboardReader {
    func overviewPage() async throws -> Page {
        let deliveries = try await counts(of: .deliveries)
        let jobs = try await counts(of: .jobs)
        let effects = try await counts(of: .effects)
        let groups: [HTML] = [group("Deliveries", deliveries), group("Jobs", jobs), group("Effects", effects)]
        let recent = jobTable("Latest jobs", try await queue.jobs(limit: 10))
        return Page(title: "Overview", path: "/", content: "<div class=\"groups\">\(HTML.list(groups))</div>\(recent)")
    }

    private func group(_ name: String, _ counts: [(state: String, count: Int64)]) -> HTML {
        let facts = counts.map { ($0.state, "\($0.count)" as HTML) }
        return "<section><h2>\(name)</h2>\(facts.isEmpty ? "<p class=\"empty\">none yet</p>" : HTML.facts(facts))</section>"
    }
}
