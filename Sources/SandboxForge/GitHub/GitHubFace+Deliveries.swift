import Basics
import HTTP

/// The App's delivery log, newest first.
extension GitHubFace {
    static func addDeliveries(to routes: inout SandboxRoutes) {
        routes.on(.get, "/app/hook/deliveries") { state, call in
            call.page(state.deliveries.reversed().map(json))
        }
        routes.on(.post, "/app/hook/deliveries/{id}/attempts") { state, call in
            let id = Int64(try call.number("id"))
            guard let delivery = state.deliveries.first(where: { $0.attempt == id }) else { throw SandboxRefusal.notFound }
            state.redeliveries.append(delivery)
            return .json(202, [:])
        }
    }

    private static func json(_ delivery: SandboxDelivery) -> JSONValue {
        [
            "id": .integer(delivery.attempt), "guid": .string(delivery.id), "event": .string(delivery.event),
            "delivered_at": .string(delivery.time.iso8601), "status_code": .integer(Int64(delivery.status ?? 0)),
            "status": (200...299).contains(delivery.status ?? 0) ? "OK" : "failed",
        ]
    }
}
