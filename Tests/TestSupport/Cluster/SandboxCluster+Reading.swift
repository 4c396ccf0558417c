import Basics
import HTTP

extension SandboxCluster {
    func get(_ target: ClusterTarget) -> HTTPResponse {
        withState { $0.objects[target.path] }.map { .json(200, $0) } ?? target.notFound
    }

    func list(_ target: ClusterTarget, _ query: [String: String]) -> HTTPResponse {
        let all = withState { state in state.objects.filter { Self.isMember($0.key, of: target) }.sorted { $0.key < $1.key }.map(\.value) }
        let wanted = all.filter {
            Self.hasLabels($0, query["labelSelector"] ?? "") && Self.hasFields($0, query["fieldSelector"] ?? "")
        }
        let start = query["continue"].flatMap { Int($0) } ?? 0
        let size = query["limit"].flatMap { Int($0) } ?? wanted.count
        let page = Array(wanted.dropFirst(start).prefix(size))
        var meta: [String: JSONValue] = ["resourceVersion": "1000"]
        if start + page.count < wanted.count { meta["continue"] = .string("\(start + page.count)") }
        return .json(
            200, ["apiVersion": .string(target.apiVersion), "kind": "List", "metadata": .object(meta), "items": .array(page)])
    }

    /// In the list's own namespace, or in any when it names none.
    private static func isMember(_ path: String, of target: ClusterTarget) -> Bool {
        let root = (target.group.isEmpty ? "/api/" : "/apis/") + target.apiVersion
        guard path.hasPrefix(root + "/") else { return false }
        let parts = path.dropFirst(root.count + 1).split(separator: "/").map(String.init)
        if parts.count == 4 { return parts[2] == target.plural && (target.namespace == nil || parts[1] == target.namespace) }
        return parts.count == 2 && parts[0] == target.plural && target.namespace == nil
    }

    private static func hasLabels(_ object: JSONValue, _ selector: String) -> Bool {
        let labels = object["metadata"]?["labels"]?.object ?? [:]
        return selector.split(separator: ",").allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            return pair.count == 2 ? labels[pair[0]]?.string == pair[1] : labels[pair[0]] != nil
        }
    }

    private static func hasFields(_ object: JSONValue, _ selector: String) -> Bool {
        selector.split(separator: ",").allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { return false }
            let found = pair[0].split(separator: ".").reduce(Optional(object)) { $0?[String($1)] }
            return found?.string == pair[1]
        }
    }

    /// The last `tailLines`, and of those the first `limitBytes`: the order the kubelet cuts in.
    func log(_ target: ClusterTarget, _ query: [String: String]) -> HTTPResponse {
        guard let namespace = target.namespace, let name = target.name else { return target.notFound }
        let (pod, log, previous) = withState { state in
            let key = "\(namespace)/\(name)/\(query["container"] ?? "")"
            return (state.objects["/api/v1/namespaces/\(namespace)/pods/\(name)"], state.logs[key], state.previousLogs[key])
        }
        guard let pod else {
            return Self.refusal(404, "NotFound", "pods \"\(name)\" not found", details: ["name": .string(name), "kind": "pods"])
        }
        let containers = ((pod["spec"]?["initContainers"]?.array ?? []) + (pod["spec"]?["containers"]?.array ?? [])).compactMap {
            $0["name"]?.string
        }
        guard let container = query["container"], containers.contains(container) else {
            let reason =
                query["container"].map { "container \($0) is not valid for pod \(name)" }
                ?? "a container name must be specified for pod \(name), choose one of: [\(containers.joined(separator: " "))]"
            return Self.refusal(400, "BadRequest", reason)
        }
        let statuses = (pod["status"]?["initContainerStatuses"]?.array ?? []) + (pod["status"]?["containerStatuses"]?.array ?? [])
        if let waiting = statuses.first(where: { $0["name"]?.string == container })?["state"]?["waiting"], query["previous"] != "true" {
            let reason = waiting["reason"]?.string ?? "PodInitializing"
            let isPull = reason == "ErrImagePull" || reason == "ImagePullBackOff"
            return Self.refusal(
                400, "BadRequest",
                "container \"\(container)\" in pod \"\(name)\" is "
                    + (isPull ? "trying and failing to pull image" : "waiting to start: \(reason)"))
        }
        let wanted = query["previous"] == "true" ? previous : log ?? []
        guard var bytes = wanted else {
            return Self.refusal(400, "BadRequest", "previous terminated container \"\(container)\" in pod \"\(name)\" not found")
        }
        if let count = query["tailLines"].flatMap({ Int($0) }) { bytes = Self.tail(bytes, lines: count) }
        if let count = query["limitBytes"].flatMap({ Int($0) }) { bytes = Array(bytes.prefix(count)) }
        return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .bytes(bytes))
    }

    private static func tail(_ bytes: [UInt8], lines: Int) -> [UInt8] {
        var left = lines
        var start = bytes.count - (bytes.last == 10 ? 1 : 0)
        while start > 0 {
            if bytes[start - 1] == 10 {
                left -= 1
                if left == 0 { break }
            }
            start -= 1
        }
        return Array(bytes[max(start, 0)...])
    }
}
