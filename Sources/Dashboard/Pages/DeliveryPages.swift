import Basics
import Jobs

extension DashboardReader {
    func deliveriesPage() async throws -> Page {
        let rows = try await deliveries(limit: 200).map { delivery -> [HTML] in
            [
                "<a href=\"/deliveries/\(delivery.id)\">\(delivery.id)</a>", "\(delivery.forge)", "\(delivery.event)",
                .state(delivery.state),
                "\(delivery.reason ?? "")", "\(delivery.repeats)", .time(delivery.receivedAt),
            ]
        }
        let heads = ["Number", "Forge", "Event", "State", "Reason", "Repeats", "Received"]
        return Page(
            title: "Deliveries", path: "/deliveries",
            content: .table(
                "Deliveries, newest first", heads, rows, empty: "No delivery has come yet. Send a test one from the hook's settings."))
    }

    /// `nil` when there is no such delivery.
    func deliveryPage(_ id: Int64) async throws -> Page? {
        guard let delivery = try await deliveries(limit: 1, id: id).first else { return nil }
        let facts: [(String, HTML)] = [
            ("Forge", "\(delivery.forge) at \(delivery.host)"), ("Event", "\(delivery.event)"),
            ("Delivery id", "<code>\(delivery.deliveryID)</code>"),
            ("State", .state(delivery.state)), ("Reason", "\(delivery.reason ?? "")"), ("Repeats", "\(delivery.repeats)"),
            ("Received", .time(delivery.receivedAt)),
        ]
        let jobs = jobTable("Jobs it led to", try await jobs(of: id))
        return Page(title: "Delivery \(id)", path: "/deliveries", content: "\(HTML.facts(facts))\(jobs)")
    }
}
