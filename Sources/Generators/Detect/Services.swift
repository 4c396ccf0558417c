import Text

/// Servers the tests need, as the repository's compose file brings them up, and what its application is told of them.
enum Services {
    /// Names of images with the port each listens on.
    private static let known: [(name: String, port: Int)] = [
        ("postgres", 5432), ("mysql", 3306), ("mariadb", 3306), ("redis", 6379), ("mongo", 27017), ("rabbitmq", 5672),
        ("elasticsearch", 9200), ("memcached", 11211), ("minio", 9000), ("kafka", 9092), ("valkey", 6379),
    ]

    static func apply(to component: inout Component, _ context: DetectionContext) {
        for name in ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] {
            let path = context.join(component.path, name)
            guard context.has(path), let services = context.tree(path)?["services"]?.mapping else { continue }
            let settings = settings(context.join(component.path, ".env"), context)
            if let missing = required(path, context).first(where: { settings[$0.name] == nil }) {
                // Compose refuses every command while one is not set.
                component.leftOut.append(
                    LeftOutCommand(
                        line: "docker compose up", because: Evidence(path, missing.line),
                        reason: "\(name) requires \(missing.name), which no file of the repository sets"))
                return
            }
            var ports: [String: (inside: Int, outside: Int)] = [:]
            for pair in services {
                guard let service = pair.key.text, isSafe(service),
                    let image = pair.value.mergedPairs.first(where: { $0.key.text == "image" })?.value,
                    let text = image.string, let kind = known.first(where: { DetectionContext.name(of: text).hasPrefix($0.name) }),
                    !pair.value.mergedPairs.contains(where: { $0.key.text == "build" })
                else { continue }
                let published = published(kind.port, pair.value, settings)
                // Two cannot have the same port of one machine; the others are other versions of the first.
                if ports.values.contains(where: { $0.outside == published ?? kind.port }) { continue }
                ports[service] = (kind.port, published ?? kind.port)
                component.services.append(
                    ServiceNeed(
                        name: service, start: kind.name, because: Evidence(path, image.start.line),
                        publish: published == nil ? .init(file: name, port: kind.port) : nil))
            }
            component.environment = environment(services, ports, path, settings)
            return
        }
    }

    /// The port of the machine behind which `port` of the service is; `nil` when it is not published.
    private static func published(_ port: Int, _ service: YAMLNode, _ settings: [String: String]) -> Int? {
        for item in service.mergedPairs.first(where: { $0.key.text == "ports" })?.value.sequence ?? [] {
            if let target = item["target"]?.string, target == String(port) { return item["published"]?.string.flatMap { Int($0) } ?? port }
            guard let text = item.string.flatMap({ interpolated($0, settings) }) else { continue }
            let parts = text.split(separator: ":").map { $0.prefix { $0 != "/" } }
            if parts.count >= 2, parts.last == String(port)[...] { return Int(parts[parts.count - 2]) }
        }
        return nil
    }

    /// What the application's own service is told that names one of the servers, and what belongs to it by its name: `DB_USER` of `DB_HOST`.
    private static func environment(
        _ services: [YAMLPair], _ ports: [String: (inside: Int, outside: Int)], _ path: String, _ settings: [String: String]
    ) -> [EnvironmentVariable] {
        for pair in services where ports[pair.key.text ?? ""] == nil {
            let all = variables(pair.value, path, settings)
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

    private static func variables(_ service: YAMLNode, _ path: String, _ settings: [String: String]) -> [EnvironmentVariable] {
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
            guard isName(name), let value = interpolated(value, settings), !value.isEmpty, SafeText.command(value) else { return nil }
            return EnvironmentVariable(name: name, value: value, because: Evidence(path, line))
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first), name.utf8.count <= 100 else { return false }
        return name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
    }

    /// `NAME=value` lines of the file that Compose reads beside its own.
    private static func settings(_ path: String, _ context: DetectionContext) -> [String: String] {
        guard context.has(path) else { return [:] }
        let pairs = context.lines(path).compactMap { line -> (String, String)? in
            guard let equals = line.firstIndex(of: "="), isName(String(line[..<equals])) else { return nil }
            return (String(line[..<equals]), line[line.index(after: equals)...].filter { $0 != "\"" && $0 != "'" })
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
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
    private static func interpolated(_ text: String, _ settings: [String: String]) -> String? {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            guard after.first == "{", let end = after.firstIndex(of: "}") else { return nil }
            let inside = after[after.index(after: after.startIndex)..<end]
            if let value = settings[String(inside.prefix { $0 != ":" && $0 != "-" && $0 != "?" })] {
                result += value
            } else if let colon = inside.firstIndex(of: "-") {
                result += inside[inside.index(after: colon)...]
            } else {
                return nil
            }
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
            let isHost = (before == nil || "@/,=".contains(before ?? "a")) && (after.isEmpty || ":/,?".contains(after.first ?? "a"))
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
