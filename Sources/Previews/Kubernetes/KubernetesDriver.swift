package import Basics
package import Kubernetes

/// A namespace of a cluster for each preview, owned by us: fenced in, filled by server-side apply, watched until it is ready, deleted whole.
///
/// A namespace without our mark is never touched. Images are not built here: see `PreviewImage`.
package struct KubernetesDriver: PreviewDriver {
    package let kind = PreviewSettings.Driver.kubernetes

    package struct Settings: Sendable {
        package enum TLS: Sendable, Hashable {
            /// Plain HTTP.
            case none
            /// The ingress controller's own certificate.
            case controller
            /// By cert-manager and this cluster issuer.
            case issuer(String)
        }

        /// The role that is bound to our account in each namespace we make.
        package struct Grant: Sendable, Hashable {
            package let role: ObjectName
            package let accountNamespace: ObjectName
            package let account: ObjectName

            package init(role: ObjectName, accountNamespace: ObjectName, account: ObjectName) {
                self.role = role
                self.accountNamespace = accountNamespace
                self.account = account
            }
        }

        /// What one preview may use.
        package struct Room: Sendable, Hashable {
            package var pods = 10
            package var cpu = "2"
            package var memory = "4Gi"
            package var memoryLimit = "6Gi"
            package var storage = "10Gi"

            package init() {}
        }

        package var image: PreviewImage
        package var ingressClass: String?
        /// Where the ingress controller's pods are.
        package var ingressNamespace: ObjectName
        package var tls: TLS
        package var grant: Grant?
        /// A Docker `config.json` by which previews pull their images.
        package var registries: Secret?
        package var room = Room()
        package var patience = RolloutPatience()

        package init(image: PreviewImage, ingressClass: String? = nil, ingressNamespace: ObjectName, tls: TLS = .none, grant: Grant? = nil)
        {
            self.image = image
            self.ingressClass = ingressClass
            self.ingressNamespace = ingressNamespace
            self.tls = tls
            self.grant = grant
        }
    }

    let client: KubernetesClient
    let settings: Settings
    let clock: any Clock
    private let sources: ManifestSources
    private let code: @Sendable (String) -> String

    /// - Parameter code: what only this server can make of a text: marks and passwords; the same each time, letters and digits.
    package init(
        client: KubernetesClient, settings: Settings, sources: ManifestSources, clock: any Clock,
        code: @escaping @Sendable (String) -> String
    ) {
        self.client = client
        self.settings = settings
        self.sources = sources
        self.clock = clock
        self.code = code
    }

    package func up(_ order: PreviewOrder) async throws(PreviewFailure) -> PreviewAddress {
        guard let host = order.host else { throw Self.noDomain }
        let parts = try ManifestParts(order)
        let fence = NamespaceFence(parts: parts, settings: settings, mark: mark(of: order.preview))
        // All of it is known before anything is touched.
        let manifests = try await manifests(order, parts)
        let ingress = try IngressManifest(parts: parts, settings: settings, host: host, front: manifests.front).manifest
        try await claim(parts.namespace, order.preview)
        try await apply(fence.namespace(order), in: nil)
        if let grant = fence.grant { try await apply(grant, in: parts.namespace) }
        let databasePort = order.database.map { PostgreSQLAddress.port(of: $0.reveal()) }
        let fenced = fence.manifests(databasePort: databasePort)
        // A right that was bound a moment ago is not known everywhere at once.
        try await patiently(tries: fence.grant == nil ? 1 : 10) { () async throws(PreviewFailure) in
            for manifest in fenced.prefix(1) { try await apply(manifest, in: parts.namespace) }
        }
        var wanted = Array(fenced.dropFirst())
        if let database = order.database { wanted.append(parts.secret(ApplicationManifests.databaseSecret, ["url": database.reveal()])) }
        if let registries = settings.registries { wanted += PullSecret(parts: parts, registries: registries).manifests }
        wanted += manifests.objects + [ingress]
        for manifest in wanted { try await apply(manifest, in: parts.namespace) }
        try await prune(parts, keeping: fenced.prefix(1) + wanted)
        try await Rollout(client: client, clock: clock, patience: settings.patience, parts: parts).watch(manifests.objects)
        return try Self.address(host, settings.tls)
    }

    /// Returns when the namespace is gone with all that was in it.
    package func down(_ order: PreviewOrder) async throws(PreviewFailure) {
        guard let name = ManifestParts.namespace(of: order.preview), let found = try await namespace(name) else { return }
        // What is not ours holds nothing of ours.
        guard NamespaceFence.owns(found, order.preview, mark: mark(of: order.preview)) else { return }
        try await calling { () async throws(ClusterError) in
            _ = try await client.delete(.namespace, name, in: nil, uid: found["metadata"]?["uid"]?.string)
        }
        try await waitUntilGone(name, uid: found["metadata"]?["uid"]?.string)
    }

    package func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>? {
        let selector = "\(ManifestParts.managedLabel)=\(ManifestParts.manager),\(ManifestParts.previewLabel)"
        let found = try await calling { () async throws(ClusterError) in
            try await client.objects(.namespace, labelled: selector, in: nil)
        }
        return Set(
            found.compactMap { namespace in
                let text = namespace["metadata"]?["annotations"]?[NamespaceFence.pullRequestNote]?.string ?? ""
                return PreviewIdentity(text).flatMap { NamespaceFence.owns(namespace, $0, mark: mark(of: $0)) ? $0 : nil }
            })
    }

    // MARK: Parts

    private func mark(of preview: PreviewIdentity) -> String { code("namespace of \(preview)") }

    /// What is to run, and the service that people look at.
    private func manifests(_ order: PreviewOrder, _ parts: ManifestParts) async throws(PreviewFailure) -> RepositoryManifests {
        let wishes = order.settings.kubernetes
        let template = try wishes.image.map { text throws(PreviewFailure) in
            guard let image = PreviewImage(text) else { throw Self.noImage }
            return image
        }
        let image = (template ?? settings.image).name(of: order)
        if let path = wishes.manifests {
            return try await sources.manifests(at: path, order, parts, image: image)
        }
        let (code, preview) = (code, order.preview)
        let made = ApplicationManifests(parts: parts, order: order, image: image) { host in
            code("password of \(host) of \(preview)").filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        return RepositoryManifests(objects: try made.manifests(), front: .init(service: ApplicationManifests.name, port: 80))
    }

    /// Makes sure that nobody else's namespace stands there, and none of ours that is still going.
    private func claim(_ name: ObjectName, _ preview: PreviewIdentity) async throws(PreviewFailure) {
        guard let found = try await namespace(name) else { return }
        guard NamespaceFence.owns(found, preview, mark: mark(of: preview)) else {
            throw PreviewFailure(
                .notAllowed, cause: "The namespace `\(name)` exists and is not this server's.",
                nextStep: "The operator finds out whose it is, and deletes or renames it; previews never touch what is not theirs.")
        }
        guard found["metadata"]?["deletionTimestamp"] != nil else { return }
        try await waitUntilGone(name, uid: found["metadata"]?["uid"]?.string)
    }

    private func namespace(_ name: ObjectName) async throws(PreviewFailure) -> JSONValue? {
        do throws(ClusterError) {
            return try await client.object(.namespace, name, in: nil)
        } catch {
            if case .notFound = error { return nil }
            throw ClusterFailure.explained(error)
        }
    }

    private func waitUntilGone(_ name: ObjectName, uid: String?) async throws(PreviewFailure) {
        let end = clock.uptime + settings.patience.gone
        while let found = try await namespace(name), found["metadata"]?["uid"]?.string == uid {
            guard clock.uptime < end else {
                let words = (found["status"]?["conditions"]?.array ?? []).compactMap { $0["message"]?.string }.joined(separator: "\n")
                throw PreviewFailure(
                    .timedOut,
                    cause: "The namespace `\(name)` is still there \(settings.patience.gone.components.seconds) s after it was deleted.",
                    nextStep: "The operator looks at what holds it (`kubectl get namespace \(name) -o yaml`); it is tried again.",
                    excerpt: LogExcerpt.end(of: Array(words.utf8)), mayPass: true)
            }
            try await pause(.seconds(2))
        }
    }

    /// What an older head brought and this one does not.
    private func prune(_ parts: ManifestParts, keeping wanted: some Sequence<JSONValue>) async throws(PreviewFailure) {
        let kept = Set(wanted.map { "\($0["kind"]?.string ?? "")/\($0["metadata"]?["name"]?.string ?? "")" })
        // Volumes keep what is in them from push to push; the fence and our own right stay.
        for kind in [ResourceKind.ingress, .deployment, .statefulSet, .job, .service, .configMap, .secret] {
            let found = try await calling { () async throws(ClusterError) in
                try await client.objects(kind, labelled: parts.selector, in: parts.namespace)
            }
            for object in found {
                guard let name = (object["metadata"]?["name"]?.string).flatMap({ ObjectName($0) }), !kept.contains("\(kind.kind)/\(name)")
                else {
                    continue
                }
                try await calling { () async throws(ClusterError) in _ = try await client.delete(kind, name, in: parts.namespace) }
            }
        }
    }

    private func apply(_ manifest: JSONValue, in namespace: ObjectName?) async throws(PreviewFailure) {
        // All in it is ours: a field that somebody changed by hand is taken back.
        try await calling { () async throws(ClusterError) in
            try await client.apply(manifest, in: namespace, manager: ManifestParts.manager, force: true)
        }
    }

    private func patiently(tries: Int, _ body: () async throws(PreviewFailure) -> Void) async throws(PreviewFailure) {
        for left in (0..<tries).reversed() {
            do throws(PreviewFailure) { return try await body() } catch {
                guard left > 0, error.kind == .missingPermission else { throw error }
            }
            try await pause(.seconds(1))
        }
    }

    private func pause(_ time: Duration) async throws(PreviewFailure) {
        do { try await clock.sleep(for: time) } catch { throw .overtaken }
    }

    @discardableResult
    private func calling<Result>(_ body: () async throws(ClusterError) -> Result) async throws(PreviewFailure) -> Result {
        do throws(ClusterError) { return try await body() } catch { throw ClusterFailure.explained(error) }
    }

    private static func address(_ host: String, _ tls: Settings.TLS) throws(PreviewFailure) -> PreviewAddress {
        guard let address = PreviewAddress("\(tls == .none ? "http" : "https")://\(host)/") else { throw noDomain }
        return address
    }

    private static let noDomain = PreviewFailure(
        .misconfigured, cause: "This server has no domain for previews.", nextStep: "The operator sets FETTLE_PREVIEW_DOMAIN.")
    private static let noImage = PreviewFailure(
        .misconfigured, cause: "`preview.kubernetes.image` is no name of an image.",
        nextStep: "Write it as \(PreviewImage.usual), with no other gaps.")
}

/// Where people come in.
struct IngressManifest {
    let manifest: JSONValue

    init(parts: ManifestParts, settings: KubernetesDriver.Settings, host: String, front: RepositoryManifests.Front) throws(PreviewFailure) {
        let backend: JSONValue = ["service": ["name": .string(front.service), "port": ["number": .integer(Int64(front.port))]]]
        var spec: [String: JSONValue] = [
            "rules": [["host": .string(host), "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]]]]
        ]
        if let name = settings.ingressClass { spec["ingressClassName"] = .string(name) }
        var object = parts.object(.ingress, "preview", [:]).object ?? [:]
        switch settings.tls {
        case .none: break
        case .controller: spec["tls"] = [["hosts": [.string(host)]]]
        case .issuer(let issuer):
            spec["tls"] = [["hosts": [.string(host)], "secretName": "preview-tls"]]
            var metadata = object["metadata"]?.object ?? [:]
            metadata["annotations"] = ["cert-manager.io/cluster-issuer": .string(issuer)]
            object["metadata"] = .object(metadata)
        }
        object["spec"] = .object(spec)
        manifest = .object(object)
    }
}
