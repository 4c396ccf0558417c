import Basics

/// Why a cluster did not do what was asked, and what a person can do about it.
package enum ClusterError: Error, Sendable, Hashable {
    /// No answer: name, network, TLS or time.
    case unreachable(cluster: String, reason: String)
    /// 401.
    case unauthorized(cluster: String)
    /// 403; `reason` is the server's own sentence, which names the verb, the resource and the account.
    case forbidden(subject: String, reason: String)
    case notFound(subject: String)
    /// 409: somebody else owns the field or the object.
    case conflict(subject: String, reason: String)
    /// 400 or 422: understood and refused.
    case refused(subject: String, reason: String)
    case tooLarge(subject: String, limit: Int)
    /// 429.
    case overloaded(cluster: String, retryAfter: Duration)
    case serverFailed(cluster: String, status: Int, reason: String)
    case malformedReply(subject: String, reason: String)
    /// Our own settings do not let us ask.
    case misconfigured(reason: String)
    case cancelled

    /// The same call may succeed later without anybody changing anything.
    package var mayPass: Bool {
        switch self {
        case .unreachable, .overloaded, .serverFailed, .cancelled: true
        case .unauthorized, .forbidden, .notFound, .conflict, .refused, .tooLarge, .malformedReply, .misconfigured: false
        }
    }
}

extension ClusterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let cluster, let reason):
            "the cluster at \(cluster) cannot be reached: \(reason); check the address, the network policy and the certificate authority"
        case .unauthorized(let cluster):
            "the cluster at \(cluster) does not know our credential (401); check the token or client certificate of the kubeconfig, or that the pod's service account still exists"
        case .forbidden(let subject, let reason):
            "\(subject): not allowed (403)\(Self.colon(reason)); bind our service account to a role with that right in that namespace (deploy/helm: cluster.namespaces)"
        case .notFound(let subject): "\(subject): there is no such object (404); check the name and the namespace, it may have been deleted"
        case .conflict(let subject, let reason):
            "\(subject): somebody else manages it (409)\(Self.colon(reason)); remove the other manager or choose another name"
        case .refused(let subject, let reason): "\(subject): refused\(Self.colon(reason))"
        case .tooLarge(let subject, let limit): "\(subject): the answer is longer than \(limit) bytes"
        case .overloaded(let cluster, let wait):
            "the cluster at \(cluster) asks to wait \(Int(wait.inSeconds.rounded(.up))) s (429)"
        case .serverFailed(let cluster, let status, let reason):
            "the cluster at \(cluster) failed (\(status))\(Self.colon(reason)); it is tried again later"
        case .malformedReply(let subject, let reason): "\(subject): the answer is not Kubernetes' (\(reason)); check the server's address"
        case .misconfigured(let reason): reason
        case .cancelled: "cancelled"
        }
    }

    private static func colon(_ reason: String) -> String { reason.isEmpty ? "" : ": " + reason }
}
