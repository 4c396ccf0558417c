package import Basics
package import Forge
import HTTP

/// Deliveries of the App's own hook. With a plain token there is no such hook: no deliveries.
///
/// Source: docs.github.com/rest/apps/webhooks
extension GitHubAccess: HookDeliveryLog {
    package var hookName: String { "the App's hook" }

    package func deliveries(since: Timestamp) async throws(ForgeError) -> [HookDelivery] {
        isApp ? try await appHook.deliveries(since: since) : []
    }

    package func redeliver(_ id: Int64) async throws(ForgeError) { try await appHook.redeliver(id) }

    private var appHook: GitHubHookLog { GitHubHookLog(hookName: hookName, api: root, path: "/app/hook") }
}

extension GitHubAccess: HookDeliveryLogs {
    /// The App has one hook for everything. A token sees those of repositories it may administer.
    package func deliveryLogs(of hooks: [KnownHook]) -> [any HookDeliveryLog] {
        if isApp { return [appHook] }
        return hooks.filter { $0.forge == .github && $0.host == settings.url }.compactMap { hook in
            // A hook's id is a number on GitHub; it becomes part of an address.
            guard let number = Int64(hook.id), number > 0 else { return nil }
            return GitHubHookLog(
                hookName: "hook \(number) of \(hook.repository)", api: root, path: "/repos/\(hook.repository)/hooks/\(number)")
        }
    }
}

/// One hook's deliveries: the App's, or a repository's, which differ in the address alone.
///
/// Source: docs.github.com/rest/apps/webhooks, docs.github.com/rest/repos/webhooks ("list deliveries", "redeliver a delivery");
/// pages follow each other by the cursor in the Link header.
struct GitHubHookLog: HookDeliveryLog {
    /// Three days of a large installation; more than this is read at the next sweep, when some of these are done.
    static let most = 50_000

    let hookName: String
    let api: APITransport
    let path: String

    func deliveries(since: Timestamp) async throws(ForgeError) -> [HookDelivery] {
        var all: [HookDelivery] = []
        var next: ForgeCall? = ForgeCall(.get, "\(path)/deliveries", query: GitHubClient.fullPage)
        while let call = next {
            let (page, following) = try await api.page([GitHubHookDeliveryWire].self, call)
            let read = page.compactMap(\.delivery)
            all += read.filter { $0.time >= since }
            next = read.contains { $0.time < since } || all.count >= Self.most ? nil : following
        }
        return all
    }

    func redeliver(_ id: Int64) async throws(ForgeError) {
        _ = try await api.send(ForgeCall(.post, "\(path)/deliveries/\(id)/attempts"))
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
        return HookDelivery(id: id, guid: guid, time: time, event: event ?? "", status: statusCode ?? 0)
    }
}
