import Text

/// Servers the tests need, as the repository's compose file brings them up, and what its application is told of them.
enum Services {
    /// Names of images with the port each listens on.
    private static let known: [(name: String, port: Int)] = [
        ("postgres", 5432), ("mysql", 3306), ("mariadb", 3306), ("redis", 6379), ("mongo", 27017), ("rabbitmq", 5672),
        ("elasticsearch", 9200), ("memcached", 11211), ("minio", 9000), ("kafka", 9092), ("valkey", 6379),
    ]

    private static let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]

    /// The compose file of the component's own folder, or the root's when one of its services is built from that folder.
    static func apply(to component: inout Component, _ context: DetectionContext) {
        if let path = context.first(names, in: component.path), let services = context.tree(path)?["services"]?.mapping {
            take(services, path, DetectionContext.name(of: path), in: &component, context)
        } else if !component.path.isEmpty, let path = names.first(where: context.has),
            let services = context.tree(path)?["services"]?.mapping, let built = services.first(where: { builds(component.path, $0.value) })
        {
            let up = component.path.split(separator: "/").map { _ in "../" }.joined()
            let needed = needs(of: built.value)
            let others = services.filter { needed.isEmpty || needed.contains($0.key.text ?? "") }
            take(others + [built], path, up + path, in: &component, context)
        }
    }

    private static func builds(_ folder: String, _ service: YAMLNode) -> Bool {
        guard let build = service.mergedPairs.first(where: { $0.key.text == "build" })?.value,
            var context = (build["context"] ?? build).string?[...]
        else { return false }
        if context.hasPrefix("./") { context = context.dropFirst(2) }
        while context.hasSuffix("/") { context = context.dropLast() }
        return context == folder[...]
    }

    private static func needs(of service: YAMLNode) -> Set<String> {
        let node = service.mergedPairs.first { $0.key.text == "depends_on" }?.value
        return Set(node?.sequence?.compactMap(\.string) ?? node?.mapping?.compactMap(\.key.text) ?? [])
    }

    /// - Parameter file: as Compose is told of it from the component's folder.
    private static func take(
        _ services: [YAMLPair], _ path: String, _ file: String, in component: inout Component, _ context: DetectionContext
    ) {
        var ports: [String: (inside: Int, outside: Int)] = [:]
        for pair in services {
            guard let service = pair.key.text, isSafe(service),
                let image = pair.value.mergedPairs.first(where: { $0.key.text == "image" })?.value,
                let text = image.string, let kind = known.first(where: { DetectionContext.name(of: text).hasPrefix($0.name) }),
                !pair.value.mergedPairs.contains(where: { $0.key.text == "build" })
            else { continue }
            let published = published(kind.port, pair.value)
            // Two cannot have the same port of one machine; the others are other versions of the first.
            if ports.values.contains(where: { $0.outside == published ?? kind.port }) { continue }
            ports[service] = (kind.port, published ?? kind.port)
            component.services.append(
                ServiceNeed(
                    name: service, start: kind.name, because: Evidence(path, image.start.line), file: file,
                    publish: published == nil ? kind.port : nil))
        }
        component.environment = environment(services, ports, path)
        let settings = settings(context.join(DetectionContext.folder(of: path), ".env"), context)
        // Compose refuses every command while one is not set.
        if !ports.isEmpty, let missing = required(path, context).first(where: { !settings.contains($0.name) }) {
            let reason = "\(DetectionContext.name(of: path)) requires \(missing.name), which no file of the repository sets"
            component.leftOut.append(LeftOutCommand(line: "docker compose up", because: Evidence(path, missing.line), reason: reason))
            component.environment = []
            component.traits["compose"] = "refuses"
        }
    }

    /// The port of the machine behind which `port` of the service is; `nil` when it is not published.
    private static func published(_ port: Int, _ service: YAMLNode) -> Int? {
        for item in service.mergedPairs.first(where: { $0.key.text == "ports" })?.value.sequence ?? [] {
            if let target = item["target"]?.string, target == String(port) { return item["published"]?.string.flatMap { Int($0) } ?? port }
            guard let text = item.string.flatMap({ interpolated($0) }) else { continue }
            let parts = text.split(separator: ":").map { $0.prefix { $0 != "/" } }
            if parts.count >= 2, parts.last == String(port)[...] { return Int(parts[parts.count - 2]) }
        }
        return nil
    }

    /// What the application's own service is told that names one of the servers, and what belongs to it by its name: `DB_USER` of `DB_HOST`.
    private static func environment(
        _ services: [YAMLPair], _ ports: [String: (inside: Int, outside: Int)], _ path: String
    ) -> [EnvironmentVariable] {
        for pair in services where ports[pair.key.text ?? ""] == nil {
            let all = variables(pair.value, path)
            var here = all.map { variable in
                ports.reduce(into: variable) { variable, server in variable.value = seenFromRunner(variable.value, server.key, server.value)
                }
            }
            let prefixes = Set(zip(all, here).filter { $0.value != $1.value }.map { prefix($0.0.name) })
            here.removeAll { !prefixes.contains(prefix($0.name)) }
            if !here.isEmpty { return here }
        }
        return []
    }

    private static func prefix(_ name: String) -> Substring { name.prefix { $0 != "_" } }

    private static func variables(_ service: YAMLNode, _ path: String) -> [EnvironmentVariable] {
        guard let node = service.mergedPairs.first(where: { $0.key.text == "environment" })?.value else { return [] }
        let pairs: [(String, String, Int)] =
            node.mapping?.compactMap { pair in
                guard let name = pair.key.text, let value = pair.value.text else { return nil }
                return (name, value, pair.key.start.line)
            }
            ?? (node.sequence ?? []).compactMap { item in
                guard let text = item.string, let equals = text.firstIndex(of: "=") else { return nil }
                return (String(text[..<equals]), String(text[text.index(after: equals)...]), item.start.line)
            }
        return pairs.compactMap { name, value, line in
            guard isName(name), let value = interpolated(value), !value.isEmpty, SafeText.command(value) else { return nil }
            return EnvironmentVariable(name: name, value: value, because: Evidence(path, line))
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first), name.utf8.count <= 100 else { return false }
        return name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
    }

    /// Names that the file beside Compose's own sets. What they are set to may be a secret of whoever works here, and is not taken.
    private static func settings(_ path: String, _ context: DetectionContext) -> Set<String> {
        let isIgnored = context.line(in: ".gitignore") { [".env", "/.env", ".env*", "*.env"].contains($0) } != nil
        guard context.has(path), !isIgnored else { return [] }
        return Set(context.lines(path).compactMap { line in line.firstIndex(of: "=").map { String(line[..<$0]) } })
    }

    /// Names that the file cannot do without: `${NAME:?why}`.
    private static func required(_ path: String, _ context: DetectionContext) -> [(name: String, line: Int)] {
        context.lines(path).enumerated().compactMap { index, line in
            guard line.utf8.contains(UInt8(ascii: "?")), !line.drop(while: { $0 == " " }).hasPrefix("#"),
                let start = String(line).firstRange(of: "${")
            else { return nil }
            let rest = String(line)[start.upperBound...]
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            let after = rest.dropFirst(name.count)
            return isName(name) && (after.hasPrefix("?") || after.hasPrefix(":?")) ? (name, index + 1) : nil
        }
    }

    /// `${NAME:-default}` is its default; what only the environment knows makes the whole unknown.
    private static func interpolated(_ text: String) -> String? {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            guard after.first == "{", let end = after.firstIndex(of: "}") else { return nil }
            let inside = after[after.index(after: after.startIndex)..<end]
            guard let mark = inside.firstIndex(of: "-") else { return nil }
            result += inside[inside.index(after: mark)...]
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }

    /// `…@db:5432/…` as a step of the job reaches it.
    private static func seenFromRunner(_ value: String, _ name: String, _ port: (inside: Int, outside: Int)) -> String {
        var result = ""
        var rest = value
        while let range = rest.firstRange(of: name) {
            let before = rest[..<range.lowerBound].last ?? result.last
            var after = rest[range.upperBound...]
            // `redis://redis` begins with the name of a protocol.
            let isScheme = after.hasPrefix("://")
            let isHost =
                !isScheme && (before == nil || "@/,=".contains(before ?? "a")) && (after.isEmpty || ":/,?".contains(after.first ?? "a"))
            result += rest[..<range.lowerBound] + (isHost ? "127.0.0.1" : name)
            let inside = ":\(port.inside)"
            if isHost, after.hasPrefix(inside) {
                result += ":\(port.outside)"
                after = after.dropFirst(inside.count)
            }
            rest = String(after)
        }
        return result + rest
    }

    /// The name goes into a command line.
    private static func isSafe(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    }
}
