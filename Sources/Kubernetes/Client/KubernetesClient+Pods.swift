import Basics
import HTTP

/// Which part of a container's log to fetch. The cluster cuts where `bytes` end, counted from where `lines` begin.
///
/// Source: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1 (read log of the specified pod)
package struct LogRange: Sendable, Hashable {
    package var bytes: Int
    /// So many last lines; `nil`: from the start.
    package var lines: Int?
    /// Of the container's life before its last restart.
    package var previous: Bool

    package init(bytes: Int, lines: Int? = nil, previous: Bool = false) {
        self.bytes = bytes
        self.lines = lines
        self.previous = previous
    }
}

extension KubernetesClient {
    package func pod(_ name: ObjectName, in namespace: ObjectName) async throws(ClusterError) -> Pod {
        try await read(Pod.self, ClusterCall(path: "/api/v1/namespaces/\(namespace)/pods/\(name)", subject: "pod \(namespace)/\(name)"))
    }

    /// The pods with a label, e.g. `app=web`; at most 500.
    package func pods(labelled selector: String, in namespace: ObjectName) async throws(ClusterError) -> [Pod] {
        let call = ClusterCall(
            path: "/api/v1/namespaces/\(namespace)/pods", query: [("labelSelector", selector), ("limit", "500")],
            subject: "pods of \(namespace)")
        return try await read(ObjectList<Pod>.self, call).items ?? []
    }

    /// The bytes of a container's log in `range`; throws `refused` while the container has not started.
    package func log(
        of container: String, in pod: ObjectName, namespace: ObjectName, _ range: LogRange
    ) async throws(ClusterError) -> [UInt8] {
        var query = [("container", container), ("limitBytes", "\(range.bytes)")].map { (name: $0.0, value: $0.1) }
        if let lines = range.lines { query.append(("tailLines", "\(lines)")) }
        if range.previous { query.append(("previous", "true")) }
        let call = ClusterCall(
            path: "/api/v1/namespaces/\(namespace)/pods/\(pod)/log", query: query, accept: "*/*",
            subject: "log of \(namespace)/\(pod), container \(container)", limit: ByteCount(range.bytes + 65536), deadline: .seconds(60))
        return Array(try await send(call).body.prefix(range.bytes))
    }

    /// What the cluster says about an object, oldest first. Events are kept for an hour, as a rule.
    ///
    /// Source: kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver (--event-ttl)
    package func events(about kind: String, _ name: ObjectName, in namespace: ObjectName) async throws(ClusterError) -> [ClusterEvent] {
        let call = ClusterCall(
            path: "/api/v1/namespaces/\(namespace)/events",
            query: [("fieldSelector", "involvedObject.kind=\(kind),involvedObject.name=\(name)"), ("limit", "200")],
            subject: "events of \(namespace)/\(name)")
        let events = try await read(ObjectList<ClusterEvent>.self, call).items ?? []
        return events.enumerated().sorted { ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset) }.map(\.element)
    }
}
