import Text

/// Servers the tests need, as the repository's compose file brings them up.
enum Services {
    private static let known = [
        "postgres", "mysql", "mariadb", "redis", "mongo", "rabbitmq", "elasticsearch", "memcached", "minio", "kafka", "valkey",
    ]

    static func apply(to component: inout Component, _ context: DetectionContext) {
        for name in ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] {
            let path = context.join(component.path, name)
            guard context.has(path), let services = context.tree(path)?["services"]?.mapping else { continue }
            for pair in services {
                guard let service = pair.key.text, isSafe(service),
                    let image = pair.value.mergedPairs.first(where: { $0.key.text == "image" })?.value,
                    let text = image.string, let kind = known.first(where: { DetectionContext.name(of: text).hasPrefix($0) }),
                    !pair.value.mergedPairs.contains(where: { $0.key.text == "build" })
                else { continue }
                component.services.append(ServiceNeed(name: service, start: kind, because: Evidence(path, image.start.line)))
            }
            return
        }
    }

    /// The name goes into a command line.
    private static func isSafe(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    }
}
