package import Basics
import FoundationEssentials
import Kubernetes

/// The operator's right to pull images, in a preview's own namespace: a Secret that the namespace's default account hands to its pods.
///
/// No container may read it: manifests that mount it or take it into their environment are refused.
/// Source: kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry
package struct PullSecret: Sendable {
    package static let name = "preview-pull"

    let parts: ManifestParts
    /// A Docker `config.json`.
    let registries: Secret

    var manifests: [JSONValue] {
        let data = Data(registries.reveal().utf8).base64EncodedString()
        return [
            parts.object(.secret, Self.name, ["type": "kubernetes.io/dockerconfigjson", "data": [".dockerconfigjson": .string(data)]]),
            parts.object(
                .serviceAccount, "default",
                ["imagePullSecrets": [["name": .string(Self.name)]], "automountServiceAccountToken": false]),
        ]
    }

    /// A container of this pod could read the Secret.
    static func isReadable(in pod: [String: JSONValue]) -> Bool {
        let volumes = pod["volumes"]?.array ?? []
        if volumes.contains(where: { names(it: $0["secret"]?["secretName"]) }) { return true }
        let containers = (pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? [])
        return containers.contains { container in
            (container["env"]?.array ?? []).contains { names(it: $0["valueFrom"]?["secretKeyRef"]?["name"]) }
                || (container["envFrom"]?.array ?? []).contains { names(it: $0["secretRef"]?["name"]) }
        }
    }

    private static func names(it value: JSONValue?) -> Bool { value?.string == name }

    /// What must never be shown of such a text.
    package static func credentials(in text: String) -> [Secret] {
        let registries = (try? JSONValue(parsing: text.utf8))?["auths"]?.object ?? [:]
        let words = registries.values.flatMap { entry in ["auth", "password", "identitytoken"].compactMap { entry[$0]?.string } }
        return ([text] + words).map { Secret($0) }
    }

    /// Why a text is no `config.json` with registries; `nil` when it is one.
    package static func fault(in text: String) -> String? {
        guard let root = try? JSONValue(parsing: text.utf8), let registries = root["auths"]?.object else {
            return "it is no Docker config.json: JSON with an object 'auths' by registry"
        }
        if root["credsStore"] != nil || root["credHelpers"] != nil {
            return "it names a credential helper, which no node can ask; give 'auths' with the credentials themselves"
        }
        return registries.isEmpty ? "its 'auths' is empty" : nil
    }
}
