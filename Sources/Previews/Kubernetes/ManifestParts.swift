import Basics
import Forge
import FoundationEssentials
import Kubernetes

/// What every object of one preview carries: whose it is, and which head its pods belong to.
struct ManifestParts: Sendable {
    let preview: PreviewIdentity
    let namespace: ObjectName
    let head: String

    static let manager = "fettle"
    static let managedLabel = "app.kubernetes.io/managed-by"
    static let previewLabel = "fettle.dev/preview"
    /// On pods: those of an older head are not asked how they are.
    static let headLabel = "fettle.dev/head"

    init(_ order: PreviewOrder) throws(PreviewFailure) {
        guard let namespace = Self.namespace(of: order.preview) else { throw .overtaken }
        self.preview = order.preview
        self.namespace = namespace
        head = order.commit?.hex ?? "none"
    }

    static func namespace(of preview: PreviewIdentity) -> ObjectName? { ObjectName(label: preview.slug) }

    var labels: [String: JSONValue] {
        [Self.managedLabel: .string(Self.manager), Self.previewLabel: .string(preview.slug)]
    }

    var selector: String { "\(Self.managedLabel)=\(Self.manager),\(Self.previewLabel)=\(preview.slug)" }

    func object(_ kind: ResourceKind, _ name: String, _ members: [String: JSONValue]) -> JSONValue {
        let head: [String: JSONValue] = [
            "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind),
            "metadata": ["name": .string(name), "namespace": .string(namespace.text), "labels": .object(labels)],
        ]
        return .object(head.merging(members) { $1 })
    }

    /// Texts are kept as the API keeps them, so that applying the same again changes nothing.
    func secret(_ name: String, _ values: [String: String]) -> JSONValue {
        let encoded = values.mapValues { JSONValue.string(Data($0.utf8).base64EncodedString()) }
        return object(.secret, name, ["type": "Opaque", "data": .object(encoded)])
    }
}
