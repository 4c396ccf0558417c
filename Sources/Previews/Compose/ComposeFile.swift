import Basics
import Text

/// A repository's compose file, made safe to run on somebody's server: rewritten from a closed list of keys, everything else refused.
///
/// The file comes from the pull request's head. Whoever may set `privileged`, a path of the host or the host's network owns the host, so
/// none of these is passed on. Published ports and container names are dropped: ports are allotted, names would collide.
/// Source: github.com/compose-spec/compose-spec/blob/main/spec.md
package struct ComposeFile: Sendable {
    /// The service people look at, and its port inside.
    package let service: String
    package let port: Int
    /// Paths of the repository that the engine reads or mounts; links in them are to be checked before.
    package let paths: Set<String>
    let services: [(name: String, keys: [String: JSONValue])]
    private let volumes: [String]
    private let networks: [String]

    private static let limits = YAMLLimits(bytes: 512 << 10, depth: 24, nodes: 20_000, expandedNodes: 40_000, documents: 1)

    /// Passed on as they are: nothing in them reaches outside the container.
    private static let plainKeys: Set<String> = [
        "image", "command", "entrypoint", "environment", "depends_on", "expose", "healthcheck", "working_dir", "user", "restart", "tmpfs",
        "init", "stop_grace_period", "stop_signal", "read_only", "hostname", "platform", "tty", "shm_size", "mem_limit", "cpus",
    ]
    /// Left out quietly: they only matter where a developer sits.
    private static let droppedKeys: Set<String> = ["ports", "container_name", "labels", "logging", "profiles", "stdin_open", "develop"]

    /// - Parameter hidden: variables that the engine knows and the file may not ask for.
    /// - Throws: `PreviewFailure.misconfigured` naming line and key.
    package init(parsing bytes: [UInt8], wishes: PreviewSettings.Compose, hidden: Set<String> = []) throws(PreviewFailure) {
        let root: YAMLNode?
        do { root = try YAML.root(of: bytes, limits: Self.limits) } catch {
            throw Self.refusal("it is not readable as YAML (line \(error.line))")
        }
        guard let list = root?["services"]?.mergedPairs, !list.isEmpty else { throw Self.refusal("it has no services") }
        var services: [(name: String, keys: [String: JSONValue])] = []
        var ports: [String: Int] = [:]
        var paths: Set = [".env"]
        for pair in list {
            let name = try Self.name(pair.key)
            let service = try Self.service(pair.value)
            for text in service.values.flatMap(Self.texts) {
                if let name = Self.variables(in: text).first(where: hidden.contains) {
                    throw Self.refusal(pair.value, "the variable `\(name)` is not for it")
                }
            }
            paths.formUnion(Self.paths(of: service))
            services.append((name, service))
            ports[name] = Self.port(of: pair.value)
        }
        for pair in root?.mapping ?? [] { try Self.checkTop(pair) }
        self.services = services
        self.paths = paths
        volumes = try Self.names(root?["volumes"])
        networks = try Self.names(root?["networks"])
        (service, port) = try Self.front(wishes, services.map(\.name), ports)
    }

    private static func refusal(_ reason: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The compose file cannot be run here: \(reason).",
            nextStep: "Change the compose file, or name another one as `preview.compose.file` on the base branch.")
    }

    private static func refusal(_ node: YAMLNode, _ reason: String) -> PreviewFailure { refusal("line \(node.start.line): \(reason)") }

    private static func name(_ node: YAMLNode) throws(PreviewFailure) -> String {
        let name = node.text ?? ""
        let isName =
            !name.isEmpty && name.utf8.count <= 63 && name.first != "-" && name.first != "."
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_.".utf8.contains($0)
            }
        if !isName { throw refusal(node, "a name here is made of letters, digits, `-`, `_` and `.`") }
        return name
    }

    private static func checkTop(_ pair: YAMLPair) throws(PreviewFailure) {
        let key = pair.key.text ?? ""
        if ["services", "volumes", "networks", "version", "name"].contains(key) || key.hasPrefix("x-") { return }
        throw refusal(pair.key, "`\(key.prefix(40))` is not passed on")
    }

    /// Names of volumes and networks; none may say anything more, because drivers reach out to the host.
    private static func names(_ node: YAMLNode?) throws(PreviewFailure) -> [String] {
        guard let node, !node.isNull else { return [] }
        var names: [String] = []
        for pair in node.mergedPairs {
            let isPlain = pair.value.isNull || pair.value.mapping?.allSatisfy { $0.key.text == "internal" } == true
            if !isPlain { throw refusal(pair.value, "volumes and networks take no options here") }
            names.append(try name(pair.key))
        }
        return names
    }

    // MARK: A service

    private static func service(_ node: YAMLNode) throws(PreviewFailure) -> [String: JSONValue] {
        guard node.mapping != nil else { throw refusal(node, "a service is a mapping") }
        var keys: [String: JSONValue] = [:]
        for pair in node.mergedPairs {
            let key = pair.key.text ?? ""
            switch key {
            case _ where plainKeys.contains(key): keys[key] = pair.value.json
            case _ where droppedKeys.contains(key) || key.hasPrefix("x-"): continue
            case "build": keys[key] = try build(pair.value)
            case "volumes": keys[key] = try mounts(pair.value)
            case "env_file": keys[key] = .array(try paths(pair.value).map { .string($0) })
            case "networks": keys[key] = .array(try networkNames(pair.value).map { .string($0) })
            default: throw refusal(pair.key, "`\(key.prefix(40))` is not passed on")
            }
        }
        return keys
    }

    private static func build(_ node: YAMLNode) throws(PreviewFailure) -> JSONValue {
        if let context = node.string { return ["context": .string(try inside(context, node))] }
        var build: [String: JSONValue] = [:]
        for pair in node.mapping ?? [] {
            let key = pair.key.text ?? ""
            switch key {
            case "context", "dockerfile": build[key] = .string(try inside(pair.value.string ?? "", pair.value))
            case "args", "target": build[key] = pair.value.json
            default: throw refusal(pair.key, "`build.\(key.prefix(40))` is not passed on")
            }
        }
        if build["context"] == nil { build["context"] = "." }
        return .object(build)
    }

    /// Named volumes, and paths of the checkout.
    private static func mounts(_ node: YAMLNode) throws(PreviewFailure) -> JSONValue {
        var mounts: [JSONValue] = []
        for entry in node.sequence ?? [] {
            guard let text = entry.string else { throw refusal(entry, "write a mount as `name:/path` or `./path:/path`") }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (1...3).contains(parts.count), parts.count < 3 || ["ro", "rw"].contains(parts[2]) else {
                throw refusal(entry, "write a mount as `name:/path` or `./path:/path`")
            }
            if parts.count > 1, parts[0].hasPrefix(".") || parts[0].contains("/") { _ = try inside(parts[0], entry) }
            if parts.count > 1, parts[0].contains("$") || parts[0].contains("~") { throw refusal(entry, "a mount names its path itself") }
            mounts.append(.string(text))
        }
        return .array(mounts)
    }

    private static func paths(_ node: YAMLNode) throws(PreviewFailure) -> [String] {
        var paths: [String] = []
        for entry in node.sequence ?? [node] { paths.append(try inside(entry.string ?? "", entry)) }
        return paths
    }

    private static func networkNames(_ node: YAMLNode) throws(PreviewFailure) -> [String] {
        var names: [String] = []
        for entry in node.sequence ?? node.mapping?.map(\.key) ?? [] { names.append(try name(entry)) }
        return names
    }

    /// A path that stays in the checkout; links are checked when it is used.
    private static func inside(_ path: String, _ node: YAMLNode) throws(PreviewFailure) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let escapes = path.isEmpty || path.hasPrefix("/") || path.hasPrefix("~") || path.contains("$") || path.contains("://")
        if escapes || parts.contains("..") || path.hasPrefix("git@") || path.hasPrefix("-") {
            throw refusal(node, "a path stays inside the repository")
        }
        return path
    }

    /// Every text in a value, keys of mappings too.
    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let values): values.flatMap(texts)
        case .object(let members): members.flatMap { [$0.key] + texts($0.value) }
        default: []
        }
    }

    /// Names behind `$` and `${`, as compose fills them in; also those behind `$$`, which is once too careful.
    private static func variables(in text: String) -> [String] {
        text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            let name = part.drop { $0 == "{" }.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            return String(name)
        }
    }

    private static func paths(of service: [String: JSONValue]) -> Set<String> {
        var paths: Set<String> = []
        if let context = service["build"]?["context"]?.string {
            paths.insert(context)
            paths.insert(context + "/" + (service["build"]?["dockerfile"]?.string ?? "Dockerfile"))
        }
        for file in service["env_file"]?.array ?? [] { paths.insert(file.string ?? "") }
        for mount in service["volumes"]?.array ?? [] {
            let parts = (mount.string ?? "").split(separator: ":")
            if parts.count > 1, parts[0].hasPrefix(".") || parts[0].contains("/") { paths.insert(String(parts[0])) }
        }
        return paths
    }

    // MARK: The service people look at

    private static func front(
        _ wishes: PreviewSettings.Compose, _ names: [String], _ ports: [String: Int]
    ) throws(PreviewFailure) -> (String, Int) {
        if let wished = wishes.service {
            guard names.contains(wished) else {
                throw refusal("it has no service `\(wished.prefix(40))` as `preview.compose.service` says")
            }
            guard let port = wishes.port ?? ports[wished] else { throw noPort(wished) }
            return (wished, port)
        }
        let published = names.filter { ports[$0] != nil }
        if let port = wishes.port, names.count == 1 || published.count == 1 { return (published.first ?? names[0], port) }
        if published.count == 1, let port = ports[published[0]] { return (published[0], port) }
        if published.isEmpty { throw noPort(names.first ?? "") }
        throw PreviewFailure(
            .misconfigured, cause: "Several services of the compose file publish a port: \(published.joined(separator: ", ")).",
            nextStep: "Name the one to look at as `preview.compose.service` on the base branch.")
    }

    private static func noPort(_ name: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The service `\(name)` publishes no port.",
            nextStep: "Give it `ports:` or `expose:`, or name the port as `preview.compose.port` on the base branch.")
    }

    /// The first port inside that `ports` or `expose` tells.
    private static func port(of node: YAMLNode) -> Int? {
        let pairs = node.mergedPairs
        let entries = ["ports", "expose"].flatMap { key in pairs.first { $0.key.text == key }?.value.sequence ?? [] }
        for entry in entries {
            let text = entry["target"]?.text ?? entry.text ?? ""
            let last = text.split(separator: "/").first?.split(separator: ":").last.flatMap { Int($0) }
            if let last, (1...65535).contains(last) { return last }
        }
        return nil
    }

    // MARK: Writing

    /// The file to run, as JSON, which every reader of YAML takes: `published` on this address leads to the front service.
    package func rendered(for preview: PreviewIdentity, address: String, published: Int) -> String {
        var all: [String: JSONValue] = [:]
        for service in services {
            var keys = service.keys
            keys["labels"] = [ComposeDriver.label: .string(preview.description)]
            keys["security_opt"] = ["no-new-privileges:true"]
            if service.name == self.service { keys["ports"] = [.string("\(address):\(published):\(port)")] }
            all[service.name] = .object(keys)
        }
        var file: [String: JSONValue] = ["services": .object(all)]
        if !volumes.isEmpty { file["volumes"] = .object(Dictionary(volumes.map { ($0, [:]) }) { first, _ in first }) }
        if !networks.isEmpty { file["networks"] = .object(Dictionary(networks.map { ($0, [:]) }) { first, _ in first }) }
        return String(decoding: JSONValue.object(file).serialized(pretty: true), as: UTF8.self)
    }
}
