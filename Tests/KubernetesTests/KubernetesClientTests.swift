import Basics
import HTTP
import Kubernetes
import TestSupport
import Testing

@Suite struct KubernetesClientTests {
    @Test func `an object that is not there is told from one we may not see, and each says what to do`() async throws {
        let cluster = SandboxCluster()
        await #expect(throws: ClusterError.notFound(subject: "pod ci/build-1")) {
            try await Stage.client(cluster).pod(Stage.pod, in: Stage.ci)
        }
        cluster.deny("get", "pods")
        do {
            _ = try await Stage.client(cluster).pod(Stage.pod, in: Stage.ci)
            Issue.record("it was let in")
        } catch {
            #expect("\(error)".contains("cannot get resource \"pods\""))
            #expect("\(error)".contains("bind our service account"))
            #expect(!error.mayPass)
        }
    }

    @Test func `a wrong token is an error that names the credential, not the object`() async throws {
        let client = Stage.client(SandboxCluster(), token: "another")
        await #expect(throws: ClusterError.unauthorized(cluster: "localhost:6443")) { try await client.pod(Stage.pod, in: Stage.ci) }
    }

    @Test func `a busy or failing server is asked again, three times in all`() async throws {
        let cluster = SandboxCluster()
        cluster.put(ClusterSample.pod("build-1", phase: "Running", states: []))
        var busy = HTTPResponse.json(429, ["kind": "Status", "message": "Too many requests, please try again later.", "code": 429])
        busy.headers.add("Retry-After", "1")
        cluster.fail(pathSuffix: "/build-1", busy)
        cluster.fail(pathSuffix: "/build-1", .text(503, "service unavailable"))
        #expect(try await Stage.client(cluster).pod(Stage.pod, in: Stage.ci).metadata.name == "build-1")
        #expect(cluster.requests.count == 3)
        cluster.fail(pathSuffix: "/build-1", .text(500, "etcdserver: request timed out"), times: 5)
        await #expect(throws: ClusterError.self) { try await Stage.client(cluster).pod(Stage.pod, in: Stage.ci) }
        #expect(cluster.requests.count == 6)
    }

    @Test func `a server that is not Kubernetes is told from one that refuses`() async throws {
        let cluster = SandboxCluster()
        cluster.fail(pathSuffix: "/build-1", .text(200, "<html>Welcome</html>"))
        cluster.fail(pathSuffix: "/build-1", HTTPResponse(status: 302, headers: ["Location": "https://login.example.com/"]))
        for _ in 0..<2 {
            do {
                _ = try await Stage.client(cluster).pod(Stage.pod, in: Stage.ci)
                Issue.record("taken for a pod")
            } catch {
                guard case .malformedReply = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test func `a log comes within its limits, cut at the end as the cluster cuts it`() async throws {
        let cluster = SandboxCluster()
        cluster.put(ClusterSample.pod("build-1", phase: "Failed", states: [("step-test", ClusterSample.terminated(1, "Error"))]))
        cluster.setLog("one\ntwo\nthree\n", of: "step-test", in: "build-1", namespace: "ci")
        let client = Stage.client(cluster)
        func log(_ range: LogRange) async throws -> String {
            String(decoding: try await client.log(of: "step-test", in: Stage.pod, namespace: Stage.ci, range), as: UTF8.self)
        }
        #expect(try await log(LogRange(bytes: 1000)) == "one\ntwo\nthree\n")
        #expect(try await log(LogRange(bytes: 5)) == "one\nt")
        #expect(try await log(LogRange(bytes: 1000, lines: 2)) == "two\nthree\n")
        await #expect(throws: ClusterError.self) { try await log(LogRange(bytes: 1000, previous: true)) }
        #expect(cluster.requests.allSatisfy { $0.query["limitBytes"] != nil }, "no log is asked for without a limit")
    }

    @Test func `server-side apply creates, changes, and does not take fields of another manager`() async throws {
        let cluster = SandboxCluster()
        let client = Stage.client(cluster)
        let namespace: JSONValue = [
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "preview-1", "labels": ["fettle/preview": "1"]],
        ]
        let settings: (String) -> JSONValue = { value in
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings"], "data": ["mode": .string(value)]]
        }
        let place = try #require(ObjectName(label: "preview-1"))
        await #expect(throws: ClusterError.notFound(subject: "ConfigMap preview-1/settings")) {
            try await client.apply(settings("a"), in: place)
        }
        try await client.apply(namespace, in: nil)
        try await client.apply(settings("a"), in: place)
        try await client.apply(settings("b"), in: place)
        await #expect(throws: ClusterError.self) { try await client.apply(settings("c"), in: place, manager: "somebody") }
        try await client.apply(settings("c"), in: place, manager: "somebody", force: true)
        #expect(cluster.object("/api/v1/namespaces/preview-1/configmaps/settings")?["data"]?["mode"] == "c")
        let found = try await client.objects(.namespace, labelled: "fettle/preview=1", in: nil)
        #expect(found.count == 1)
    }

    @Test func `what is deleted is gone, deleting it again is no error, and a later namesake is spared`() async throws {
        let cluster = SandboxCluster()
        let client = Stage.client(cluster)
        let name = try #require(ObjectName("preview-1"))
        let made = try await client.apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "preview-1"]], in: nil)
        let uid = try #require(made["metadata"]?["uid"]?.string)
        await #expect(throws: ClusterError.self) { try await client.delete(.namespace, name, in: nil, uid: "another") }
        #expect(try await client.delete(.namespace, name, in: nil, uid: uid))
        #expect(try await !client.delete(.namespace, name, in: nil, uid: uid))
    }

    @Test(arguments: ["", "A", "a/b", "../x", "a..b", "-a", "a-", "a b", "a%2f", "a\n", String(repeating: "a", count: 254)])
    func `a name that Kubernetes would not have never reaches a path`(text: String) {
        #expect(ObjectName(text) == nil)
    }

    @Test func `a manifest of another namespace, or of a kind we do not write, is refused before it is sent`() async throws {
        let cluster = SandboxCluster()
        let client = Stage.client(cluster)
        let elsewhere: JSONValue = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "x", "namespace": "kube-system"]]
        let role: JSONValue = ["apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": ["name": "x"]]
        for manifest in [elsewhere, role] {
            await #expect(throws: ClusterError.self) { try await client.apply(manifest, in: Stage.ci) }
        }
        #expect(cluster.requests.isEmpty)
    }

    @Test func `a token review tells service accounts from others and from nobody`() async throws {
        let cluster = SandboxCluster()
        cluster.allow(token: "task", as: "system:serviceaccount:ci:pipeline")
        cluster.allow(token: "person", as: "alice")
        let client = Stage.client(cluster)
        #expect(try await client.review(Secret("task")).account?.namespace.text == "ci")
        #expect(try await client.review(Secret("person")).isAuthenticated)
        #expect(try await client.review(Secret("person")).account == nil)
        #expect(try await !client.review(Secret("stolen")).isAuthenticated)
    }
}

enum Stage {
    static let ci = name("ci")
    static let pod = name("build-1")

    private static func name(_ text: String) -> ObjectName {
        guard let name = ObjectName(text) else { preconditionFailure("a constant of the test is wrong") }
        return name
    }

    static func client(_ cluster: SandboxCluster, token: String = SandboxCluster.token) -> KubernetesClient {
        guard let access = try? ClusterAccess(server: "http://localhost:6443/", credential: .token(Secret(token))) else {
            preconditionFailure("a constant of the test is wrong")
        }
        return KubernetesClient(
            access, http: InProcessHTTPClient(cluster), clock: JumpingClock(), random: SeededRandom(seed: 1), log: .silent,
            readFile: { _ in "" })
    }
}
