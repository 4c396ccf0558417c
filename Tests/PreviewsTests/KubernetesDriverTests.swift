import Basics
import Forge
import FoundationEssentials
import HTTP
import Kubernetes
import Previews
import Subprocess
import TestSupport
import Testing

/// A driver over a Kubernetes-shaped server, and orders for it.
struct ClusterStage {
    let cluster = SandboxCluster()
    let clock: any Clock
    let folder: TemporaryFolder
    let folders: PreviewFolders
    let preview: PreviewIdentity
    var settings: KubernetesDriver.Settings
    var runner: any CommandRunner = SystemCommandRunner()

    init(clock: any Clock = JumpingClock()) throws {
        self.clock = clock
        folder = try TemporaryFolder()
        folders = PreviewFolders(root: folder.path + "/previews")
        preview = PreviewIdentity(forge: .github, repository: try #require(RepositoryName("octo/demo")), number: 5)
        settings = KubernetesDriver.Settings(
            image: try #require(PreviewImage(PreviewImage.usual)), ingressClass: "nginx",
            ingressNamespace: try #require(ObjectName("ingress-nginx")))
        RolloutController.install(in: cluster)
    }

    var driver: KubernetesDriver {
        get throws {
            let access = try ClusterAccess(server: "http://localhost:6443", credential: .token(Secret(SandboxCluster.token)))
            let client = KubernetesClient(
                access, http: InProcessHTTPClient(cluster), clock: clock, random: SeededRandom(seed: 1), log: .silent, readFile: { _ in "" }
            )
            let sources = ManifestSources(runner: runner, folders: folders, path: "/usr/bin:/bin")
            return KubernetesDriver(client: client, settings: settings, sources: sources, clock: clock) { text in
                String(text.utf8.reduce(UInt64(7)) { ($0 &* 31) &+ UInt64($1) }, radix: 16)
            }
        }
    }

    /// - Parameter yaml: lines below `preview:` in `.fettle.yml`.
    func order(
        _ commit: Int = 1, yaml: String = "", base: [String: String] = [:],
        application: PreviewApplication? = PreviewApplication(port: 3000),
        database: Secret? = nil
    ) throws -> PreviewOrder {
        let reading = PreviewSettingsReader.read(Array("preview:\n  driver: kubernetes\n\(yaml)".utf8))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        var order = PreviewOrder(
            preview: preview, commit: PlayedPreview.commit(commit), checkout: nil, settings: try #require(reading.settings),
            database: database, host: "pr-5.demo.previews.test")
        order.application = application
        order.expiresAt = Timestamp(seconds: 1_800_000_000)
        if !base.isEmpty {
            let path = try folders.newCheckout(for: preview)
            for (name, text) in base {
                let file = URL(filePath: path + "/" + name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            order.baseCheckout = path
        }
        return order
    }

    var root: String { "/api/v1/namespaces/\(preview.slug)" }

    func object(_ place: String) -> JSONValue? {
        let (version, rest) =
            place.contains("deployments/")
            ? ("apis/apps/v1", place)
            : place.contains("ingresses/") || place.contains("networkpolicies/") ? ("apis/networking.k8s.io/v1", place) : ("api/v1", place)
        return cluster.object("/\(version)/namespaces/\(preview.slug)/\(rest)")
    }

    func failure(_ order: PreviewOrder? = nil) async throws -> PreviewFailure {
        let order = try order ?? self.order()
        let failure = await #expect(throws: PreviewFailure.self) { _ = try await driver.up(order) }
        return try #require(failure)
    }
}

@Suite struct KubernetesDriverTests {
    @Test func `a preview is a namespace of its own, fenced in, with its application behind its host name`() async throws {
        let stage = try ClusterStage()
        let address = try await stage.driver.up(stage.order())
        #expect(address.url == "http://pr-5.demo.previews.test/")
        let namespace = try #require(stage.cluster.object(stage.root))
        #expect(namespace["metadata"]?["annotations"]?["fettle.dev/pull-request"] == "github:octo/demo#5")
        #expect(namespace["metadata"]?["annotations"]?["fettle.dev/ttl"] == "3d")
        #expect(namespace["metadata"]?["annotations"]?["fettle.dev/expires-at"] != nil)
        #expect(namespace["metadata"]?["labels"]?["pod-security.kubernetes.io/enforce"] == "baseline")
        #expect(stage.object("resourcequotas/preview")?["spec"]?["hard"]?["services.loadbalancers"] == "0")
        #expect(stage.object("limitranges/preview") != nil)
        #expect(stage.object("networkpolicies/deny")?["spec"]?["policyTypes"]?.array?.count == 2)
        #expect(stage.object("networkpolicies/deny")?["spec"]?["egress"] == nil)
        #expect(stage.object("networkpolicies/inside")?["spec"]?["egress"]?.array?.count == 2)
        let container = try #require(stage.object("deployments/web")?["spec"]?["template"]?["spec"]?["containers"]?[0])
        #expect(container["image"]?.string == "ghcr.io/octo/demo:pr-5-\(PlayedPreview.commit(1))")
        #expect(container["ports"]?[0]?["containerPort"] == 3000)
        #expect(stage.object("ingresses/preview")?["spec"]?["rules"]?[0]?["host"] == "pr-5.demo.previews.test")
        let writes = stage.cluster.requests.filter { $0.method == "PATCH" }
        #expect(writes.allSatisfy { $0.query["fieldManager"] == "fettle" })
        #expect(writes.map(\.path).firstIndex { $0.hasSuffix("/resourcequotas/preview") } == 1, "limits stand before anything runs")
    }

    @Test func `a namespace that is not ours is never touched, by neither up nor down`() async throws {
        let stage = try ClusterStage()
        for labels: JSONValue in [[:], ["app.kubernetes.io/managed-by": "fettle", "fettle.dev/preview": .string(stage.preview.slug)]] {
            stage.cluster.put([
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": .string(stage.preview.slug), "labels": labels,
                    "annotations": ["fettle.dev/pull-request": "github:octo/demo#5", "fettle.dev/mark": "of another server"],
                ],
            ])
            let failure = try await stage.failure()
            #expect(failure.kind == .notAllowed)
            #expect(failure.cause.contains(stage.preview.slug))
            try await stage.driver.down(stage.order())
            #expect(try await stage.driver.existing() == [])
            #expect(stage.cluster.object(stage.root) != nil)
        }
        #expect(stage.cluster.requests.allSatisfy { $0.method == "GET" })
    }

    @Test func `the operator's registries reach the nodes through the namespace's own account, and no container`() async throws {
        var stage = try ClusterStage()
        stage.settings.registries = Secret(#"{"auths": {"ghcr.io": {"auth": "eA=="}}}"#)
        _ = try await stage.driver.up(stage.order())
        #expect(stage.object("secrets/preview-pull")?["type"] == "kubernetes.io/dockerconfigjson")
        #expect(stage.object("serviceaccounts/default")?["imagePullSecrets"]?[0]?["name"] == "preview-pull")
        _ = try await stage.driver.up(stage.order(2))
        #expect(stage.object("secrets/preview-pull") != nil, "a push leaves it")
        let names = stage.object("deployments/web")?["spec"]?["template"]?["spec"]?["serviceAccountName"]
        #expect(names == nil)
    }

    @Test func `a push rolls the new head out, and takes away what only the old one had`() async throws {
        let stage = try ClusterStage()
        let first = try stage.order(application: PreviewApplication(port: 3000, services: ["cache": "redis"]))
        _ = try await stage.driver.up(first)
        #expect(stage.object("deployments/cache") != nil)
        let environment = stage.object("deployments/web")?["spec"]?["template"]?["spec"]?["containers"]?[0]?["env"]?.array ?? []
        #expect(environment.contains { $0["name"] == "REDIS_URL" })
        _ = try await stage.driver.up(stage.order(2))
        #expect(stage.object("deployments/cache") == nil)
        #expect(stage.object("services/cache") == nil)
        let template = stage.object("deployments/web")?["spec"]?["template"]
        #expect(template?["metadata"]?["labels"]?["fettle.dev/head"]?.string == PlayedPreview.commit(2).hex)
    }

    @Test func `a namespace that is still going is waited for, and a new one made`() async throws {
        let clock = SteppingClock()
        let stage = try ClusterStage(clock: clock)
        _ = try await stage.driver.up(stage.order())
        var namespace = try #require(stage.cluster.object(stage.root))
        namespace.setting(["metadata", "deletionTimestamp"], "2026-11-24T12:30:00Z")
        stage.cluster.put(namespace)
        clock.onSleep = { [cluster = stage.cluster, root = stage.root] in cluster.remove(root) }
        _ = try await stage.driver.up(stage.order())
        #expect(stage.cluster.object(stage.root)?["metadata"]?["deletionTimestamp"] == nil)
    }

    @Test func `down returns when the namespace is gone, and says what holds it when it does not go`() async throws {
        let stage = try ClusterStage()
        _ = try await stage.driver.up(stage.order())
        var namespace = try #require(stage.cluster.object(stage.root))
        namespace.setting(["metadata", "annotations", "test/keeps-terminating"], "yes")
        namespace.setting(
            ["status", "conditions"], [["type": "NamespaceFinalizersRemaining", "message": "a finalizer of example.com remains"]])
        stage.cluster.put(namespace)
        let failure = await #expect(throws: PreviewFailure.self) { try await stage.driver.down(stage.order()) }
        #expect(failure?.kind == .timedOut)
        #expect(failure?.mayPass == true)
        #expect(failure?.excerpt.raw.contains("finalizer") == true)
        namespace.setting(
            ["metadata", "annotations"],
            [
                "fettle.dev/pull-request": "github:octo/demo#5",
                "fettle.dev/mark": namespace["metadata"]?["annotations"]?["fettle.dev/mark"] ?? "",
            ])
        stage.cluster.put(namespace)
        try await stage.driver.down(stage.order())
        #expect(stage.cluster.object(stage.root) == nil)
    }

    @Test func `our right is bound in the new namespace first, and a right that is not known yet is waited for`() async throws {
        var stage = try ClusterStage()
        stage.settings.grant = KubernetesDriver.Settings.Grant(
            role: try #require(ObjectName("fettle-preview")), accountNamespace: try #require(ObjectName("fettle")),
            account: try #require(ObjectName("fettle")))
        stage.cluster.fail(
            pathSuffix: "/resourcequotas/preview",
            .json(403, ["kind": "Status", "message": "User cannot patch resource \"resourcequotas\""]),
            times: 2)
        _ = try await stage.driver.up(stage.order())
        let binding = stage.cluster.object("/apis/rbac.authorization.k8s.io/v1/namespaces/\(stage.preview.slug)/rolebindings/fettle")
        #expect(binding?["roleRef"]?["name"] == "fettle-preview")
        #expect(binding?["subjects"]?[0]?["namespace"] == "fettle")
    }

    @Test func `the database's address reaches the application as a secret, and its port through the fence`() async throws {
        let stage = try ClusterStage()
        _ = try await stage.driver.up(stage.order(database: Secret("postgres://a:b@db.example.com:6432/previews")))
        #expect(stage.object("secrets/preview-database")?["data"]?["url"] != nil)
        let egress = stage.object("networkpolicies/inside")?["spec"]?["egress"]?.array ?? []
        #expect(egress.contains { $0["ports"]?[0]?["port"] == 6432 })
        let deployment = try #require(stage.object("deployments/web"))
        #expect(!deployment.text.contains("postgres://"))
    }

    @Test func `no pod gets a token for the cluster, and an image with a user of its own no abilities`() async throws {
        let stage = try ClusterStage()
        _ = try await stage.driver.up(stage.order(application: PreviewApplication(port: 8080, health: "/healthz", user: 10001)))
        let pod = try #require(stage.object("deployments/web")?["spec"]?["template"]?["spec"])
        #expect(pod["automountServiceAccountToken"] == false)
        #expect(pod["securityContext"]?["runAsNonRoot"] == true)
        #expect(pod["containers"]?[0]?["securityContext"]?["capabilities"]?["drop"]?[0] == "ALL")
        #expect(pod["containers"]?[0]?["readinessProbe"]?["httpGet"]?["path"] == "/healthz")
    }

    @Test func `the settings of the base branch win over what the head shows`() async throws {
        let stage = try ClusterStage()
        let text =
            "  kubernetes:\n    image: registry.test/{repository}/app:{short}\n    port: 9000\n    health: /ready\n    environment: {MODE: preview}\n    services: {db: postgres}\n"
        _ = try await stage.driver.up(stage.order(yaml: text))
        let container = try #require(stage.object("deployments/web")?["spec"]?["template"]?["spec"]?["containers"]?[0])
        #expect(container["image"]?.string == "registry.test/demo/app:\(PlayedPreview.commit(1).hex.prefix(12))")
        #expect(container["ports"]?[0]?["containerPort"] == 9000)
        #expect(container["env"]?.array?.contains { $0["name"] == "MODE" && $0["value"] == "preview" } == true)
        #expect(stage.object("secrets/preview-services")?["data"]?["db-address"] != nil)
    }

    @Test(arguments: [(KubernetesDriver.Settings.TLS.controller, false), (.issuer("letsencrypt"), true)])
    func `with certificates the address is https`(tls: KubernetesDriver.Settings.TLS, hasSecret: Bool) async throws {
        var stage = try ClusterStage()
        stage.settings.tls = tls
        #expect(try await stage.driver.up(stage.order()).url == "https://pr-5.demo.previews.test/")
        let entry = try #require(stage.object("ingresses/preview")?["spec"]?["tls"]?[0])
        #expect((entry["secretName"] != nil) == hasSecret)
    }
}

/// Each of the six ways previews mostly fail in a cluster names its cause and the next step.
@Suite struct KubernetesFailureTests {
    @Test func `no room on any node`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .noRoom)
        let failure = try await stage.failure()
        #expect(failure.kind == .noRoom)
        #expect(failure.cause == "No node of the cluster has room for the preview.")
        #expect(failure.nextStep.contains("add a node"))
        #expect(failure.excerpt.raw.contains("3 Insufficient memory"))
        #expect(stage.clock.uptime >= RolloutPatience().room, "a node may be on its way")
    }

    @Test func `more than the quota`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .quota)
        let failure = try await stage.failure()
        #expect(failure.kind == .quota)
        #expect(failure.cause.contains("quota"))
        #expect(failure.nextStep.contains("less memory"))
        #expect(failure.excerpt.raw.contains("limits.memory=9Gi"))
    }

    @Test func `an image that cannot be pulled, after CI had time to push it`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .imagePull)
        let failure = try await stage.failure()
        #expect(failure.kind == .imagePull)
        #expect(failure.cause.contains("ghcr.io/octo/demo:pr-5-\(PlayedPreview.commit(1))"))
        #expect(failure.nextStep.contains("preview.kubernetes.image"))
        #expect(failure.excerpt.raw.contains("manifest unknown"))
        #expect(stage.clock.uptime >= RolloutPatience().image)
    }

    @Test func `a container that does not stay up, with its last life's log`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .crashLoop(log: "starting\nno configuration: SECRET_KEY\n"))
        let failure = try await stage.failure()
        #expect(failure.kind == .crashLoop)
        #expect(failure.cause == "The container `web` does not stay up.")
        #expect(failure.nextStep.contains("Read its last lines"))
        #expect(failure.excerpt.raw.contains("no configuration: SECRET_KEY"))
    }

    @Test func `a port that is taken in the pod, and a host name that is taken in the cluster`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .crashLoop(log: "Error: listen EADDRINUSE: address already in use :::3000\n"))
        let inPod = try await stage.failure()
        #expect(inPod.kind == .portConflict)
        #expect(inPod.nextStep.contains("PORT"))
        RolloutController.install(in: stage.cluster)
        stage.cluster.fail(
            pathSuffix: "/ingresses/preview",
            .json(
                400,
                [
                    "kind": "Status",
                    "message":
                        "admission webhook \"validate.nginx.ingress.kubernetes.io\" denied the request: host \"pr-5.demo.previews.test\" and path \"/\" is already defined in ingress other/web",
                ]))
        let onHost = try await stage.failure()
        #expect(onHost.kind == .portConflict)
        #expect(onHost.nextStep.contains("domain"))
        #expect(onHost.excerpt.raw.contains("other/web"))
    }

    @Test(arguments: ["namespaces", "networkpolicies", "deployments"]) func `a right that is missing`(resource: String) async throws {
        let stage = try ClusterStage()
        stage.cluster.deny("patch", resource)
        let failure = try await stage.failure()
        #expect(failure.kind == .missingPermission)
        #expect(failure.cause.contains("does not let this server write"))
        #expect(failure.nextStep.contains("previews.enabled"))
        #expect(failure.excerpt.raw.contains("cannot patch resource \"\(resource)\""))
    }

    @Test func `a secret that is not there, memory that is used up, and an application that does not answer`() async throws {
        let stage = try ClusterStage()
        RolloutController.install(in: stage.cluster, .missingSecret)
        #expect(try await stage.failure().excerpt.raw.contains("secret \"api\" not found"))
        RolloutController.install(in: stage.cluster, .outOfMemory)
        #expect(try await stage.failure().cause.contains("more memory than its limit"))
        RolloutController.install(in: stage.cluster, .silent)
        let failure = try await stage.failure()
        #expect(failure.kind == .timedOut)
        #expect(failure.nextStep.contains("0.0.0.0"))
        #expect(failure.excerpt.raw.contains("connection refused"))
    }
}
