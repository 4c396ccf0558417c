/// A kind of object that we write, and where the API keeps it. A new kind is a line in `all`.
///
/// Source: kubernetes.io/docs/reference/kubernetes-api
package struct ResourceKind: Sendable, Hashable {
    /// `v1`, or `group/version`.
    package let apiVersion: String
    package let kind: String
    package let plural: String
    package let isNamespaced: Bool

    private init(_ apiVersion: String, _ kind: String, _ plural: String, isNamespaced: Bool = true) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    package static let namespace = ResourceKind("v1", "Namespace", "namespaces", isNamespaced: false)
    package static let resourceQuota = ResourceKind("v1", "ResourceQuota", "resourcequotas")
    package static let limitRange = ResourceKind("v1", "LimitRange", "limitranges")
    package static let secret = ResourceKind("v1", "Secret", "secrets")
    package static let configMap = ResourceKind("v1", "ConfigMap", "configmaps")
    package static let service = ResourceKind("v1", "Service", "services")
    package static let serviceAccount = ResourceKind("v1", "ServiceAccount", "serviceaccounts")
    package static let volumeClaim = ResourceKind("v1", "PersistentVolumeClaim", "persistentvolumeclaims")
    package static let deployment = ResourceKind("apps/v1", "Deployment", "deployments")
    package static let statefulSet = ResourceKind("apps/v1", "StatefulSet", "statefulsets")
    package static let job = ResourceKind("batch/v1", "Job", "jobs")
    package static let ingress = ResourceKind("networking.k8s.io/v1", "Ingress", "ingresses")
    package static let networkPolicy = ResourceKind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies")
    package static let roleBinding = ResourceKind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings")

    package static let all = [
        namespace, resourceQuota, limitRange, secret, configMap, service, serviceAccount, volumeClaim, deployment, statefulSet, job,
        ingress, networkPolicy, roleBinding,
    ]

    /// The kind of a manifest; `nil` for one we do not write.
    package init?(apiVersion: String?, kind: String?) {
        guard let known = Self.all.first(where: { $0.apiVersion == apiVersion && $0.kind == kind }) else { return nil }
        self = known
    }

    func path(_ name: ObjectName?, in namespace: ObjectName?) -> String {
        let root = apiVersion.contains("/") ? "/apis/\(apiVersion)" : "/api/\(apiVersion)"
        let place = isNamespaced ? namespace.map { "/namespaces/\($0)" } ?? "" : ""
        return root + place + "/\(plural)" + (name.map { "/\($0)" } ?? "")
    }
}
