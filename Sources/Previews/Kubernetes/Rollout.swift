import Basics
import Kubernetes

/// Watches what was applied until it is ready or will not be, within its deadline; then quotes what the cluster says.
struct Rollout: Sendable {
    let client: KubernetesClient
    let clock: any Clock
    let patience: RolloutPatience
    let parts: ManifestParts

    func watch(_ manifests: [JSONValue]) async throws(PreviewFailure) {
        let workloads = manifests.compactMap { manifest -> (ResourceKind, ObjectName)? in
            guard let kind = ResourceKind(apiVersion: manifest["apiVersion"]?.string, kind: manifest["kind"]?.string),
                [.deployment, .statefulSet, .job].contains(kind),
                let name = (manifest["metadata"]?["name"]?.string).flatMap({ ObjectName($0) })
            else { return nil }
            return (kind, name)
        }
        let begun = clock.uptime
        while true {
            let verdict: RolloutVerdict
            do throws(ClusterError) {
                verdict = RolloutVerdict.judge(
                    try await states(of: workloads), pods: try await pods(), waited: clock.uptime - begun, patience: patience)
            } catch { throw ClusterFailure.explained(error) }
            switch verdict {
            case .ready: return
            case .failed(let failure, let pod, let container, let readsPrevious):
                throw await quoting(failure, pod: pod, container: container, readsPrevious: readsPrevious)
            case .waiting: do { try await clock.sleep(for: patience.pause) } catch { throw .overtaken }
            }
        }
    }

    private func states(of workloads: [(ResourceKind, ObjectName)]) async throws(ClusterError) -> [JSONValue] {
        var states: [JSONValue] = []
        for (kind, name) in workloads { states.append(try await client.object(kind, name, in: parts.namespace)) }
        return states
    }

    private func pods() async throws(ClusterError) -> [Pod] {
        try await client.pods(labelled: parts.selector, in: parts.namespace).filter { pod in
            let head = pod.metadata.labels?[ManifestParts.headLabel]
            return (head == nil || head == parts.head) && pod.metadata.deletionTimestamp == nil
        }
    }

    /// Events first, then the log's end. What cannot be read is left out: the cause stands without it.
    private func quoting(_ failure: PreviewFailure, pod: String?, container: String?, readsPrevious: Bool) async -> PreviewFailure {
        var lines = failure.excerpt.isEmpty ? [] : [failure.excerpt.raw]
        var isPortTaken = false
        if let pod = pod.flatMap({ ObjectName($0) }) {
            let events = (try? await client.events(about: "Pod", pod, in: parts.namespace)) ?? []
            lines += events.filter(\.isWarning).suffix(8).map { event in
                "\(event.reason ?? "Warning"): \(event.message?.raw ?? "")" + (event.times > 1 ? " (\(event.times) times)" : "")
            }
            if let container {
                let range = LogRange(bytes: 64 << 10, lines: 30, previous: readsPrevious)
                let log = (try? await client.log(of: container, in: pod, namespace: parts.namespace, range)) ?? []
                if !log.isEmpty { lines.append(String(decoding: log, as: UTF8.self)) }
                isPortTaken = Self.namesTakenPort(log)
            }
        }
        let excerpt = LogExcerpt.end(of: Array(lines.joined(separator: "\n").utf8))
        if failure.kind == .crashLoop, isPortTaken {
            return PreviewFailure(
                .portConflict, cause: "The port that the container `\(container ?? "")` listens on is taken in its pod.",
                nextStep: "Let each container of the pod listen on a port of its own: the application on the one in PORT.", excerpt: excerpt
            )
        }
        return PreviewFailure(failure.kind, cause: failure.cause, nextStep: failure.nextStep, excerpt: excerpt, mayPass: failure.mayPass)
    }

    private static func namesTakenPort(_ log: [UInt8]) -> Bool {
        let text = String(decoding: log, as: UTF8.self).lowercased()
        return text.contains("eaddrinuse") || text.contains("address already in use")
    }
}
