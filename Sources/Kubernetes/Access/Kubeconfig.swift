import Basics
import FoundationEssentials
import HTTP
import Text

/// A kubeconfig file. Source: kubernetes.io/docs/reference/config-api/kubeconfig.v1
///
/// Taken: server, CA as data or file, token, token file, client certificate and key as data or file, proxy, namespace. Refused with the
/// reason: programs that make credentials (`exec`, `auth-provider`), passwords, and an unverified CA.
package enum Kubeconfig {
    /// The access of `context`, or of the current one.
    ///
    /// - Parameter path: of the file itself; relative files in it are beside it.
    package static func access(
        in text: String, path: String, context wanted: String? = nil, readFile: @escaping (String) throws -> String
    ) throws(ClusterError) -> ClusterAccess {
        let root: YAMLNode?
        do { root = try YAML.root(of: text) } catch {
            throw .misconfigured(reason: "\(path):\(error.line): not valid YAML: \(error.reason)")
        }
        guard let root, root.mapping != nil else { throw .misconfigured(reason: "\(path): the file is empty") }
        return try Reader(root: root, path: path, readFile: readFile).access(wanted)
    }

    private struct Reader {
        let root: YAMLNode
        let path: String
        let readFile: (String) throws -> String

        func access(_ wanted: String?) throws(ClusterError) -> ClusterAccess {
            guard let name = wanted ?? root["current-context"]?.string, !name.isEmpty else {
                throw fault("it has no current-context; set FETTLE_KUBERNETES_CONTEXT")
            }
            let context = try entry(name, of: "contexts", "context")
            guard let clusterName = context["cluster"]?.string else { throw fault("context '\(name)' names no cluster") }
            let cluster = try entry(clusterName, of: "clusters", "cluster")
            guard let server = cluster["server"]?.string else { throw fault("cluster '\(clusterName)' has no server") }
            if cluster["insecure-skip-tls-verify"]?.bool == true {
                throw fault("cluster '\(clusterName)' has insecure-skip-tls-verify; give its certificate-authority-data instead")
            }
            if cluster["tls-server-name"]?.string != nil {
                throw fault("tls-server-name is not taken; use a server name of its certificate")
            }
            let user = try context["user"]?.string.map { name throws(ClusterError) in try entry(name, of: "users", "user") }
            let authority = try material(cluster, "certificate-authority")
            if let authority, !PEMText.holds("CERTIFICATE", authority) { throw fault("certificate-authority holds no PEM certificate") }
            return try ClusterAccess(
                server: server, credential: try credential(user), authorities: authority, identity: try identity(user),
                proxy: cluster["proxy-url"]?.string, namespace: context["namespace"]?.string ?? "default")
        }

        private func credential(_ user: YAMLNode?) throws(ClusterError) -> ClusterAccess.Credential {
            guard let user else { return .none }
            if user["exec"] != nil || user["auth-provider"] != nil {
                throw fault(
                    "its user gets a credential from a helper program (exec or auth-provider); none is run here: make a service account and use its token"
                )
            }
            if user["username"] != nil || user["password"] != nil {
                throw fault("its user has a password, which Kubernetes no longer takes")
            }
            if let file = user["tokenFile"]?.string { return .tokenFile(path: absolute(file)) }
            if let token = user["token"]?.string, !token.isEmpty { return .token(Secret(token)) }
            return .none
        }

        private func identity(_ user: YAMLNode?) throws(ClusterError) -> CurlHTTPClient.ClientIdentity? {
            guard let user else { return nil }
            switch (try material(user, "client-certificate"), try material(user, "client-key")) {
            case (nil, nil): return nil
            case (let certificate?, let key?):
                guard PEMText.holds("CERTIFICATE", certificate) else { throw fault("client-certificate holds no PEM certificate") }
                guard PEMText.holdsKey(key) else { throw fault("client-key holds no PEM key without a password") }
                return CurlHTTPClient.ClientIdentity(certificate: certificate, key: Secret(String(decoding: key, as: UTF8.self)))
            default: throw fault("its user has one of client-certificate and client-key; both are needed")
            }
        }

        /// `NAME-data` (base64) before the file `NAME`, as kubectl does it.
        private func material(_ node: YAMLNode, _ name: String) throws(ClusterError) -> [UInt8]? {
            if let text = node[name + "-data"]?.string {
                guard let data = Data(base64Encoded: text), !data.isEmpty else { throw fault("\(name)-data is no base64") }
                return Array(data)
            }
            guard let file = node[name]?.string else { return nil }
            do { return Array(try readFile(absolute(file)).utf8) } catch { throw fault("\(name) '\(file)' cannot be read: \(error)") }
        }

        private func entry(_ name: String, of list: String, _ key: String) throws(ClusterError) -> YAMLNode {
            guard let found = root[list]?.sequence?.first(where: { $0["name"]?.string == name })?[key] else {
                throw fault("it has no '\(name)' under \(list)")
            }
            return found
        }

        private func absolute(_ file: String) -> String {
            if file.hasPrefix("/") { return file }
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            return folder.isEmpty && !path.hasPrefix("/") ? file : "\(folder)/\(file)"
        }

        private func fault(_ problem: String) -> ClusterError { .misconfigured(reason: "\(path): \(problem)") }
    }
}
