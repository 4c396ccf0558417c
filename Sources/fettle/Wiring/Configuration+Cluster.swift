import Basics
import Forge
import HTTP
import Jobs
import Kubernetes
import Policy
import Webhooks

extension Configuration {
    /// The cluster whose runs are read; `nil` when none is configured.
    func cluster(http: any HTTPClient, clock: any Clock, random: any RandomSource, logger: Logger) throws -> KubernetesClient? {
        guard let kubernetes else { return nil }
        let access: ClusterAccess
        do throws(ClusterError) {
            access = try Self.access(kubernetes)
        } catch {
            let key = kubernetes == .inCluster ? ConfigurationKey.kubernetes : ConfigurationKey.kubeconfig
            throw ConfigurationError(faults: [ConfigurationFault(origin: key.variable, problem: error.description)])
        }
        return KubernetesClient(
            access, http: access.httpClient(else: http), clock: clock, random: random, log: logger, readFile: TextFile.read)
    }

    private static func access(_ kubernetes: Kubernetes) throws(ClusterError) -> ClusterAccess {
        switch kubernetes {
        case .inCluster: return try ClusterAccess.inCluster(readFile: TextFile.read)
        case .kubeconfig(let path, let context):
            let text: String
            do { text = try TextFile.read(path) } catch { throw .misconfigured(reason: "'\(path)' cannot be read: \(error)") }
            return try Kubeconfig.access(in: text, path: path, context: context, readFile: TextFile.read)
        }
    }

    /// The job that reads a reported run.
    func reportFailure(
        in cluster: KubernetesClient, desk: IncidentDesk, redactor: Redactor, explainer: FailureExplainer?
    ) -> any JobHandler {
        Jobs.ReportFailure(
            cluster: cluster, desk: desk, repositories: reportedRepositories, hosts: forgeHosts, redactor: redactor, explainer: explainer)
    }

    /// The door for reports. Pages are served on loopback only, so a job's address is one there.
    func reportEndpoint(_ cluster: KubernetesClient?, queue: JobQueue, clock: any Clock) throws -> ReportFailureEndpoint {
        ReportFailureEndpoint(
            guardian: try reportGuardian(cluster), readsCluster: cluster != nil, repositories: reportedRepositories, queue: queue,
            jobPages: "http://127.0.0.1:\(listen.port)/jobs/", clock: clock)
    }

    /// Who may call `/report-failure`.
    private func reportGuardian(_ cluster: KubernetesClient?) throws(ConfigurationError) -> ReportFailureEndpoint.Guardian {
        switch reportFailure {
        case .disabled: return .closed
        case .open: return .open
        case .token(let token): return .token(token)
        case .tokenReview:
            guard let cluster else {
                throw ConfigurationError(faults: [
                    ConfigurationFault(
                        origin: ConfigurationKey.reportFailureTokenReview.variable,
                        problem: "needs a cluster to ask: set FETTLE_KUBERNETES=in-cluster or FETTLE_KUBECONFIG")
                ])
            }
            return .tokenReview(cluster)
        }
    }

    /// The hosts that clone addresses name, by forge.
    var forgeHosts: [ForgeKind: String] {
        var hosts: [ForgeKind: String] = [:]
        if let github { hosts[.github] = Self.host(of: github.apiURL == "https://api.github.com" ? "https://github.com" : github.apiURL) }
        if let gitea { hosts[.gitea] = Self.host(of: gitea.url) }
        return hosts
    }

    private static func host(of address: String) -> String {
        let authority = address.split(separator: "/", maxSplits: 2).dropFirst().first.map { $0.prefix { $0 != "/" } } ?? ""
        return authority.prefix { $0 != ":" }.lowercased()
    }
}
