import Basics
import Kubernetes

/// Objects to apply, checked and made the preview's own, and the service that people look at.
struct RepositoryManifests: Sendable {
    struct Front: Sendable, Hashable {
        let service: String
        let port: Int
    }

    let objects: [JSONValue]
    let front: Front

    init(objects: [JSONValue], front: Front) {
        self.objects = objects
        self.front = front
    }

    /// Kinds that a repository may bring. Roles, policies, quotas and ingresses are ours or nobody's.
    private static let kinds: [ResourceKind] = [
        .configMap, .secret, .service, .serviceAccount, .volumeClaim, .deployment, .statefulSet, .job,
    ]

    /// What was written by somebody else: only kinds of the closed list, only this namespace, nothing that reaches the node.
    ///
    /// - Parameter values: what `${NAME}` in texts stands for.
    /// - Throws: `PreviewFailure.misconfigured` naming the object.
    init(_ documents: [JSONValue], _ order: PreviewOrder, _ parts: ManifestParts, values: [String: String]) throws(PreviewFailure) {
        var objects: [JSONValue] = []
        for document in documents {
            if document.isNull { continue }
            guard document["kind"]?.string == "List" else {
                objects.append(document)
                continue
            }
            objects += document["items"]?.array ?? []
        }
        guard !objects.isEmpty else { throw Self.refusal("they hold no object") }
        guard objects.count <= 100 else { throw Self.refusal("they hold more than 100 objects") }
        var taken: [JSONValue] = []
        for object in objects { taken.append(try Self.taken(Self.filled(object, values), parts)) }
        self.objects = taken
        front = try Self.front(order.settings.kubernetes, taken)
    }

    private static func refusal(_ reason: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The manifests cannot be applied: \(reason).",
            nextStep: "Change them on the base branch, at `preview.kubernetes.manifests`.")
    }

    // MARK: One object

    private static func taken(_ object: JSONValue, _ parts: ManifestParts) throws(PreviewFailure) -> JSONValue {
        let word = String((object["kind"]?.string ?? "an object without kind").prefix(60))
        guard let kind = kinds.first(where: { $0.apiVersion == object["apiVersion"]?.string && $0.kind == object["kind"]?.string }) else {
            throw refusal("`\(word)` is not a kind that previews take (\(kinds.map(\.kind).joined(separator: ", ")))")
        }
        guard let name = (object["metadata"]?["name"]?.string).flatMap({ ObjectName($0) }) else {
            throw refusal("a \(word) has no name that Kubernetes would have")
        }
        let title = "\(word) `\(name)`"
        let kept = ["preview-tls", ApplicationManifests.databaseSecret, ApplicationManifests.servicesSecret, PullSecret.name]
        if kept.contains(name.text) || kind == .serviceAccount && name.text == "default" {
            throw refusal("\(title) has a name that is kept for previews")
        }
        // A job that was made cannot be changed: each head has its own, and the older one's is taken away.
        let own =
            kind == .job ? ObjectName("\(name.text.prefix(50))-\(parts.head.prefix(8))".replacingExactly("--", with: "-")) ?? name : name
        var object = object
        // Whatever namespace it names: there is only the preview's own here.
        let given = object["metadata"]
        var metadata: [String: JSONValue] = ["name": .string(own.text), "namespace": .string(parts.namespace.text)]
        metadata["labels"] = .object((given?["labels"]?.object ?? [:]).merging(parts.labels) { $1 })
        if let notes = given?["annotations"], kind != .serviceAccount { metadata["annotations"] = notes }
        var members = (object.object ?? [:]).filter { $0.key != "status" }
        members["metadata"] = .object(metadata)
        object = .object(members)
        switch kind {
        case .service: try check(service: object["spec"], title)
        case .serviceAccount: object.set(["automountServiceAccountToken"], false)
        case .secret:
            if let type = object["type"]?.string, type != "Opaque" { throw refusal("\(title) is of the type `\(type.prefix(60))`") }
        case .deployment, .statefulSet, .job:
            guard let pod = object["spec"]?["template"] else { throw refusal("\(title) has no pod template") }
            object.set(["spec", "template"], try PodTemplateCheck(title: title).taken(pod, parts))
        default: break
        }
        return object
    }

    private static func check(service spec: JSONValue?, _ title: String) throws(PreviewFailure) {
        if let type = spec?["type"]?.string, type != "ClusterIP" {
            throw refusal("\(title) is of the type `\(type.prefix(40))`: only ClusterIP")
        }
        for key in ["externalIPs", "externalName", "loadBalancerIP"] where spec?[key] != nil { throw refusal("\(title) has `\(key)`") }
    }

    // MARK: The service people look at

    private static func front(_ wishes: PreviewSettings.Kubernetes, _ objects: [JSONValue]) throws(PreviewFailure) -> Front {
        let services = objects.filter { $0["kind"]?.string == ResourceKind.service.kind }.compactMap { service -> Front? in
            let ports = (service["spec"]?["ports"]?.array ?? []).compactMap { $0["port"]?.int }
            guard let name = service["metadata"]?["name"]?.string, let port = ports.first, (1...65535).contains(port) else { return nil }
            return Front(service: name, port: ports.first { $0 == wishes.port } ?? port)
        }
        if let wished = wishes.service {
            if let found = services.first(where: { $0.service == wished }) { return found }
            throw refusal("they have no service `\(wished.prefix(60))` with a port, as `preview.kubernetes.service` says")
        }
        if services.count == 1, let only = services.first { return only }
        throw refusal(
            services.isEmpty
                ? "they have no service with a port" : "they have several services: name the one to look at as `preview.kubernetes.service`"
        )
    }

    // MARK: Gaps

    private static func filled(_ value: JSONValue, _ values: [String: String]) -> JSONValue {
        switch value {
        case .string(let text):
            guard text.contains("${PREVIEW_") else { return value }
            return .string(values.reduce(text) { $0.replacingExactly("${\($1.key)}", with: $1.value) })
        case .array(let elements): return .array(elements.map { filled($0, values) })
        case .object(let members): return .object(members.mapValues { filled($0, values) })
        default: return value
        }
    }
}

extension JSONValue {
    /// Sets a value at a path of objects, making those that are missing.
    mutating func set(_ path: [String], _ value: JSONValue) {
        guard let first = path.first else {
            self = value
            return
        }
        var members = object ?? [:]
        var inner = members[first] ?? .object([:])
        inner.set(Array(path.dropFirst()), value)
        members[first] = inner
        self = .object(members)
    }
}
