package import Basics
package import Forge
import HTTP

/// The App's own hook. With a plain token there is none: no deliveries.
///
/// Source: docs.github.com/rest/apps/webhooks
extension GitHubAccess: HookDeliveryLog {
    package func deliveries(since: Timestamp) async throws(ForgeError) -> [HookDelivery] {
        guard isApp else { return [] }
        var all: [HookDelivery] = []
        var next: ForgeCall? = ForgeCall(.get, "/app/hook/deliveries", query: GitHubClient.fullPage)
        while let call = next {
            let (page, following) = try await root.page([GitHubHookDeliveryWire].self, call)
            let read = page.compactMap(\.delivery)
            all += read.filter { $0.time >= since }
            next = read.contains { $0.time < since } || all.count >= 10_000 ? nil : following
        }
        return all
    }

    package func redeliver(_ id: Int64) async throws(ForgeError) {
        _ = try await root.send(ForgeCall(.post, "/app/hook/deliveries/\(id)/attempts"))
    }
}

struct GitHubHookDeliveryWire: Decodable {
    let id: Int64
    let guid: String
    let deliveredAt: String
    let event: String?
    let statusCode: Int?

    enum CodingKeys: String, CodingKey {
        case id, guid, event
        case deliveredAt = "delivered_at"
        case statusCode = "status_code"
    }

    /// `nil` when its time cannot be read.
    var delivery: HookDelivery? {
        guard let time = Timestamp(iso8601: deliveredAt) else { return nil }
        return HookDelivery(
            id: id, guid: guid, time: time, event: event ?? "", succeeded: (200...299).contains(statusCode ?? 0),
            status: statusCode.flatMap { $0 == 0 ? nil : $0 })
    }
}
