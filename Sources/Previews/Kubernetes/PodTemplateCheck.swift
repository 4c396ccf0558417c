import Basics

/// A pod template of a repository, without anything that reaches the node, the cluster or another namespace.
///
/// The namespace's pod security (`baseline`) refuses most of it too; here it is told before anything is applied, and where no pod security runs.
/// Source: kubernetes.io/docs/concepts/security/pod-security-standards
struct PodTemplateCheck: Sendable {
    let title: String

    /// Passed on as they are; everything else of a pod is refused.
    private static let podKeys: Set<String> = [
        "containers", "initContainers", "volumes", "restartPolicy", "terminationGracePeriodSeconds", "activeDeadlineSeconds", "dnsPolicy",
        "serviceAccountName", "serviceAccount", "automountServiceAccountToken", "securityContext", "imagePullSecrets", "hostname",
        "subdomain",
        "enableServiceLinks", "shareProcessNamespace", "topologySpreadConstraints", "affinity", "schedulerName",
    ]
    private static let volumeKinds: Set<String> = ["name", "emptyDir", "configMap", "secret", "persistentVolumeClaim", "downwardAPI"]
    private static let abilities: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ]

    private func refusal(_ reason: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The manifests cannot be applied: \(title) \(reason).",
            nextStep: "Change them on the base branch, at `preview.kubernetes.manifests`.")
    }

    func taken(_ template: JSONValue, _ parts: ManifestParts) throws(PreviewFailure) -> JSONValue {
        guard let pod = template["spec"]?.object else { throw refusal("has no pod") }
        for key in pod.keys.sorted() where !Self.podKeys.contains(key) { throw refusal("has `\(key.prefix(60))`, which is not passed on") }
        for volume in pod["volumes"]?.array ?? [] {
            if let key = volume.object?.keys.sorted().first(where: { !Self.volumeKinds.contains($0) }) {
                throw refusal("mounts a volume of the kind `\(key.prefix(60))`")
            }
        }
        for key in ["windowsOptions", "sysctls"] where pod["securityContext"]?[key] != nil {
            throw refusal("sets `securityContext.\(key)`")
        }
        if PullSecret.isReadable(in: pod) { throw refusal("reads the Secret `\(PullSecret.name)`, which is for pulling images alone") }
        var spec = pod
        for list in ["containers", "initContainers"] {
            guard let containers = pod[list]?.array else { continue }
            var checked: [JSONValue] = []
            for container in containers { checked.append(try self.container(container)) }
            spec[list] = .array(checked)
        }
        // No pod gets a token for the cluster.
        spec["automountServiceAccountToken"] = false
        var labels = template["metadata"]?["labels"]?.object ?? [:]
        labels.merge(parts.labels) { $1 }
        labels[ManifestParts.headLabel] = .string(parts.head)
        var metadata = template["metadata"]?.object ?? [:]
        metadata["labels"] = .object(labels)
        return .object(["metadata": .object(metadata), "spec": .object(spec)])
    }

    private func container(_ container: JSONValue) throws(PreviewFailure) -> JSONValue {
        let security = container["securityContext"]
        if security?["privileged"]?.bool == true { throw refusal("has a privileged container") }
        for ability in security?["capabilities"]?["add"]?.array ?? [] where !Self.abilities.contains(ability.string ?? "") {
            throw refusal("adds the capability `\((ability.string ?? "").prefix(40))`")
        }
        if let mount = security?["procMount"]?.string, mount != "Default" { throw refusal("sets `procMount`") }
        for port in container["ports"]?.array ?? [] where port["hostPort"] != nil { throw refusal("takes a port of the node") }
        if container["volumeDevices"] != nil { throw refusal("has `volumeDevices`") }
        var container = container
        container.set(["securityContext", "allowPrivilegeEscalation"], false)
        return container
    }
}
