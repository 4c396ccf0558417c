import Basics
import Kubernetes

/// The application of a head as objects of a cluster: one deployment behind a service, and the servers it needs beside it.
struct ApplicationManifests: Sendable {
    let parts: ManifestParts
    let order: PreviewOrder
    let image: String
    /// Makes passwords: the same for one name each time; letters and digits.
    let password: @Sendable (String) -> String

    static let name = "web"
    static let databaseSecret = "preview-database"
    static let servicesSecret = "preview-services"
    private static let port: Int64 = 8080

    /// - Throws: `PreviewFailure.misconfigured` for a server that we do not know how to run.
    func manifests() throws(PreviewFailure) -> [JSONValue] {
        let wishes = order.settings.kubernetes
        let found = order.application ?? PreviewApplication()
        var services: [(host: String, service: BackingService)] = []
        for (host, kind) in (wishes.services ?? found.services).sorted(by: { $0.key < $1.key }) {
            guard let service = BackingService.known[kind], ObjectName(label: host) != nil, host != Self.name else {
                throw PreviewFailure(
                    .misconfigured, cause: "The application needs `\(host.prefix(40))` (\(kind.prefix(40))), which is not made here.",
                    nextStep:
                        "Name the servers it needs as `preview.kubernetes.services` (\(BackingService.known.keys.sorted().joined(separator: ", "))), or give manifests."
                )
            }
            services.append((host, service))
        }
        var all: [JSONValue] = []
        var secrets: [String: String] = [:]
        for (host, service) in services {
            secrets["\(host)-password"] = password(host)
            secrets["\(host)-address"] = service.filled(service.address, host: host, password: password(host))
        }
        if !secrets.isEmpty { all.append(parts.secret(Self.servicesSecret, secrets)) }
        for (host, service) in services {
            all += [deployment(of: service, host), self.service(host, Int64(service.port), Int64(service.port))]
        }
        let port = Int64(wishes.port ?? found.port ?? Int(Self.port))
        all += [application(found, port, services), service(Self.name, 80, port)]
        return all
    }

    // MARK: Parts

    private func application(
        _ found: PreviewApplication, _ port: Int64, _ services: [(host: String, service: BackingService)]
    ) -> JSONValue {
        var variables: [String: JSONValue] = ["PORT": plain("\(port)")]
        for (host, service) in services { variables[service.variable] = reference(Self.servicesSecret, "\(host)-address") }
        if order.database != nil {
            for name in ["PREVIEW_DATABASE_URL", "DATABASE_URL"] { variables[name] = reference(Self.databaseSecret, "url") }
        }
        for (name, value) in order.settings.kubernetes.environment { variables[name] = plain(value) }
        for (name, value) in order.variables where name != "PREVIEW_DATABASE_URL" { variables[name] = plain(value) }
        let health = order.settings.kubernetes.health ?? found.health
        let check: JSONValue =
            health.map { ["httpGet": ["path": .string($0), "port": .integer(port)]] } ?? ["tcpSocket": ["port": .integer(port)]]
        let user = order.settings.kubernetes.user ?? found.user
        var container: [String: JSONValue] = [
            "name": .string(Self.name), "image": .string(image), "ports": [["name": "http", "containerPort": .integer(port)]],
            "env": list(variables), "readinessProbe": .object(check.object ?? [:]),
            "resources": ["requests": ["cpu": "50m", "memory": "128Mi"], "limits": ["memory": "512Mi"]],
        ]
        // An image that begins as root may need root's usual abilities to leave it.
        container["securityContext"] =
            user == nil ? ["allowPrivilegeEscalation": false] : ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]]
        var labels: [String: JSONValue] = [ManifestParts.headLabel: .string(parts.head)]
        labels["app"] = .string(Self.name)
        return deployment(Self.name, labels, container, user: user)
    }

    private func deployment(of service: BackingService, _ host: String) -> JSONValue {
        var variables: [String: JSONValue] = [:]
        for (name, value) in service.environment {
            variables[name] = value == "{password}" ? reference(Self.servicesSecret, "\(host)-password") : plain(value)
        }
        let container: [String: JSONValue] = [
            "name": .string(host), "image": .string(service.image), "ports": [["containerPort": .integer(Int64(service.port))]],
            "env": list(variables), "readinessProbe": ["tcpSocket": ["port": .integer(Int64(service.port))]],
            "resources": ["requests": ["cpu": "50m", "memory": "128Mi"], "limits": ["memory": "512Mi"]],
            "securityContext": ["allowPrivilegeEscalation": false],
        ]
        return deployment(host, ["app": .string(host)], container, user: nil)
    }

    /// No pod gets a token for the cluster, nor the addresses of other services in its environment.
    private func deployment(_ name: String, _ labels: [String: JSONValue], _ container: [String: JSONValue], user: Int?) -> JSONValue {
        var security: [String: JSONValue] = ["seccompProfile": ["type": "RuntimeDefault"]]
        if let user {
            security["runAsUser"] = .integer(Int64(user))
            security["runAsNonRoot"] = true
        }
        let pod: JSONValue = [
            "automountServiceAccountToken": false, "enableServiceLinks": false, "terminationGracePeriodSeconds": 10,
            "securityContext": .object(security), "containers": [.object(container)],
        ]
        let spec: JSONValue = [
            "replicas": 1, "revisionHistoryLimit": 1, "selector": ["matchLabels": ["app": .string(name)]],
            "template": ["metadata": ["labels": .object(parts.labels.merging(labels) { $1 })], "spec": pod],
        ]
        return parts.object(.deployment, name, ["spec": spec])
    }

    private func service(_ name: String, _ port: Int64, _ target: Int64) -> JSONValue {
        let ports: JSONValue = [["name": "main", "port": .integer(port), "targetPort": .integer(target), "protocol": "TCP"]]
        return parts.object(.service, name, ["spec": ["selector": ["app": .string(name)], "ports": ports]])
    }

    private func plain(_ value: String) -> JSONValue { ["value": .string(value)] }

    private func reference(_ secret: String, _ key: String) -> JSONValue {
        ["valueFrom": ["secretKeyRef": ["name": .string(secret), "key": .string(key)]]]
    }

    private func list(_ variables: [String: JSONValue]) -> JSONValue {
        .array(
            variables.sorted { $0.key < $1.key }.map { name, value in
                .object((value.object ?? [:]).merging(["name": .string(name)]) { $1 })
            })
    }
}
