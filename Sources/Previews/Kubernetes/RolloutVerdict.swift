import Basics
import Kubernetes

/// How far what was applied has come, read from what the cluster shows. Pure.
enum RolloutVerdict: Sendable, Hashable {
    case ready
    /// What is waited for.
    case waiting(String)
    /// `pod` has the events and the log to quote.
    case failed(PreviewFailure, pod: String?, container: String?, readsPrevious: Bool)

    /// - Parameters:
    ///   - workloads: the deployments, stateful sets and jobs that were applied, as they are now.
    ///   - pods: of this head, and of servers beside it.
    ///   - waited: since everything was applied.
    static func judge(_ workloads: [JSONValue], pods: [Pod], waited: Duration, patience: RolloutPatience) -> RolloutVerdict {
        let unready = workloads.filter { !isReady($0) }
        if unready.isEmpty { return .ready }
        for workload in unready {
            if let refusal = refusal(of: workload) { return .failed(refusal, pod: nil, container: nil, readsPrevious: false) }
        }
        let late = waited >= patience.ready
        for pod in pods {
            guard let diagnosis = PodDiagnosis(pod), isFinal(diagnosis, pod, waited, patience) || late else { continue }
            return .failed(
                failure(diagnosis, pod), pod: pod.metadata.name, container: diagnosis.container, readsPrevious: diagnosis.readsPrevious)
        }
        let names = unready.map(title).joined(separator: ", ")
        guard late else { return .waiting(names) }
        let slow = pods.first { pod in !pod.allStatuses.allSatisfy { $0.ready == true } || pod.allStatuses.isEmpty }
        let failure = PreviewFailure(
            .timedOut, cause: "Not ready within \(patience.ready.components.seconds) s: \(names).",
            nextStep:
                "Check that it listens on 0.0.0.0 and on the right port, and that `preview.kubernetes.health` answers with a status below 400."
        )
        return .failed(failure, pod: slow?.metadata.name, container: slow?.containerNames.last, readsPrevious: false)
    }

    private static func title(_ object: JSONValue) -> String {
        "\(object["kind"]?.string ?? "") `\(object["metadata"]?["name"]?.string ?? "")`"
    }

    // MARK: Readiness

    /// Source: kubernetes.io/docs/concepts/workloads/controllers/deployment (complete deployment); the same rule as `kubectl rollout status`
    private static func isReady(_ object: JSONValue) -> Bool {
        let status = object["status"]
        if object["kind"]?.string == ResourceKind.job.kind {
            return (status?["succeeded"]?.int ?? 0) >= (object["spec"]?["completions"]?.int ?? 1)
        }
        guard (status?["observedGeneration"]?.int ?? 0) >= (object["metadata"]?["generation"]?.int ?? 0) else { return false }
        let wanted = object["spec"]?["replicas"]?.int ?? 1
        let isUpdated = (status?["updatedReplicas"]?.int ?? 0) >= wanted
        if object["kind"]?.string == ResourceKind.statefulSet.kind { return isUpdated && (status?["readyReplicas"]?.int ?? 0) >= wanted }
        let onlyNew = (status?["replicas"]?.int ?? 0) <= (status?["updatedReplicas"]?.int ?? 0)
        return isUpdated && onlyNew && (status?["availableReplicas"]?.int ?? 0) >= wanted
    }

    /// Why no pod comes to be at all.
    private static func refusal(of object: JSONValue) -> PreviewFailure? {
        for condition in object["status"]?["conditions"]?.array ?? [] where condition["status"]?.string == "True" {
            let words = condition["message"]?.string ?? ""
            switch condition["type"]?.string {
            case "ReplicaFailure":
                if words.contains("exceeded quota") || words.contains("maximum memory usage") {
                    return ClusterFailure.quota(title(object), words)
                }
                if words.contains("violates PodSecurity") { return ClusterFailure.security(title(object), words) }
                return PreviewFailure(
                    .misconfigured, cause: "The cluster makes no pod for \(title(object)).",
                    nextStep: "Mend what it complains about, and push.",
                    excerpt: UntrustedText(words))
            case "Failed":
                return PreviewFailure(
                    .buildFailed, cause: "\(title(object)) failed.", nextStep: "Read its pod's last lines, mend them, and push.",
                    excerpt: UntrustedText(words))
            default: continue
            }
        }
        return nil
    }

    // MARK: Pods

    /// Waiting longer does not help.
    private static func isFinal(_ diagnosis: PodDiagnosis, _ pod: Pod, _ waited: Duration, _ patience: RolloutPatience) -> Bool {
        switch diagnosis.cause {
        case .imagePull: diagnosis.words.raw.hasPrefix("InvalidImageName") || waited >= patience.image
        case .unschedulable: waited >= patience.room
        case .crashLoop, .outOfMemory: pod.allStatuses.contains { ($0.restartCount ?? 0) > patience.restarts }
        case .containerConfiguration, .evicted: true
        default: false
        }
    }

    private static func failure(_ diagnosis: PodDiagnosis, _ pod: Pod) -> PreviewFailure {
        let name = diagnosis.container.map { "`\($0)`" } ?? "the pod"
        func failure(_ kind: PreviewFailure.Kind, _ cause: String, _ nextStep: String) -> PreviewFailure {
            PreviewFailure(kind, cause: cause, nextStep: nextStep, excerpt: diagnosis.words)
        }
        switch diagnosis.cause {
        case .imagePull:
            let image = pod.allStatuses.first { $0.name == diagnosis.container }?.image ?? pod.spec?.containers?.first?.image ?? ""
            return failure(
                .imagePull, "The image `\(image.filter { $0.isASCII }.prefix(200))` could not be pulled.",
                "Check that CI has pushed it under this name for this head (`preview.kubernetes.image`), and that the cluster may pull it; then comment `/preview`."
            )
        case .unschedulable:
            return failure(
                .noRoom, "No node of the cluster has room for the preview.",
                "Ask for less memory and CPU, close other previews, or let the operator add a node; then comment `/preview`.")
        case .evicted:
            return failure(
                .noRoom, "The cluster put the pod out.", "The operator looks at the node's memory and disk; then comment `/preview`.")
        case .outOfMemory:
            return failure(
                .crashLoop, "The container \(name) used more memory than its limit.",
                "Let it use less, or raise its limit in the manifests.")
        case .containerConfiguration:
            return failure(
                .misconfigured, "The container \(name) cannot be made.",
                "Give the Secret, ConfigMap or command that the cluster names, and push.")
        default:
            return failure(
                .crashLoop, "The container \(name) does not stay up.", "Read its last lines, mend what it complains about, and push.")
        }
    }
}
