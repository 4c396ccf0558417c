package import Basics

/// Routes by method and path. An unknown path is 404, a known path with another method 405 with `Allow`; `HEAD` is answered by `GET`.
package struct Router: HTTPHandler {
    package typealias Answer = @Sendable (HTTPRequest) async -> HTTPResponse

    struct Route: Sendable {
        let method: HTTPMethod
        let pattern: PathPattern
        let plan: RequestPlan
        let answer: Answer
    }

    /// What a delivery may carry: GitHub's own limit. Source: docs.github.com/webhooks/webhook-events-and-payloads
    package static let deliveryBodyLimit = ByteCount.mebibytes(25)

    /// The most specific pattern first.
    private var routes: [Route] = []

    package init() {}

    /// Two routes for one method and pattern are our own bug. `bodyLimit` is for methods with a body; the others read none.
    ///
    /// `isBrief`: see `RequestPlan`.
    package mutating func on(
        _ method: HTTPMethod, _ pattern: String, bodyLimit: ByteCount = deliveryBodyLimit, isBrief: Bool = false, answer: @escaping Answer
    ) {
        let pattern = PathPattern(pattern)
        let plan = RequestPlan(route: pattern.description, bodyLimit: bodyLimit, isBrief: isBrief)
        let route = Route(method: method, pattern: pattern, plan: plan, answer: answer)
        precondition(!routes.contains { $0.method == method && $0.pattern == route.pattern }, "\(method) \(pattern) is routed twice")
        let place = routes.firstIndex { route.pattern.isMoreSpecific(than: $0.pattern) } ?? routes.endIndex
        routes.insert(route, at: place)
    }

    package mutating func get(_ pattern: String, answer: @escaping Answer) { on(.get, pattern, bodyLimit: 0, answer: answer) }

    package mutating func post(
        _ pattern: String, bodyLimit: ByteCount = deliveryBodyLimit, isBrief: Bool = false, answer: @escaping Answer
    ) {
        on(.post, pattern, bodyLimit: bodyLimit, isBrief: isBrief, answer: answer)
    }

    /// Adds all routes of `other`.
    package mutating func add(_ other: Router) {
        for route in other.routes {
            on(route.method, route.plan.route, bodyLimit: route.plan.bodyLimit, isBrief: route.plan.isBrief, answer: route.answer)
        }
    }

    /// What no route takes is read up to a delivery's usual size, so that a wrong address is answered 404 and not 413.
    package func plan(for head: HTTPRequest) -> RequestPlan {
        find(head)?.route.plan ?? RequestPlan(route: "none", bodyLimit: .mebibytes(1))
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let (route, parameters) = find(request) else { return refusal(for: request) }
        var request = request
        request.parameters = parameters
        return await route.answer(request)
    }

    private func find(_ head: HTTPRequest) -> (route: Route, parameters: [String: String])? {
        let method = head.method == .head ? HTTPMethod.get : head.method
        for route in routes where route.method == method || route.method == head.method {
            if let parameters = route.pattern.match(head.segments) { return (route, parameters) }
        }
        return nil
    }

    private func refusal(for request: HTTPRequest) -> HTTPResponse {
        let methods = routes.filter { $0.pattern.match(request.segments) != nil }.map(\.method.name)
        guard !methods.isEmpty else { return .text(404, "Nothing is here.") }
        var allowed = Set(methods)
        if allowed.contains("GET") { allowed.insert("HEAD") }
        var response = HTTPResponse.text(405, "This address does not take \(request.method).")
        response.headers.add("Allow", allowed.sorted().joined(separator: ", "))
        return response
    }
}
