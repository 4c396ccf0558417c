import Basics
import HTTP

/// The delivery log of the one hook there is, newest first: as the App's, and as that of any repository.
///
/// Source: docs.github.com/rest/apps/webhooks, docs.github.com/rest/repos/webhooks
extension GitHubFace {
    static func addDeliveries(to routes: inout SandboxRoutes) {
        for hook in ["/app/hook", "/repos/{owner}/{name}/hooks/{hook}"] {
            routes.on(.get, hook + "/deliveries") { state, call in
                try allow(call)
                return deliveryPage(state.deliveries.reversed(), call)
            }
            routes.on(.post, hook + "/deliveries/{id}/attempts") { state, call in
                try allow(call)
                let id = Int64(try call.number("id"))
                guard let delivery = state.deliveries.first(where: { $0.attempt == id }) else { throw SandboxRefusal.notFound }
                state.redeliveries.append(delivery)
                return .json(202, [:])
            }
        }
    }

    /// The App's hook is for the App alone; a repository's is not for it, unless it was given the right, which ours never asks for.
    private static func allow(_ call: SandboxCall) throws {
        let isAppHook = call.request.path.hasPrefix("/app/")
        if isAppHook != call.who.isApp { throw isAppHook ? SandboxRefusal(status: 401, message: "Bad credentials") : .notFound }
        if !isAppHook, try call.number("hook") != SandboxDelivery.hook { throw SandboxRefusal.notFound }
    }

    /// Pages follow each other by cursor, not by number.
    private static func deliveryPage(_ newestFirst: [SandboxDelivery], _ call: SandboxCall) -> HTTPResponse {
        let size = min(max(call.request.queryValue("per_page").flatMap { Int($0) } ?? 30, 1), 100)
        let cursor = call.request.queryValue("cursor").flatMap { Int64($0) } ?? .max
        let rest = newestFirst.drop { $0.attempt > cursor }
        var response = HTTPResponse.json(200, .array(rest.prefix(size).map(json)))
        if let next = rest.dropFirst(size).first {
            response.headers.add("Link", "<\(call.base)\(call.request.path)?per_page=\(size)&cursor=\(next.attempt)>; rel=\"next\"")
        }
        return response
    }

    private static func json(_ delivery: SandboxDelivery) -> JSONValue {
        [
            "id": .integer(delivery.attempt), "guid": .string(delivery.id), "event": .string(delivery.event),
            "delivered_at": .string(delivery.time.iso8601), "status_code": .integer(Int64(delivery.status ?? 0)),
            "status": (200...299).contains(delivery.status ?? 0) ? "OK" : "failed",
        ]
    }
}
