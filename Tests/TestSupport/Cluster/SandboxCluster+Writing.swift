package import Basics
import HTTP

extension SandboxCluster {
    /// Plural and whether it lives in a namespace, by kind.
    private static let kinds: [String: (plural: String, isNamespaced: Bool)] = [
        "Namespace": ("namespaces", false), "Pod": ("pods", true), "Event": ("events", true), "TaskRun": ("taskruns", true),
        "PipelineRun": ("pipelineruns", true), "ResourceQuota": ("resourcequotas", true), "LimitRange": ("limitranges", true),
        "Secret": ("secrets", true), "ConfigMap": ("configmaps", true), "Service": ("services", true),
        "ServiceAccount": ("serviceaccounts", true), "PersistentVolumeClaim": ("persistentvolumeclaims", true),
        "Deployment": ("deployments", true), "StatefulSet": ("statefulsets", true), "Job": ("jobs", true), "Ingress": ("ingresses", true),
        "NetworkPolicy": ("networkpolicies", true), "ReplicaSet": ("replicasets", true), "RoleBinding": ("rolebindings", true),
    ]

    package static func path(of object: JSONValue) -> String? {
        guard let version = object["apiVersion"]?.string, let kind = object["kind"]?.string, let known = kinds[kind],
            let name = object["metadata"]?["name"]?.string
        else { return nil }
        let root = version.contains("/") ? "/apis/\(version)" : "/api/\(version)"
        let namespace = object["metadata"]?["namespace"]?.string
        return root + (known.isNamespaced ? "/namespaces/\(namespace ?? "default")" : "") + "/\(known.plural)/\(name)"
    }

    func apply(_ target: ClusterTarget, _ request: HTTPRequest, _ query: [String: String], _ body: JSONValue?) -> HTTPResponse {
        guard request.headers["Content-Type"] == "application/apply-patch+yaml" else {
            return Self.refusal(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
        }
        guard let manager = query["fieldManager"], !manager.isEmpty else {
            return Self.refusal(
                400, "BadRequest", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")
        }
        guard let body, body["apiVersion"]?.string == target.apiVersion, body["metadata"]?["name"]?.string == target.name else {
            return Self.refusal(400, "BadRequest", "the name of the object does not match the name on the URL")
        }
        let outcome = withState { state -> Result<(JSONValue, Int), HTTPResponseError> in
            if let namespace = target.namespace, let refusal = Self.unready(namespace, target, state) { return .failure(refusal) }
            return Self.merge(body, target, manager, force: query["force"] == "true", &state)
        }
        switch outcome {
        case .failure(let refusal): return refusal.response
        case .success(let (object, status)):
            withState { $0.controller }?(object, self)
            return .json(status, self.object(target.path) ?? object)
        }
    }

    struct HTTPResponseError: Error {
        let response: HTTPResponse
    }

    private static func unready(_ namespace: String, _ target: ClusterTarget, _ state: State) -> HTTPResponseError? {
        guard let object = state.objects["/api/v1/namespaces/\(namespace)"] else {
            return HTTPResponseError(response: refusal(404, "NotFound", "namespaces \"\(namespace)\" not found"))
        }
        guard object["metadata"]?["deletionTimestamp"] != nil, state.objects[target.path] == nil else { return nil }
        return HTTPResponseError(
            response: refusal(
                403, "Forbidden",
                "\(target.resource) \"\(target.name ?? "")\" is forbidden: unable to create new content in namespace \(namespace) because it is being terminated"
            ))
    }

    /// Top-level members below `metadata` and `spec` have one manager each: enough to conflict as the real one does.
    private static func merge(
        _ body: JSONValue, _ target: ClusterTarget, _ manager: String, force: Bool, _ state: inout State
    ) -> Result<(JSONValue, Int), HTTPResponseError> {
        let path = target.path
        let present = state.objects[path]
        var owners = state.managers[path] ?? [:]
        let fields = (body["spec"]?.object ?? [:]).merging(body["data"]?.object ?? [:]) { $1 }
        for (field, value) in fields {
            let section = body["spec"] != nil ? "spec" : "data"
            if let owner = owners[field], owner != manager, present?[section]?[field] != value, !force {
                return .failure(
                    HTTPResponseError(
                        response: refusal(409, "Conflict", "Apply failed with 1 conflict: conflict with \"\(owner)\": .\(section).\(field)")
                    ))
            }
            owners[field] = manager
        }
        state.managers[path] = owners
        var object = merged(present ?? .object([:]), body)
        if present == nil {
            object.setting(["metadata", "uid"], .string("00000000-0000-4000-8000-\(String(state.nextUID).padded(to: 12))"))
            object.setting(["metadata", "creationTimestamp"], "2026-11-24T12:00:00Z")
            if let namespace = target.namespace { object.setting(["metadata", "namespace"], .string(namespace)) }
            if target.plural == "namespaces" { object.setting(["status", "phase"], "Active") }
            state.nextUID += 1
        }
        if let spec = object["spec"], spec != present?["spec"] {
            object.setting(["metadata", "generation"], .integer(Int64(present?["metadata"]?["generation"]?.int ?? 0) + 1))
        }
        state.objects[path] = object
        return .success((object, present == nil ? 201 : 200))
    }

    private static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
        guard case .object(let a) = old, case .object(let b) = new else { return new }
        return .object(a.merging(b) { merged($0, $1) })
    }

    /// A namespace goes with all that is in it, as soon as it is asked to: nothing here has finalizers, unless `keepsTerminating` says so.
    func delete(_ target: ClusterTarget, _ body: JSONValue?) -> HTTPResponse {
        withState { state in
            guard let object = state.objects[target.path] else { return target.notFound }
            if let uid = body?["preconditions"]?["uid"], uid != object["metadata"]?["uid"] {
                return Self.refusal(
                    409, "Conflict",
                    "Operation cannot be fulfilled on \(target.resource) \"\(target.name ?? "")\": the UID in the precondition does not match"
                )
            }
            if target.plural == "namespaces", let name = target.name {
                for path in state.objects.keys where path.contains("/namespaces/\(name)/") { state.objects[path] = nil }
                if object["metadata"]?["annotations"]?["test/keeps-terminating"] != nil {
                    var object = object
                    object.setting(["metadata", "deletionTimestamp"], "2026-11-24T12:30:00Z")
                    object.setting(["status", "phase"], "Terminating")
                    state.objects[target.path] = object
                    return .json(200, object)
                }
            }
            state.objects[target.path] = nil
            state.managers[target.path] = nil
            return .json(200, ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"])
        }
    }
}
