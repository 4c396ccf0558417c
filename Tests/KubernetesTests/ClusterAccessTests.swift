import Basics
import Kubernetes
import TestSupport
import Testing

@Suite struct ClusterAccessTests {
    private static let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    private static let files = [
        "/home/me/.kube/ca.pem": certificate, "/home/me/.kube/me.pem": certificate,
        "/home/me/.kube/me.key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n",
    ]

    private struct Missing: Error {}

    private func read(_ user: String, cluster: String = "certificate-authority: ca.pem", context: String? = nil) throws -> ClusterAccess {
        let text = """
            apiVersion: v1
            kind: Config
            current-context: work
            contexts:
            - name: work
              context: {cluster: c1, user: me, namespace: team}
            - name: empty
              context: {cluster: nowhere, user: me}
            clusters:
            - name: c1
              cluster:
                server: https://10.0.0.1:6443/
                \(cluster)
            users:
            - name: me
              user:
                \(user)
            """
        return try Kubeconfig.access(in: text, path: "/home/me/.kube/config", context: context) { path in
            guard let text = Self.files[path] else { throw Missing() }
            return text
        }
    }

    @Test func `a token, a token file and a client certificate are taken, with the authority beside the file`() throws {
        let access = try read("token: abc")
        #expect(access.server == "https://10.0.0.1:6443")
        #expect(access.namespace == "team")
        #expect(access.authorities == Array(Self.certificate.utf8))
        guard case .token(let token) = access.credential else { return #expect(Bool(false)) }
        #expect(token.reveal() == "abc")
        guard case .tokenFile(let path) = try read("tokenFile: tok").credential else { return #expect(Bool(false)) }
        #expect(path == "/home/me/.kube/tok")
        #expect(try read("{client-certificate: me.pem, client-key: me.key}").identity != nil)
    }

    @Test(arguments: [
        ("exec: {command: aws}", "certificate-authority: ca.pem", "helper program"),
        ("auth-provider: {name: gcp}", "certificate-authority: ca.pem", "helper program"),
        ("{username: a, password: b}", "certificate-authority: ca.pem", "password"),
        ("token: abc", "insecure-skip-tls-verify: true", "certificate-authority-data"),
        ("token: abc", "certificate-authority-data: '!!'", "no base64"),
        ("token: abc", "certificate-authority-data: aGVsbG8=", "no PEM certificate"),
        ("token: abc", "certificate-authority: other.pem", "cannot be read"),
        ("client-certificate: me.pem", "certificate-authority: ca.pem", "both are needed"),
    ])
    func `what would be unsafe or cannot work is refused with the reason`(user: String, cluster: String, words: String) throws {
        do {
            _ = try read(user, cluster: cluster)
            Issue.record("it was taken")
        } catch let error as ClusterError {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test func `a context that is not whole names what is missing`() throws {
        for (context, words) in [("other", "'other' under contexts"), ("empty", "'nowhere' under clusters")] {
            do {
                _ = try read("token: abc", context: context)
                Issue.record("\(context) was taken")
            } catch let error as ClusterError {
                #expect("\(error)".contains(words), "\(error)")
            }
        }
    }

    @Test func `a credential does not cross a network in the clear`() throws {
        #expect(throws: ClusterError.self) { try ClusterAccess(server: "http://10.0.0.1", credential: .token(Secret("x"))) }
        #expect(throws: ClusterError.self) { try ClusterAccess(server: "http://localhost.evil.example", credential: .token(Secret("x"))) }
        _ = try ClusterAccess(server: "http://localhost:8001", credential: .token(Secret("x")))
        _ = try ClusterAccess(server: "http://10.0.0.1", credential: .none)
    }

    @Test func `the pod's own account is read from its folder, and its absence is explained`() throws {
        let files = ["/sa/ca.crt": Self.certificate, "/sa/token": "t0\n", "/sa/namespace": "fettle\n"]
        let access = try ClusterAccess.inCluster(folder: "/sa") { path in
            guard let text = files[path] else { throw Missing() }
            return text
        }
        #expect(access.server == "https://kubernetes.default.svc")
        #expect(access.namespace == "fettle")
        do {
            _ = try ClusterAccess.inCluster(folder: "/nowhere") { _ in throw Missing() }
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("automountServiceAccountToken"))
        }
    }

    @Test func `a mangled kubeconfig is refused and never traps`() {
        let random = SeededRandom(seed: 7)
        let good = Array(
            "current-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\nclusters: [{name: b, cluster: {server: 'https://x'}}]\nusers: [{name: c, user: {token: t}}]\n"
                .utf8)
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0...Int(random.unit() * 4) {
                let place = Int(random.unit() * Double(bytes.count - 1))
                bytes[place] = UInt8(truncatingIfNeeded: Int(random.unit() * 256))
            }
            _ = try? Kubeconfig.access(in: String(decoding: bytes, as: UTF8.self), path: "c") { _ in "" }
        }
    }
}
