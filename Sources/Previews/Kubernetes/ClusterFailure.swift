import Basics
import Kubernetes

/// What a cluster's refusal means for a preview, and what to do about it.
enum ClusterFailure {
    static func explained(_ error: ClusterError) -> PreviewFailure {
        switch error {
        case .forbidden(let subject, let reason): forbidden(subject, reason)
        case .conflict(let subject, let reason), .refused(let subject, let reason): refused(subject, reason)
        case .unauthorized:
            PreviewFailure(
                .missingPermission, cause: "The cluster does not know this server's credential.",
                nextStep: "The operator renews the token or certificate of FETTLE_KUBECONFIG, or the pod's service account.")
        case .cancelled: .overtaken
        case .notFound(let subject):
            PreviewFailure(
                .unavailable, cause: "\(subject) was taken away while the preview came up.", nextStep: "It is tried again.", mayPass: true)
        case .unreachable, .overloaded, .serverFailed, .tooLarge, .malformedReply, .misconfigured:
            PreviewFailure(
                .unavailable, cause: "The cluster did not do what was asked.",
                nextStep: "The operator reads what it says; it is tried again.",
                excerpt: UntrustedText(error.description), mayPass: error.mayPass)
        }
    }

    /// Admission and quota refuse with 403 too, not only a missing right.
    private static func forbidden(_ subject: String, _ reason: String) -> PreviewFailure {
        if reason.contains("exceeded quota") || reason.contains("maximum memory usage") { return quota(subject, reason) }
        if reason.contains("being terminated") {
            return PreviewFailure(
                .unavailable, cause: "The preview's namespace is still going.", nextStep: "It is tried again.",
                excerpt: UntrustedText(reason),
                mayPass: true)
        }
        if reason.contains("violates PodSecurity") { return security(subject, reason) }
        return PreviewFailure(
            .missingPermission, cause: "The cluster does not let this server write \(subject).",
            nextStep:
                "The operator binds the roles for previews (deploy/helm: `previews.enabled`; docs/previews.md lists the rights).",
            excerpt: UntrustedText(reason))
    }

    private static func refused(_ subject: String, _ reason: String) -> PreviewFailure {
        // nginx's admission and others, when a host name belongs to another namespace; and node ports.
        if reason.contains("already defined in ingress") || reason.contains("already allocated") || reason.contains("already in use") {
            return PreviewFailure(
                .portConflict, cause: "The host name or port of \(subject) belongs to somebody else in the cluster.",
                nextStep: "The operator gives each owner a domain of its own, or removes the other ingress; then comment `/preview`.",
                excerpt: UntrustedText(reason))
        }
        return PreviewFailure(
            .misconfigured, cause: "The cluster refuses \(subject).", nextStep: "Mend what it complains about, and push.",
            excerpt: UntrustedText(reason))
    }

    static func quota(_ subject: String, _ words: String) -> PreviewFailure {
        PreviewFailure(
            .quota, cause: "\(subject) does not fit into the preview's quota.",
            nextStep: "Ask for less memory, CPU, storage or fewer pods in the manifests, or let the operator give previews more room.",
            excerpt: UntrustedText(words))
    }

    static func security(_ subject: String, _ words: String) -> PreviewFailure {
        PreviewFailure(
            .notAllowed, cause: "\(subject) asks for more than a preview may: the cluster's pod security refuses it.",
            nextStep: "Remove the privileges that the cluster names; previews run under the standard `baseline`.",
            excerpt: UntrustedText(words))
    }
}
