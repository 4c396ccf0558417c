package import Basics
package import HTTP

/// Where a cluster is, how it proves itself and who we are there.
package struct ClusterAccess: Sendable {
    package enum Credential: Sendable {
        case none
        case token(Secret)
        /// A file whose content changes: the cluster renews a pod's token before it expires.
        case tokenFile(path: String)
    }

    /// Without a slash at the end.
    package let server: String
    package let credential: Credential
    /// PEM; `nil`: the system's authorities.
    package let authorities: [UInt8]?
    package let identity: CurlHTTPClient.ClientIdentity?
    /// `nil`: as the environment says.
    package let proxy: String?
    /// Where objects without a namespace of their own are meant to be.
    package let namespace: String

    package init(
        server: String, credential: Credential, authorities: [UInt8]? = nil, identity: CurlHTTPClient.ClientIdentity? = nil,
        proxy: String? = nil, namespace: String = "default"
    ) throws(ClusterError) {
        var server = server[...]
        while server.hasSuffix("/") { server = server.dropLast() }
        self.server = String(server)
        self.credential = credential
        self.authorities = authorities
        self.identity = identity
        self.proxy = proxy
        self.namespace = namespace
        try requireSafeTransport()
    }

    /// What must never be published. A pod's renewed token is known by its form (JWT).
    package var secrets: [Secret] {
        var secrets: [Secret] = []
        if case .token(let token) = credential { secrets.append(token) }
        if let identity { secrets.append(identity.key) }
        return secrets
    }

    /// The client this access needs; `shared` where nothing of TLS is its own.
    package func httpClient(else shared: any HTTPClient) -> any HTTPClient {
        guard authorities != nil || identity != nil || proxy != nil else { return shared }
        var options = CurlHTTPClient.Options()
        options.authorities = authorities
        options.identity = identity
        if let proxy { options.proxy = .url(proxy) }
        return CurlHTTPClient(options: options)
    }

    /// A token must not cross a network in the clear.
    private func requireSafeTransport() throws(ClusterError) {
        if server.hasPrefix("https://") { return }
        guard server.hasPrefix("http://") else {
            throw .misconfigured(reason: "'\(server)' is no address of a cluster: it begins with https://")
        }
        if case .none = credential { return }
        let authority = server.dropFirst("http://".count).prefix { $0 != "/" }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        guard ["localhost", "127.0.0.1", "[::1]"].contains(String(host)) else {
            throw .misconfigured(reason: "a credential is not sent to '\(server)' in the clear: use https://")
        }
    }
}

extension ClusterAccess {
    /// Source: kubernetes.io/docs/tasks/run-application/access-api-from-pod
    package static let accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The service account of the pod we run in.
    ///
    /// - Parameters:
    ///   - server: by its name in the cluster's DNS, which the server's certificate holds.
    ///   - readFile: throws what a person can read.
    package static func inCluster(
        server: String = "https://kubernetes.default.svc", folder: String = accountFolder, readFile: (String) throws -> String
    ) throws(ClusterError) -> ClusterAccess {
        func read(_ name: String) throws(ClusterError) -> String {
            do { return try readFile("\(folder)/\(name)") } catch {
                throw .misconfigured(
                    reason: "'\(folder)/\(name)' cannot be read (\(error)): in-cluster access needs a pod with automountServiceAccountToken"
                )
            }
        }
        let authority = Array(try read("ca.crt").utf8)
        guard PEMText.holds("CERTIFICATE", authority) else {
            throw .misconfigured(reason: "'\(folder)/ca.crt' holds no PEM certificate")
        }
        _ = try read("token")
        let namespace = try read("namespace").filter { !$0.isWhitespace }
        return try ClusterAccess(
            server: server, credential: .tokenFile(path: "\(folder)/token"), authorities: authority,
            namespace: namespace.isEmpty ? "default" : namespace)
    }
}

enum PEMText {
    static func holds(_ label: String, _ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("-----BEGIN \(label)-----")
    }

    static func holdsKey(_ bytes: [UInt8]) -> Bool {
        ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"].contains { holds($0, bytes) }
    }
}
