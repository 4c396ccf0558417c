import Basics
import Forge
import Previews
import Subprocess
import Synchronization
import TestSupport
import Testing

/// Manifests that the repository keeps on its base branch.
@Suite struct RepositoryManifestTests {
    private static let wishes = "  kubernetes:\n    manifests: deploy/preview\n"
    private static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app, namespace: production}
        spec:
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              containers:
                - name: app
                  image: ${PREVIEW_IMAGE}
                  env: [{name: HOST, value: "https://${PREVIEW_HOST}/"}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: app}
        spec: {selector: {app: app}, ports: [{port: 8000}]}

        """

    private func order(_ stage: ClusterStage, _ files: [String: String]) throws -> PreviewOrder {
        try stage.order(yaml: Self.wishes, base: files, application: nil)
    }

    @Test func `a folder of manifests is applied into the preview's own namespace, whatever they name, with its gaps filled`() async throws
    {
        let stage = try ClusterStage()
        _ = try await stage.driver.up(order(stage, ["deploy/preview/web.yaml": Self.web, "deploy/preview/README.md": "not a manifest"]))
        let deployment = try #require(stage.object("deployments/app"))
        let container = deployment["spec"]?["template"]?["spec"]?["containers"]?[0]
        #expect(container?["image"]?.string == "ghcr.io/octo/demo:pr-5-\(PlayedPreview.commit(1))")
        #expect(container?["env"]?[0]?["value"] == "https://pr-5.demo.previews.test/")
        #expect(container?["securityContext"]?["allowPrivilegeEscalation"] == false)
        #expect(deployment["spec"]?["template"]?["spec"]?["automountServiceAccountToken"] == false)
        #expect(stage.object("ingresses/preview")?.text.contains("\"name\":\"app\"") == true)
        #expect(stage.object("ingresses/preview")?.text.contains("\"number\":8000") == true)
        #expect(!stage.cluster.paths.contains { $0.contains("/production/") })
    }

    @Test(arguments: [
        ("kind: Service", "kind: ClusterRoleBinding", "not a kind that previews take"),
        ("ports: [{port: 8000}]", "type: LoadBalancer, ports: [{port: 8000}]", "only ClusterIP"),
        ("containers:", "hostNetwork: true\n      containers:", "`hostNetwork`"),
        ("containers:", "hostPID: true\n      containers:", "`hostPID`"),
        ("containers:", "nodeName: master\n      containers:", "`nodeName`"),
        ("containers:", "volumes: [{name: x, hostPath: {path: /}}]\n      containers:", "`hostPath`"),
        ("containers:", "volumes: [{name: x, projected: {sources: []}}]\n      containers:", "`projected`"),
        ("containers:", "volumes: [{name: x, secret: {secretName: preview-pull}}]\n      containers:", "for pulling images alone"),
        ("- name: app", "- envFrom: [{secretRef: {name: preview-pull}}]\n          name: app", "for pulling images alone"),
        ("- name: app", "- securityContext: {privileged: true}\n          name: app", "privileged"),
        ("- name: app", "- securityContext: {capabilities: {add: [SYS_ADMIN]}}\n          name: app", "SYS_ADMIN"),
        ("- name: app", "- ports: [{containerPort: 80, hostPort: 80}]\n          name: app", "port of the node"),
        ("metadata: {name: app}\n", "metadata: {name: ../../x}\n", "no name that Kubernetes would have"),
        ("metadata: {name: app}\n", "metadata: [\n", "line"),
    ])
    func `what reaches further than its namespace is refused before anything is touched`(old: String, new: String, words: String)
        async throws
    {
        let stage = try ClusterStage()
        let text = Self.web.replacingExactly(old, with: new)
        #expect(text != Self.web)
        let failure = try await stage.failure(order(stage, ["deploy/preview/web.yaml": text]))
        #expect(failure.kind == .misconfigured)
        #expect(failure.cause.contains(words), "\(failure.cause)")
        #expect(stage.cluster.requests.isEmpty)
    }

    @Test func `a job runs anew for each head, and the older head's is taken away`() async throws {
        let stage = try ClusterStage()
        stage.cluster.setController { object, cluster in
            if object["kind"] == "Deployment" { return RolloutController.play(.ready, object, cluster) }
            guard object["kind"] == "Job" else { return }
            var done = object
            done.setting(["status"], ["succeeded": 1])
            cluster.put(done)
        }
        let job =
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: x}]}}}\n"
        var order = try order(stage, ["deploy/preview/web.yaml": Self.web + job])
        func jobs() -> [String] {
            stage.cluster.paths.filter { $0.contains("/jobs/") }.compactMap { $0.split(separator: "/").last.map(String.init) }
        }
        _ = try await stage.driver.up(order)
        #expect(jobs() == ["migrate-\(PlayedPreview.commit(1).hex.prefix(8))"])
        var next = try stage.order(2, yaml: Self.wishes, application: nil)
        next.baseCheckout = order.baseCheckout
        order = next
        _ = try await stage.driver.up(order)
        #expect(jobs() == ["migrate-\(PlayedPreview.commit(2).hex.prefix(8))"])
    }

    @Test func `a right that manifests ask of the cloud by annotation is left out`() async throws {
        let stage = try ClusterStage()
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, annotations: {eks.amazonaws.com/role-arn: admin}}\n---\n"
        _ = try await stage.driver.up(order(stage, ["deploy/preview/web.yaml": account + Self.web]))
        #expect(stage.object("serviceaccounts/app")?["metadata"]?["annotations"] == nil)
    }

    @Test func `a kustomization and a chart are rendered by their own programs, with nothing of our environment`() async throws {
        for (file, program) in [("kustomization.yaml", "kubectl"), ("Chart.yaml", "helm")] {
            var stage = try ClusterStage()
            let runner = AnsweringRunner(Self.web)
            stage.runner = runner
            _ = try await stage.driver.up(order(stage, ["deploy/preview/\(file)": "x: y\n"]))
            let call = try #require(runner.calls.first)
            #expect(call.executable == program)
            #expect(Set(call.environment.keys) == ["PATH", "HOME", "LANG"])
            #expect(stage.object("deployments/app") != nil)
        }
    }

    private static let compose = """
        services:
          web:
            build: .
            ports: ["8000:3000"]
            command: node server.js --fast
            environment: {HOST: "${PREVIEW_HOST}", PRICE: "5$$", COUNT: 3}
            depends_on: [db]
          db:
            image: postgres:17
            environment: [POSTGRES_PASSWORD=x]
            user: "70"
            volumes: [data:/var/lib/postgresql/data]
            healthcheck: {test: [CMD, pg_isready]}
        volumes: {data: }

        """

    @Test func `a compose file becomes a deployment, a name and claims for its services, with the head's image where it builds`()
        async throws
    {
        let stage = try ClusterStage()
        let wishes = "  kubernetes:\n    manifests: compose.yaml\n"
        _ = try await stage.driver.up(stage.order(yaml: wishes, base: ["compose.yaml": Self.compose], application: nil))
        let web = try #require(stage.object("deployments/web")?["spec"]?["template"]?["spec"]?["containers"]?[0])
        #expect(web["image"]?.string == "ghcr.io/octo/demo:pr-5-\(PlayedPreview.commit(1))")
        #expect(web["args"] == ["node", "server.js", "--fast"])
        let expected: JSONValue = [
            ["name": "COUNT", "value": "3"], ["name": "HOST", "value": "pr-5.demo.previews.test"], ["name": "PRICE", "value": "5$"],
        ]
        #expect(web["env"] == expected)
        let db = try #require(stage.object("deployments/db")?["spec"])
        #expect(db["strategy"]?["type"] == "Recreate")
        #expect(db["template"]?["spec"]?["containers"]?[0]?["readinessProbe"]?["exec"]?["command"] == ["pg_isready"])
        #expect(db["template"]?["spec"]?["containers"]?[0]?["securityContext"]?["runAsUser"] == 70)
        #expect(stage.object("services/db")?["spec"]?["clusterIP"] == "None")
        #expect(stage.object("persistentvolumeclaims/data") != nil)
        #expect(stage.object("ingresses/preview")?.text.contains("\"number\":3000") == true)
    }

    @Test(arguments: [
        ("image: postgres:17", "build: ./db", "CI pushes one image"), ("data:/var", "./data:/var", "no path of the repository"),
        ("POSTGRES_PASSWORD=x", "POSTGRES_PASSWORD", "from outside"), ("COUNT: 3", "COUNT: \"${HOME}\"", "from outside"),
        ("depends_on: [db]", "env_file: .env", "`env_file`"), ("node server.js", "sh -c 'x y'", "as a list"),
        ("depends_on: [db]", "privileged: true", "`privileged`"), ("  db:\n", "  d_b:\n", "a-z, 0-9"),
    ])
    func `what a cluster cannot do as compose does is refused by name`(old: String, new: String, words: String) async throws {
        let stage = try ClusterStage()
        let text = Self.compose.replacingExactly(old, with: new)
        #expect(text != Self.compose)
        let wishes = "  kubernetes:\n    manifests: compose.yaml\n"
        let failure = try await stage.failure(stage.order(yaml: wishes, base: ["compose.yaml": text], application: nil))
        #expect(failure.kind == .misconfigured)
        #expect(failure.cause.contains(words), "\(failure.cause)")
        #expect(stage.cluster.requests.isEmpty)
    }

    @Test func `where the program is missing, the operator and the repository are told what each can do`() async throws {
        var stage = try ClusterStage()
        stage.runner = AnsweringRunner(nil)
        let failure = try await stage.failure(order(stage, ["deploy/preview/Chart.yaml": "name: x\n"]))
        #expect(failure.cause == "`helm`, which renders a chart, is not installed on this server.")
        #expect(failure.nextStep.contains("folder of plain manifests"))
    }

    @Test func `several services need one to be named, and a folder that is not there is told`() async throws {
        let stage = try ClusterStage()
        let second = "---\napiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 1}]}\n"
        let several = try await stage.failure(order(stage, ["deploy/preview/web.yaml": Self.web + second]))
        #expect(several.cause.contains("preview.kubernetes.service"))
        let missing = try await stage.failure(order(stage, ["elsewhere.yaml": Self.web]))
        #expect(missing.cause == "There is no `deploy/preview` on the base branch.")
    }

    @Test(arguments: ["{owner}", "ghcr.io/{owner}/{repository}:pr-{number}-{sha}", "registry.test:5000/app@sha256:0123", "a/b:{short}"])
    func `an image's name may have gaps`(text: String) { #expect(PreviewImage(text) != nil) }

    @Test(arguments: ["", "{branch}", "a b", "ghcr.io/{owner", "-x", "a\nb", "$(id)"])
    func `a name with another gap, or of no image, is refused`(text: String) { #expect(PreviewImage(text) == nil) }
}

/// Answers every program with one text; `nil`: no program is there.
private final class AnsweringRunner: CommandRunner {
    private let answer: String?
    private let seen = Mutex<[Invocation]>([])

    init(_ answer: String?) {
        self.answer = answer
    }

    var calls: [Invocation] { seen.withLock { $0 } }

    func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion {
        seen.withLock { $0.append(invocation) }
        guard let answer else { throw .notFound(executable: invocation.executable) }
        return Completion(ending: .exited(0), output: Array(answer.utf8))
    }
}
