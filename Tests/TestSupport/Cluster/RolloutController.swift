package import Basics

/// What a cluster's controllers, scheduler and kubelet make of a deployment that was applied: a pod, and how it fares.
///
/// Sources: kubernetes.io/docs/concepts/workloads/controllers/deployment (status, ReplicaFailure) and …/pods/pod-lifecycle; messages as
/// kube-scheduler, kubelet and the quota admission write them.
package enum RolloutController: Sendable {
    case ready, silent, noRoom, quota, imagePull
    /// With the last life's log.
    case crashLoop(log: String)
    case outOfMemory, missingSecret

    /// For `setController`: the deployment `name` fares so, every other comes up.
    package static func install(in cluster: SandboxCluster, _ fate: RolloutController = .ready, of name: String = "web") {
        cluster.setController { object, cluster in
            guard object["kind"] == "Deployment" else { return }
            play(object["metadata"]?["name"]?.string == name ? fate : .ready, object, cluster)
        }
    }

    package static func play(_ fate: RolloutController, _ deployment: JSONValue, _ cluster: SandboxCluster) {
        fate.run(deployment, cluster)
    }

    private func run(_ deployment: JSONValue, _ cluster: SandboxCluster) {
        guard let name = deployment["metadata"]?["name"]?.string, let namespace = deployment["metadata"]?["namespace"]?.string else {
            return
        }
        let labels = deployment["spec"]?["template"]?["metadata"]?["labels"]?.object ?? [:]
        let head = labels["fettle.dev/head"]?.string ?? "none"
        let pod = "\(name)-\(head.prefix(8))-x7k2p"
        var deployment = deployment
        var status: [String: JSONValue] = [
            "observedGeneration": deployment["metadata"]?["generation"] ?? 1, "replicas": 1, "updatedReplicas": 1,
        ]
        if case .ready = self {
            for path in cluster.paths where path.contains("/namespaces/\(namespace)/pods/\(name)-") { cluster.remove(path) }
            status["availableReplicas"] = 1
            status["readyReplicas"] = 1
        }
        if case .quota = self {
            status["updatedReplicas"] = 0
            status["conditions"] = [
                [
                    "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                    "message": .string(
                        "pods \"\(pod)\" is forbidden: exceeded quota: preview, requested: limits.memory=9Gi, used: limits.memory=0, limited: limits.memory=6Gi"
                    ),
                ]
            ]
        }
        deployment.setting(["status"], .object(status))
        cluster.put(deployment)
        if case .quota = self { return }
        let container = deployment["spec"]?["template"]?["spec"]?["containers"]?[0]
        cluster.put([
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(pod), "namespace": .string(namespace), "labels": .object(labels)],
            "spec": ["containers": [["name": container?["name"] ?? "web", "image": container?["image"] ?? ""]]],
            "status": podStatus(container),
        ])
        say(cluster, pod, namespace)
    }

    private func podStatus(_ container: JSONValue?) -> JSONValue {
        var status: [String: JSONValue] = [
            "name": container?["name"] ?? "web", "image": container?["image"] ?? "", "ready": false, "restartCount": 0,
        ]
        switch self {
        case .ready:
            status["ready"] = true
            status["state"] = ["running": [:]]
        case .silent: status["state"] = ["running": [:]]
        case .imagePull: status["state"] = ["waiting": ["reason": "ImagePullBackOff", "message": "Back-off pulling image"]]
        case .missingSecret:
            status["state"] = ["waiting": ["reason": "CreateContainerConfigError", "message": "secret \"api\" not found"]]
        case .crashLoop, .outOfMemory:
            status["restartCount"] = 4
            status["state"] = ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"]]
            var isMemory = false
            if case .outOfMemory = self { isMemory = true }
            status["lastState"] = ["terminated": ["exitCode": isMemory ? 137 : 7, "reason": isMemory ? "OOMKilled" : "Error"]]
        case .noRoom, .quota:
            return [
                "phase": "Pending",
                "conditions": [
                    [
                        "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                        "message": "0/3 nodes are available: 3 Insufficient memory.",
                    ]
                ],
            ]
        }
        return ["phase": "Running", "containerStatuses": [.object(status)]]
    }

    private func say(_ cluster: SandboxCluster, _ pod: String, _ namespace: String) {
        func event(_ reason: String, _ message: String) {
            cluster.put([
                "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string("\(pod).1"), "namespace": .string(namespace)],
                "involvedObject": ["kind": "Pod", "namespace": .string(namespace), "name": .string(pod)], "type": "Warning",
                "reason": .string(reason), "message": .string(message), "count": 4, "lastTimestamp": "2026-11-24T12:03:00Z",
            ])
        }
        switch self {
        case .imagePull: event("Failed", "Failed to pull image: ghcr.io/octo/demo: manifest unknown")
        case .noRoom: event("FailedScheduling", "0/3 nodes are available: 3 Insufficient memory.")
        case .silent: event("Unhealthy", "Readiness probe failed: dial tcp 10.1.2.3:8080: connect: connection refused")
        case .crashLoop(let log): cluster.setLog(log, of: "web", in: pod, namespace: namespace, previous: true)
        default: break
        }
    }
}
