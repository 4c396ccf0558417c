import Basics
import Kubernetes

/// The namespace of one preview and what keeps it to itself: quota, limits, network, pod security.
struct NamespaceFence: Sendable {
    let parts: ManifestParts
    let settings: KubernetesDriver.Settings
    /// Only this server's own previews carry it.
    let mark: String

    static let pullRequestNote = "fettle.dev/pull-request"
    static let markNote = "fettle.dev/mark"

    /// Ours, and this preview's: what is not is never touched.
    static func owns(_ namespace: JSONValue, _ preview: PreviewIdentity, mark: String) -> Bool {
        let (labels, notes) = (namespace["metadata"]?["labels"], namespace["metadata"]?["annotations"])
        return labels?[ManifestParts.managedLabel]?.string == ManifestParts.manager
            && notes?[pullRequestNote]?.string == preview.description && notes?[markNote]?.string == mark
    }

    /// The rows decide when a preview goes; its time stands here for whoever looks at the cluster.
    ///
    /// Source: kubernetes.io/docs/concepts/security/pod-security-admission
    func namespace(_ order: PreviewOrder) -> JSONValue {
        var labels = parts.labels
        labels["pod-security.kubernetes.io/enforce"] = "baseline"
        labels["pod-security.kubernetes.io/warn"] = "restricted"
        var notes: [String: JSONValue] = [
            Self.pullRequestNote: .string(parts.preview.description), Self.markNote: .string(mark),
            "fettle.dev/ttl": .string(order.settings.policy.idleLimit.text),
        ]
        if let until = order.expiresAt { notes["fettle.dev/expires-at"] = .string(until.iso8601) }
        return [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(parts.namespace.text), "labels": .object(labels), "annotations": .object(notes)],
        ]
    }

    /// Our own right to what is in it, where the cluster gives us none anywhere else.
    var grant: JSONValue? {
        settings.grant.map { grant in
            parts.object(
                .roleBinding, "fettle",
                [
                    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(grant.role.text)],
                    "subjects": [
                        [
                            "kind": "ServiceAccount", "name": .string(grant.account.text),
                            "namespace": .string(grant.accountNamespace.text),
                        ]
                    ],
                ])
        }
    }

    /// In the order they are applied: limits stand before anything can run.
    func manifests(databasePort: Int?) -> [JSONValue] {
        let room = settings.room
        let quota: JSONValue = [
            "hard": [
                "pods": .string("\(room.pods)"), "requests.cpu": .string(room.cpu), "requests.memory": .string(room.memory),
                "limits.memory": .string(room.memoryLimit), "persistentvolumeclaims": "4", "requests.storage": .string(room.storage),
                "services.loadbalancers": "0", "services.nodeports": "0", "count/jobs.batch": "10",
            ]
        ]
        let limits: JSONValue = [
            "limits": [
                [
                    "type": "Container", "default": ["memory": "512Mi"], "defaultRequest": ["cpu": "50m", "memory": "128Mi"],
                    "max": ["memory": .string(room.memoryLimit)],
                ]
            ]
        ]
        return [parts.object(.resourceQuota, "preview", ["spec": quota]), parts.object(.limitRange, "preview", ["spec": limits])]
            + policies(databasePort: databasePort)
    }

    /// Everything is denied; then pods of the preview reach each other and names are looked up, and the ingress reaches them. Policies add up.
    ///
    /// Source: kubernetes.io/docs/concepts/services-networking/network-policies
    private func policies(databasePort: Int?) -> [JSONValue] {
        let everyPod: JSONValue = ["podSelector": [:]]
        let names: JSONValue = [
            "to": [["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "kube-system"]]]],
            "ports": [["protocol": "UDP", "port": 53], ["protocol": "TCP", "port": 53]],
        ]
        var egress: [JSONValue] = [["to": [everyPod]], names]
        if let databasePort { egress.append(["ports": [["protocol": "TCP", "port": .integer(Int64(databasePort))]]]) }
        let ingress: JSONValue = [
            "from": [["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(settings.ingressNamespace.text)]]]]
        ]
        func policy(_ name: String, _ types: JSONValue, _ rules: [String: JSONValue]) -> JSONValue {
            let spec: [String: JSONValue] = ["podSelector": [:], "policyTypes": types]
            return parts.object(.networkPolicy, name, ["spec": .object(spec.merging(rules) { $1 })])
        }
        return [
            policy("deny", ["Ingress", "Egress"], [:]),
            policy("inside", ["Ingress", "Egress"], ["ingress": [["from": [everyPod]]], "egress": .array(egress)]),
            policy("from-ingress", ["Ingress"], ["ingress": [ingress]]),
        ]
    }
}
