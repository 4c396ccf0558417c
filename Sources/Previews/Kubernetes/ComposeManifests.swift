import Basics
import Kubernetes

/// A repository's compose file as objects of a cluster: a deployment and a name for each of its services. What is built there is the image
/// that CI pushes; what cannot be said in a cluster is refused, never left out.
struct ComposeManifests: Sendable {
    private let file: ComposeFile
    private let image: String

    init(_ file: ComposeFile, image: String) {
        self.file = file
        self.image = image
    }

    func documents() throws(PreviewFailure) -> [JSONValue] {
        var documents: [JSONValue] = []
        var claimed: Set<String> = []
        for (name, keys) in file.services {
            guard ObjectName(label: name) != nil else { throw refusal(name, "has a name that a cluster does not take: a-z, 0-9 and `-`") }
            if keys["env_file"] != nil { throw refusal(name, "has `env_file`, which no cluster reads: write `environment`") }
            let (mounts, volumes, claims) = try storage(name, keys)
            for claim in claims where !claimed.insert(claim).inserted {
                throw refusal(name, "shares the volume `\(claim)` with another service")
            }
            documents += claims.map(Self.claim)
            documents.append(deployment(name, try container(name, keys, mounts), volumes, keepsData: !claims.isEmpty))
            documents.append(service(name))
        }
        return documents
    }

