package import Basics
import Forge
package import HTTP
import Synchronization

/// A forge in memory that answers as GitHub under `/` and as Gitea under `/api/v1`.
package final class SandboxForge: HTTPHandler {
    let store = SandboxStore()
    let clock: any Clock
    private let router: Router

    package init(clock: any Clock = SystemClock()) {
        self.clock = clock
        var routes = SandboxRoutes(store: store)
        GitHubFace.add(to: &routes)
        GiteaFace.add(to: &routes)
        router = routes.router
    }

    package func plan(for head: HTTPRequest) -> RequestPlan { RequestPlan(bodyLimit: .mebibytes(8)) }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let index = store.note(request, at: clock.uptime)
        let response = await answer(request)
        store.withState { $0.requests[index].status = response.status }
        return response
    }

    /// Requests so far, oldest first.
    package var requests: [SandboxRequest] { store.withState { $0.requests } }

    package func inject(_ fault: SandboxFault) { store.withState { $0.faults.append(fault) } }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch store.takeFault(for: request) {
        case nil: return await router.respond(to: request)
        case .answer(let response): return response
        case .answerAfterActing(let response):
            _ = await router.respond(to: request)
            return response
        case .hang(let duration):
            try? await clock.sleep(for: duration)
            return await router.respond(to: request)
        case .hangAfterActing(let duration):
            let response = await router.respond(to: request)
            try? await clock.sleep(for: duration)
            return response
        case .truncate:
            var response = await router.respond(to: request)
            response.body = .bytes(Array(response.bytes.prefix(response.bytes.count / 2)))
            return response
        case .lag: return Self.withoutNewest(await router.respond(to: request))
        case .lagBehind(let time):
            let response = await router.respond(to: request)
            return wasWritten(near: request, within: time) ? Self.withoutNewest(response) : response
        }
    }

    private func wasWritten(near request: HTTPRequest, within time: Duration) -> Bool {
        let repository = "/" + request.segments.prefix(3).joined(separator: "/") + "/"
        let last = store.withState { $0.requests.last { $0.method == "POST" && $0.path.hasPrefix(repository) }?.at }
        return last.map { clock.uptime - $0 < time } ?? false
    }

    private static func withoutNewest(_ response: HTTPResponse) -> HTTPResponse {
        guard let list = try? JSONValue(parsing: response.bytes), case .array(let elements) = list else { return response }
        var lagging = HTTPResponse.json(response.status, .array(Array(elements.dropLast())))
        lagging.headers = response.headers
        return lagging
    }
}

/// The state and its lock.
final class SandboxStore: Sendable {
    private let state = Mutex(SandboxState())

    func withState<Result: Sendable>(_ body: (inout SandboxState) throws -> Result) rethrows -> Result {
        try state.withLock { state in try body(&state) }
    }

    func note(_ request: HTTPRequest, at time: Duration) -> Int {
        let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let body = request.body.isEmpty ? nil : try? JSONValue(parsing: request.body)
        let entry = SandboxRequest(method: request.method.name, path: request.path, query: query, body: body, at: time)
        return withState { state in
            state.requests.append(entry)
            return state.requests.count - 1
        }
    }

    func takeFault(for request: HTTPRequest) -> SandboxFault.Kind? {
        withState { state in
            for index in state.faults.indices where state.faults[index].times > 0 && state.faults[index].matches(request) {
                if state.faults[index].after > 0 {
                    state.faults[index].after -= 1
                    continue
                }
                state.faults[index].times -= 1
                return state.faults[index].kind
            }
            return nil
        }
    }
}
