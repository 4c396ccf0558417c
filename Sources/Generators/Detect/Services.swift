import Text

/// Servers the tests need, as the repository's compose file brings them up, and what its application is told of them.
enum Services {
    static let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]

    /// The compose file of the component's own folder, or the root's when one of its services is built from that folder.
    ///
    /// What the job of the tests has beside it in existing CI comes before.
    static func apply(to component: inout Component, _ context: DetectionContext) {
        guard component.services.isEmpty else { return }
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

    static func builds(_ folder: String, _ service: YAMLNode) -> Bool {
        guard let build = service.mergedPairs.first(where: { $0.key.text == "build" })?.value,
            var context = (build["context"] ?? build).string?[...]
        else { return false }
        if context.hasPrefix("./") { context = context.dropFirst(2) }
        while context.hasSuffix("/") { context = context.dropLast() }
        return (context == "." ? "" : context) == folder[...]
    }

    private static func needs(of service: YAMLNode) -> Set<String> {
        let node = service.mergedPairs.first { $0.key.text == "depends_on" }?.value
        return Set(node?.sequence?.compactMap(\.string) ?? node?.mapping?.compactMap(\.key.text) ?? [])
    }

    /// - Parameter file: as Compose is told of it from the component's folder.
    private static func take(
        _ services: [YAMLPair], _ path: String, _ file: String, in component: inout Component, _ context: DetectionContext
    ) {
        var project = ComposeProject(path, context)
        var servers: [(pair: YAMLPair, image: YAMLNode, kind: BackingServer)] = []
        for pair in services {
            guard let service = pair.key.text, BackingServer.isName(service),
                let image = pair.value.mergedPairs.first(where: { $0.key.text == "image" })?.value, let text = image.string,
                let kind = BackingServer.of(image: text), !pair.value.mergedPairs.contains(where: { $0.key.text == "build" })
            else { continue }
            servers.append((pair, image, kind))
        }
        guard !servers.isEmpty else { return }
        let copies = project.copies(for: servers.map(\.pair.value), context)
        let general = project.obstacle()
        var ports: [String: (inside: Int, outside: Int)] = [:]
        var first: ComposeProject.Obstacle?
        for (pair, image, kind) in servers {
            let published = published(kind.port, pair.value, project)
            // Two cannot have the same port of one machine; the others are other versions of the first.
            if ports.values.contains(where: { $0.outside == published ?? kind.port }) { continue }
            let name = pair.key.text ?? ""
            var need = ServiceNeed(
                name: name, start: kind.kind ?? kind.name, because: Evidence(path, image.start.line), file: file,
                publish: published == nil ? kind.port : nil,
                health: pair.value.mergedPairs.contains { $0.key.text == "healthcheck" } ? [] : kind.health)
            if let obstacle = general ?? project.obstacle(to: pair.value, context) {
                first = first ?? obstacle
                guard let plain = project.plain(pair.value, kind, published) else { continue }
                (need.file, need.publish, need.plain, need.health) = (nil, nil, plain, kind.health)
            }
            ports[name] = (kind.port, published ?? kind.port)
            component.services.append(need)
        }
        // Compose refuses every command while something of its file is missing.
        if let first {
            component.leftOut.append(LeftOutCommand(line: "docker compose up", because: first.because, reason: first.reason))
        } else {
            let up = file.replacingAll(DetectionContext.name(of: path), with: "")
            for copy in copies where !component.commands.contains(where: { $0.line == copy.line(up) }) {
                component.commands.append(ComponentCommand(.install, copy.line(up), copy.because))
            }
        }
        guard !component.services.isEmpty else { return }
        // What is told of these servers goes before what the tests are told without them.
        let told = environment(services, ports, path, project)
        component.environment.removeAll { variable in told.contains { $0.name == variable.name } }
        component.environment = told + component.environment
    }

    /// The port of the machine behind which `port` of the service is; `nil` when it is not published.
    private static func published(_ port: Int, _ service: YAMLNode, _ project: ComposeProject) -> Int? {
        for item in service.mergedPairs.first(where: { $0.key.text == "ports" })?.value.sequence ?? [] {
            if let target = item["target"]?.string, target == String(port) { return item["published"]?.string.flatMap { Int($0) } ?? port }
            guard let text = item.string.flatMap({ project.interpolated($0) }) else { continue }
            let parts = text.split(separator: ":").map { $0.prefix { $0 != "/" } }
            if parts.count >= 2, parts.last == String(port)[...] { return Int(parts[parts.count - 2]) }
        }
        return nil
    }

    /// What the application's own service is told that names one of the servers, and what belongs to it by its name: `DB_USER` of `DB_HOST`.
    private static func environment(
        _ services: [YAMLPair], _ ports: [String: (inside: Int, outside: Int)], _ path: String, _ project: ComposeProject
    ) -> [EnvironmentVariable] {
        for pair in services where ports[pair.key.text ?? ""] == nil {
            let all = project.variables(pair.value).filter { SafeText.command($0.value) }
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

    /// `…@db:5432/…` as a step of the job reaches it.
    static func seenFromRunner(_ value: String, _ name: String, _ port: (inside: Int, outside: Int)) -> String {
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
}
