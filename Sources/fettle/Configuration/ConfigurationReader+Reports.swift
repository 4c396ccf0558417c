import Forge
import Jobs

/// Settings of `/report-failure` and of the cluster it reads.
extension ConfigurationReader {
    mutating func reportFailure() -> Configuration.ReportFailure {
        let (isOpen, isReviewed) = (flag(.reportFailureOpen), flag(.reportFailureTokenReview))
        let token = secret(.reportFailureToken)
        if isOpen, isReviewed {
            fault(.reportFailureOpen, "true together with \(ConfigurationKey.reportFailureTokenReview.variable); keep one of them")
        }
        if token != nil, isOpen {
            fault(.reportFailureOpen, "true together with \(ConfigurationKey.reportFailureToken.variable); keep one of them")
        }
        if token != nil, isReviewed {
            fault(.reportFailureTokenReview, "true together with \(ConfigurationKey.reportFailureToken.variable); keep one of them")
        }
        if let token { return .token(token) }
        return isReviewed ? .tokenReview : isOpen ? .open : .disabled
    }

    mutating func reportedRepositories() -> ReportedRepositories {
        var standard: RepositoryReference?
        if let text = nonEmpty(.reportFailureRepository) {
            standard = ReportedRepositories.reference(text)
            if standard == nil {
                fault(.reportFailureRepository, "'\(text)' is no repository; write it as gitea:owner/name or github:owner/name")
            }
        }
        var allowed: [ReportedRepositories.Pattern] = []
        for part in (nonEmpty(.reportFailureAllowed) ?? "").split(separator: ",") {
            let text = part.filter { !$0.isWhitespace }
            if let pattern = ReportedRepositories.Pattern(text) {
                allowed.append(pattern)
            } else {
                fault(.reportFailureAllowed, "'\(text)' is no repository; write it as gitea:owner/name or gitea:owner/*")
            }
        }
        return ReportedRepositories(standard: standard, allowed: allowed)
    }

    mutating func kubernetes() -> Configuration.Kubernetes? {
        let path = nonEmpty(.kubeconfig)
        switch choice(.kubernetes) ?? (path == nil ? "none" : "kubeconfig") {
        case "in-cluster": return .inCluster
        case "kubeconfig":
            guard let path else {
                fault(.kubernetes, "kubeconfig needs the file: set \(ConfigurationKey.kubeconfig.variable)")
                return nil
            }
            return .kubeconfig(path: path, context: nonEmpty(.kubernetesContext))
        default: return nil
        }
    }
}
