package import Basics
package import HTTP
import Synchronization

/// A Kubernetes-shaped API server in memory: the paths, documents, refusals and cuts of the real one, for the kinds we use.
///
/// Sources: kubernetes.io/docs/reference/kubernetes-api; kubernetes/kubernetes pkg/registry/core/pod/rest/log.go and staging apimachinery's
/// errors.go for the wording of refusals.
package final class SandboxCluster: HTTPHandler {
    /// Where an object is: `/api/v1/namespaces/ci/pods/build-1`.
    struct State {
        var objects: [String: JSONValue] = [:]
        /// By `namespace/pod/container`.
        var logs: [String: [UInt8]] = [:]
        var previousLogs: [String: [UInt8]] = [:]
        /// User name by token.
        var tokens: [String: String] = [:]
        /// Denied, as `verb resource`, e.g. `get pods/log`.
        var denied: Set<String> = []
        var faults: [(suffix: String, response: HTTPResponse, times: Int)] = []
        var requests: [Request] = []
        var nextUID = 1
        /// Which manager set which top-level field of which object.
        var managers: [String: [String: String]] = [:]
        var controller: (@Sendable (JSONValue, SandboxCluster) -> Void)?
    }

    package struct Request: Sendable, Hashable {
        package let method: String
        package let path: String
        package let query: [String: String]
        package let body: JSONValue?
    }

    package static let token = "cluster-token"
    package static let user = "system:serviceaccount:fettle:fettle"

    private let state = Mutex(State())

    package init() {
        state.withLock { $0.tokens[Self.token] = Self.user }
    }

    func withState<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
        try state.withLock { state in try body(&state) }
    }

    // MARK: What a test arranges and sees

    package var requests: [Request] { withState { $0.requests } }

    /// Puts an object there as it is; its `apiVersion`, `kind` and metadata say where. A uid is made when it has none.
    package func put(_ object: JSONValue) {
        withState { state in
            guard let path = Self.path(of: object) else { return }
            var object = object
            if object["metadata"]?["uid"] == nil {
                object.setting(["metadata", "uid"], .string("00000000-0000-4000-8000-\(String(state.nextUID).padded(to: 12))"))
                state.nextUID += 1
            }
            state.objects[path] = object
        }
    }

    package func remove(_ path: String) { withState { $0.objects[path] = nil } }

    package func object(_ path: String) -> JSONValue? { withState { $0.objects[path] } }

    package var paths: [String] { withState { $0.objects.keys.sorted() } }

    package func setLog(_ text: String, of container: String, in pod: String, namespace: String, previous: Bool = false) {
        withState { state in
            let key = "\(namespace)/\(pod)/\(container)"
            if previous { state.previousLogs[key] = Array(text.utf8) } else { state.logs[key] = Array(text.utf8) }
        }
    }

    package func allow(token: String, as user: String) { withState { $0.tokens[token] = user } }

    /// `verb` as RBAC names it, `resource` with its subresource: `get`, `pods/log`.
    package func deny(_ verb: String, _ resource: String) { withState { _ = $0.denied.insert("\(verb) \(resource)") } }

    /// The next `times` requests whose path ends so are answered with this.
    package func fail(pathSuffix: String, _ response: HTTPResponse, times: Int = 1) {
        withState { $0.faults.append((pathSuffix, response, times)) }
    }

    /// Called with every object after it was applied: what a cluster's controllers would do about it.
    package func setController(_ controller: @escaping @Sendable (JSONValue, SandboxCluster) -> Void) {
        withState { $0.controller = controller }
    }

    // MARK: Serving

    package func plan(for head: HTTPRequest) -> RequestPlan { RequestPlan(bodyLimit: .mebibytes(3)) }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let body = request.body.isEmpty ? nil : try? JSONValue(parsing: request.body)
        let fault = withState { state -> HTTPResponse? in
            state.requests.append(Request(method: request.method.name, path: request.path, query: query, body: body))
            guard let index = state.faults.firstIndex(where: { $0.times > 0 && request.path.hasSuffix($0.suffix) }) else { return nil }
            state.faults[index].times -= 1
            return state.faults[index].response
        }
        if let fault { return fault }
        guard let user = user(of: request) else { return Self.refusal(401, "Unauthorized", "Unauthorized") }
        guard let target = ClusterTarget(request) else {
            return Self.refusal(404, "NotFound", "the server could not find the requested resource")
        }
        if let refusal = forbidden(user, target) { return refusal }
        return answer(request, target, query, body)
    }

    private func answer(_ request: HTTPRequest, _ target: ClusterTarget, _ query: [String: String], _ body: JSONValue?) -> HTTPResponse {
        switch (request.method, target.subresource) {
        case (.get, "log"): return log(target, query)
        case (.get, _): return target.name == nil ? list(target, query) : get(target)
        case (.post, _) where target.plural == "tokenreviews": return review(body)
        case (.patch, _): return apply(target, request, query, body)
        case (.delete, _): return delete(target, body)
        default: return Self.refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        }
    }

    private func user(of request: HTTPRequest) -> String? {
        guard let value = request.headers["Authorization"], value.hasPrefix("Bearer ") else { return nil }
        return withState { $0.tokens[String(value.dropFirst("Bearer ".count))] }
    }

    private func forbidden(_ user: String, _ target: ClusterTarget) -> HTTPResponse? {
        let resource = target.plural + (target.subresource.map { "/\($0)" } ?? "")
        guard withState({ $0.denied.contains("\(target.verb) \(resource)") }) else { return nil }
        let place = target.namespace.map { " in the namespace \"\($0)\"" } ?? " at the cluster scope"
        let named = target.name.map { " \"\($0)\"" } ?? ""
        return Self.refusal(
            403, "Forbidden",
            "\(target.resource)\(named) is forbidden: User \"\(user)\" cannot \(target.verb) resource \"\(resource)\" in API group \"\(target.group)\"\(place)"
        )
    }

    private func review(_ body: JSONValue?) -> HTTPResponse {
        let user = withState { $0.tokens[body?["spec"]?["token"]?.string ?? ""] }
        let status: JSONValue =
            user.map { ["authenticated": true, "user": ["username": .string($0), "groups": ["system:serviceaccounts"]]] }
            ?? ["authenticated": false, "error": "[invalid bearer token, Token has been invalidated]"]
        return .json(201, ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status])
    }

    static func refusal(_ code: Int, _ reason: String, _ message: String, details: JSONValue = [:]) -> HTTPResponse {
        .json(
            code,
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
                "reason": .string(reason), "details": details, "code": .integer(Int64(code)),
            ])
    }
}