    private func refusal(_ name: String, _ reason: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The compose file cannot run in a cluster: the service `\(name.prefix(60))` \(reason).",
            nextStep: "Change it on the base branch, or give manifests as `preview.kubernetes.manifests`.")
    }

    // MARK: Objects

    private func deployment(_ name: String, _ container: JSONValue, _ volumes: [JSONValue], keepsData: Bool) -> JSONValue {
        var pod: [String: JSONValue] = ["containers": [container], "enableServiceLinks": false, "terminationGracePeriodSeconds": 10]
        if !volumes.isEmpty { pod["volumes"] = .array(volumes) }
        var spec: [String: JSONValue] = [
            "replicas": 1, "revisionHistoryLimit": 1, "selector": ["matchLabels": ["app": .string(name)]],
            "template": ["metadata": ["labels": ["app": .string(name)]], "spec": .object(pod)],
        ]
        // A volume is mounted by one pod at a time.
        if keepsData { spec["strategy"] = ["type": "Recreate"] }
        return ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)], "spec": .object(spec)]
    }

    /// Services find each other by name on every port, as in a network of compose: a name without ports of its own leads to the pod.
    private func service(_ name: String) -> JSONValue {
        var spec: [String: JSONValue] = ["selector": ["app": .string(name)]]
        if name == file.service {
            spec["ports"] = [["name": "main", "port": .integer(Int64(file.port)), "targetPort": .integer(Int64(file.port))]]
        } else {
            spec["clusterIP"] = "None"
        }
        return ["apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)], "spec": .object(spec)]
    }

    private static func claim(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": .string(name)],
            "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
        ]
    }

    // MARK: A container

    private func container(_ name: String, _ keys: [String: JSONValue], _ mounts: [JSONValue]) throws(PreviewFailure) -> JSONValue {
        var container: [String: JSONValue] = ["name": .string(name), "image": .string(try image(name, keys))]
        if let words = try words(keys["entrypoint"], name) { container["command"] = words }
        if let words = try words(keys["command"], name) { container["args"] = words }
        if let place = keys["working_dir"]?.string { container["workingDir"] = .string(place) }
        let environment = try variables(keys["environment"], name)
        if !environment.isEmpty { container["env"] = .array(environment) }
        if !mounts.isEmpty { container["volumeMounts"] = .array(mounts) }
        if name == file.service {
            container["ports"] = [["containerPort": .integer(Int64(file.port))]]
            container["readinessProbe"] = ["tcpSocket": ["port": .integer(Int64(file.port))]]
        }
        if let probe = try probe(keys["healthcheck"], name) { container["readinessProbe"] = probe }
        if let user = keys["user"]?.int ?? keys["user"]?.string?.split(separator: ":").first.flatMap({ Int($0) }), user >= 0 {
            container.merge(["securityContext": ["runAsUser": .integer(Int64(user))]]) { $1 }
        }
        return .object(container)
    }

    private func image(_ name: String, _ keys: [String: JSONValue]) throws(PreviewFailure) -> String {
        if keys["build"] != nil {
            if name == file.service { return image }
            throw refusal(name, "is built from the repository, and CI pushes one image: that of `\(file.service)`")
        }
        guard let image = keys["image"]?.string, PreviewImage.isReference(image) else { throw refusal(name, "names no image") }
        return image
    }

    /// A text is split at spaces; what a shell would have to read is refused.
    private func words(_ value: JSONValue?, _ name: String) throws(PreviewFailure) -> JSONValue? {
        var words: [JSONValue] = []
        switch value {
        case nil, .null?: return nil
        case .array(let list)?: for word in list { words.append(.string(try plain(word, name))) }
        case .some(let value):
            let text = try plain(value, name)
            if text.contains(where: { "'\"\\`".contains($0) }) { throw refusal(name, "has a command with quotes: write it as a list") }
            words = text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) }
        }
        return .array(words)
    }

    private func variables(_ value: JSONValue?, _ name: String) throws(PreviewFailure) -> [JSONValue] {
        var pairs: [(String, String)] = []
        for entry in value?.array ?? [] {
            let parts = try plain(entry, name).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw refusal(name, "takes the variable `\(parts[0].prefix(60))` from outside") }
            pairs.append((parts[0], parts[1]))
        }
        for (key, entry) in value?.object ?? [:] {
            if entry.isNull { throw refusal(name, "takes the variable `\(key.prefix(60))` from outside") }
            pairs.append((key, try plain(entry, name)))
        }
        return pairs.sorted { $0.0 < $1.0 }.map { ["name": .string($0.0), "value": .string($0.1)] }
    }

    /// `$$` is a dollar sign; of variables only ours are filled in.
    private func plain(_ value: JSONValue, _ name: String) throws(PreviewFailure) -> String {
        let text = value.string ?? value.text
        let rest = text.replacingExactly("$$", with: "").replacingExactly("${PREVIEW_", with: "")
        if rest.contains("$") { throw refusal(name, "asks for a variable from outside: `\(text.prefix(60))`") }
        return text.replacingExactly("$$", with: "$")
    }

    private func probe(_ value: JSONValue?, _ name: String) throws(PreviewFailure) -> JSONValue? {
        guard let value, value["disable"]?.bool != true, let test = value["test"] else { return nil }
        var command: [JSONValue]
        if let list = test.array {
            guard let first = list.first?.string, first != "NONE" else { return nil }
            var rest: [JSONValue] = []
            for word in list.dropFirst() { rest.append(.string(try plain(word, name))) }
            command = first == "CMD-SHELL" ? ["sh", "-c"] + rest : rest
        } else {
            command = ["sh", "-c", .string(try plain(test, name))]
        }
        return command.isEmpty ? nil : ["exec": ["command": .array(command)], "timeoutSeconds": 5]
    }

    // MARK: Storage

    private func storage(
        _ name: String, _ keys: [String: JSONValue]
    ) throws(PreviewFailure) -> (mounts: [JSONValue], volumes: [JSONValue], claims: [String]) {
        var (mounts, volumes, claims): ([JSONValue], [JSONValue], [String]) = ([], [], [])
        func mount(_ volume: String, at path: String, isReadOnly: Bool = false) {
            var entry: [String: JSONValue] = ["name": .string(volume), "mountPath": .string(path)]
            if isReadOnly { entry["readOnly"] = true }
            mounts.append(.object(entry))
        }
        for (index, entry) in (keys["volumes"]?.array ?? []).enumerated() {
            let parts = (entry.string ?? "").split(separator: ":").map(String.init)
            if parts.count == 1 {
                volumes.append(["name": .string("scratch-\(index)"), "emptyDir": [:]])
                mount("scratch-\(index)", at: parts[0])
                continue
            }
            guard parts.count > 1, let claim = ObjectName(label: parts[0]) else {
                throw refusal(name, "mounts `\((entry.string ?? "").prefix(60))`: a cluster sees no path of the repository")
            }
            claims.append(claim.text)
            volumes.append(["name": .string(claim.text), "persistentVolumeClaim": ["claimName": .string(claim.text)]])
            mount(claim.text, at: parts[1], isReadOnly: parts.last == "ro")
        }
        let memory = keys["tmpfs"]?.array ?? keys["tmpfs"].map { [$0] } ?? []
        for (index, entry) in memory.enumerated() {
            volumes.append(["name": .string("memory-\(index)"), "emptyDir": ["medium": "Memory", "sizeLimit": "64Mi"]])
            mount("memory-\(index)", at: String((entry.string ?? "/tmp").prefix { $0 != ":" }))
        }
        return (mounts, volumes, claims)
    }
}
