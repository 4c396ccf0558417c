import Text

/// The version an application is run with where its manifest names a range or none: by the job of its tests, then by its own image.
enum CIVersions {
    /// Actions that bring a language, and the input that names its version.
    private static let setups: [Language: (action: String, input: String)] = [
        .node: ("actions/setup-node", "node-version"), .python: ("actions/setup-python", "python-version"),
        .java: ("actions/setup-java", "java-version"), .kotlin: ("actions/setup-java", "java-version"),
        .ruby: ("ruby/setup-ruby", "ruby-version"), .php: ("shivammathur/setup-php", "php-version"),
        .elixir: ("erlef/setup-beam", "elixir-version"), .deno: ("denoland/setup-deno", "deno-version"),
    ]

    static func apply(_ jobs: [CIJob], to component: inout Component) {
        guard RunVersion.isOpen(component), let (name, input) = setups[component.language.value] else { return }
        let test = component.commands(.test).first?.because
        let own = jobs.filter { job in job.commands.contains { $0.because == test } }
        for action in (own + jobs).flatMap(\.actions) where action.name.lowercased() == name {
            guard let named = action.inputs[input], RunVersion.take(named.value, named.because, for: &component) else { continue }
            if component.language.value == .elixir {
                component.traits["otp"] = action.inputs["otp-version"].flatMap { SafeText.version($0.value) }
            }
            return
        }
    }
}

/// The version that the repository's own image is made from.
enum ImageVersions {
    static func apply(to component: inout Component, _ context: DetectionContext) {
        guard RunVersion.isOpen(component) else { return }
        let names = ["Dockerfile", "Containerfile"] + (component.path.isEmpty ? ["docker/Dockerfile", ".docker/Dockerfile"] : [])
        for path in names.map(component.file) where context.has(path) {
            guard let text = context.text(path), !text.holds(ManagedText.begin) else { continue }
            var arguments: [String: String] = [:]
            for (index, line) in context.lines(path).enumerated() {
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 1 else { continue }
                if words[0].uppercased() == "ARG", let equals = words[1].firstIndex(of: "=") {
                    arguments[String(words[1][..<equals])] = words[1][words[1].index(after: equals)...].filter { $0 != "\"" && $0 != "'" }
                }
                guard words[0].uppercased() == "FROM", let image = words.dropFirst().first(where: { !$0.hasPrefix("--") }),
                    let version = version(of: filled(image, arguments), component.language.value),
                    RunVersion.take(version, Evidence(path, index + 1), for: &component)
                else { continue }
                return
            }
        }
    }

    private static func filled(_ image: String, _ arguments: [String: String]) -> String {
        arguments.reduce(image) { $0.replacingAll("${\($1.key)}", with: $1.value).replacingAll("$\($1.key)", with: $1.value) }
    }

    /// `3.9` of `python:3.9-slim`.
    private static func version(of image: String, _ language: Language) -> String? {
        let parts = DetectionContext.name(of: image).split(separator: "@").first?.split(separator: ":") ?? []
        guard parts.count == 2 else { return nil }
        let names: [Language: [Substring]] = [
            .node: ["node"], .python: ["python"], .ruby: ["ruby"], .php: ["php"], .elixir: ["elixir"],
            .java: ["eclipse-temurin", "openjdk", "amazoncorretto"], .kotlin: ["eclipse-temurin", "openjdk", "amazoncorretto"],
        ]
        guard names[language]?.contains(parts[0]) ?? false else { return nil }
        return parts[1].split(separator: "-").first.map(String.init)
    }
}

enum RunVersion {
    /// An application whose manifest and version files leave the version to who runs it.
    static func isOpen(_ component: Component) -> Bool {
        guard component.role.value == .application, component.versionFile == nil else { return false }
        guard let version = component.version?.value else { return true }
        return component.traits["version-range"] != nil || !isExact(version)
    }

    /// - Returns: false when it is no version of numbers, or none that the manifest allows and the runner can still get.
    static func take(_ text: String, _ because: Evidence, for component: inout Component) -> Bool {
        var version = text.hasSuffix(".x") ? String(text.dropLast(2)) : text
        if component.language.value == .deno { version = text.replacingFirst("v", "") }
        guard isExact(version), version.utf8.count <= 20, let number = LivingVersions.number(version) else { return false }
        let range = component.traits["version-range"] ?? component.version?.value ?? ""
        guard range.isEmpty || VersionConstraint(range).allows(version) else { return false }
        // Older ones are not made for the runner's system.
        let least: [Language: Int] = [.python: 308, .elixir: 114, .node: 1200, .php: 506, .ruby: 203]
        guard number >= least[component.language.value] ?? 0 else { return false }
        // A release of an image need not be one that the runner's set-up finds; the newest of its line is.
        if component.language.value == .python { version = version.split(separator: ".").prefix(2).joined(separator: ".") }
        component.version = Sourced(version, because)
        component.traits["version-range"] = nil
        return true
    }

    private static func isExact(_ text: String) -> Bool {
        (text.first?.isNumber ?? false) && text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
    }
}
