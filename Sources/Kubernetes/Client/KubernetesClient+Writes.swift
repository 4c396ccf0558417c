package import Basics
import HTTP

extension KubernetesClient {
    /// Makes the object be as the manifest says: server-side apply, which creates, changes and owns exactly the fields given.
    ///
    /// - Parameters:
    ///   - namespace: of the object; one that the manifest itself names must be the same.
    ///   - force: take fields over from other managers; else a conflict is thrown.
    /// - Returns: the object as it is now.
    ///
    /// Source: kubernetes.io/docs/reference/using-api/server-side-apply
    @discardableResult
    package func apply(
        _ manifest: JSONValue, in namespace: ObjectName?, manager: String = "fettle", force: Bool = false
    ) async throws(ClusterError) -> JSONValue {
        let (kind, name) = try Self.identity(of: manifest, in: namespace)
        let call = ClusterCall(
            method: .patch, path: kind.path(name, in: namespace),
            query: [("fieldManager", manager), ("force", force ? "true" : "false")], body: manifest.serialized(),
            contentType: "application/apply-patch+yaml", subject: Self.subject(kind, name, namespace))
        return try await read(JSONValue.self, call)
    }

    /// The object as it is; throws `notFound`.
    package func object(_ kind: ResourceKind, _ name: ObjectName, in namespace: ObjectName?) async throws(ClusterError) -> JSONValue {
        try await read(JSONValue.self, ClusterCall(path: kind.path(name, in: namespace), subject: Self.subject(kind, name, namespace)))
    }

    /// Objects with a label, page by page; `namespace` `nil`: in all of them.
    package func objects(_ kind: ResourceKind, labelled selector: String, in namespace: ObjectName?) async throws(ClusterError)
        -> [JSONValue]
    {
        var found: [JSONValue] = []
        var next: String?
        for _ in 0..<100 {
            var query = [(name: "labelSelector", value: selector), (name: "limit", value: "250")]
            if let next { query.append(("continue", next)) }
            let call = ClusterCall(
                path: kind.path(nil, in: namespace), query: query, subject: "\(kind.plural) labelled \(selector)", limit: .mebibytes(32))
            let page = try await read(ObjectList<JSONValue>.self, call)
            found += page.items ?? []
            next = page.metadata?.continue
            if next?.isEmpty ?? true { return found }
        }
        throw .tooLarge(subject: "\(kind.plural) labelled \(selector)", limit: 25_000)
    }

    /// Deletes the object with all it owns; one that is gone already is no error. `true` when there was something to delete.
    ///
    /// - Parameter uid: delete only this very object, not a later one of the same name.
    @discardableResult
    package func delete(
        _ kind: ResourceKind, _ name: ObjectName, in namespace: ObjectName?, uid: String? = nil
    ) async throws(ClusterError) -> Bool {
        var body: [String: JSONValue] = ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"]
        if let uid { body["preconditions"] = ["uid": .string(uid)] }
        let call = ClusterCall(
            method: .delete, path: kind.path(name, in: namespace), body: JSONValue.object(body).serialized(),
            subject: Self.subject(kind, name, namespace))
        do throws(ClusterError) { try await send(call) } catch {
            if case .notFound = error { return false }
            throw error
        }
        return true
    }

    private static func identity(of manifest: JSONValue, in namespace: ObjectName?) throws(ClusterError) -> (ResourceKind, ObjectName) {
        let (version, word) = (manifest["apiVersion"]?.string, manifest["kind"]?.string)
        guard let kind = ResourceKind(apiVersion: version, kind: word) else {
            throw .refused(
                subject: "\(word ?? "an object without kind") (\(version ?? "no apiVersion"))", reason: "this kind is not written")
        }
        guard let name = ObjectName(optional: manifest["metadata"]?["name"]?.string) else {
            throw .refused(subject: kind.kind, reason: "its metadata.name is missing or no Kubernetes name")
        }
        let own = manifest["metadata"]?["namespace"]?.string
        guard kind.isNamespaced == (namespace != nil), own == nil || own == namespace?.text else {
            throw .refused(subject: "\(kind.kind) \(name)", reason: "it does not belong into namespace \(namespace?.text ?? "(none)")")
        }
        return (kind, name)
    }

    private static func subject(_ kind: ResourceKind, _ name: ObjectName, _ namespace: ObjectName?) -> String {
        "\(kind.kind) \(namespace.map { "\($0)/" } ?? "")\(name)"
    }
}