/// A path of the API taken apart.
struct ClusterTarget {
    let apiVersion: String
    let namespace: String?
    let plural: String
    let name: String?
    let subresource: String?
    let verb: String

    init?(_ request: HTTPRequest) {
        var parts = request.segments[...]
        switch parts.popFirst() {
        case "api": apiVersion = parts.popFirst() ?? ""
        case "apis": apiVersion = "\(parts.popFirst() ?? "")/\(parts.popFirst() ?? "")"
        default: return nil
        }
        // `namespaces/ci` alone is the namespace itself.
        if parts.first == "namespaces", parts.count > 2 {
            parts = parts.dropFirst()
            namespace = parts.popFirst()
        } else {
            namespace = nil
        }
        guard let plural = parts.popFirst(), !plural.isEmpty else { return nil }
        self.plural = plural
        name = parts.popFirst()
        subresource = parts.popFirst()
        switch request.method {
        case .get: verb = name == nil ? "list" : "get"
        case .post: verb = "create"
        case .patch: verb = "patch"
        case .delete: verb = "delete"
        default: verb = "update"
        }
    }

    var group: String { apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : "" }
    var resource: String { group.isEmpty ? plural : "\(plural).\(group)" }

    var listPath: String {
        (group.isEmpty ? "/api/" : "/apis/") + apiVersion + (namespace.map { "/namespaces/\($0)" } ?? "") + "/\(plural)"
    }
    var path: String { listPath + "/\(name ?? "")" }

    var notFound: HTTPResponse {
        SandboxCluster.refusal(
            404, "NotFound", "\(resource) \"\(name ?? "")\" not found",
            details: ["name": .string(name ?? ""), "group": .string(group), "kind": .string(plural)])
    }
}

extension String {
    func padded(to width: Int) -> String { String(repeating: "0", count: max(0, width - utf8.count)) + self }
}

extension JSONValue {
    /// Sets a value at a path of objects, making those that are missing.
    package mutating func setting(_ path: [String], _ value: JSONValue) {
        guard let first = path.first else {
            self = value
            return
        }
        var members = object ?? [:]
        var inner = members[first] ?? .object([:])
        inner.setting(Array(path.dropFirst()), value)
        members[first] = inner
        self = .object(members)
    }
}
