import Text

enum PHPEcosystem: Ecosystem {
    static let manifests = ["composer.json"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard let root = context.tree(manifest), root.mapping != nil else { return nil }
        let isProject = root["type"]?.string == "project"
        let role: Sourced<ComponentRole> = Sourced(isProject ? .application : .library, context.evidence(manifest, root["type"]))
        var component = Component(
            path: folder, language: Sourced(.php, Evidence(manifest)), packageManager: Sourced(.composer, Evidence(manifest)), role: role)
        component.lockFile = context.first(["composer.lock"], in: folder)
        if context.has(context.join(folder, "public/index.php")) { component.traits["public"] = "public" }
        let lock = component.role.value == .application ? component.lockFile.flatMap(context.tree) : nil
        setVersion(&component, root, lock, manifest, context)
        setExtensions(&component, root, lock)
        component.commands = [
            ComponentCommand(
                .install, "composer install --no-interaction --prefer-dist", component.lockFile.map { Evidence($0) } ?? Evidence(manifest))
        ]
        // Laravel reads its settings, and the key in them, from a file that is not in the repository.
        if component.role.value == .application, context.first(["artisan"], in: folder) != nil, context.first([".env"], in: folder) == nil,
            let path = context.first([".env.example"], in: folder)
        {
            component.commands += [
                ComponentCommand(.install, "cp .env.example .env", Evidence(path)),
                ComponentCommand(.install, "php artisan key:generate", Evidence(path)),
            ]
        }
        let scripts = root["scripts"]?.mapping ?? []
        for (purpose, names) in [
            (ComponentCommand.Purpose.lint, ["lint", "cs", "cs-check", "check-style", "phpcs"]),
            (.typecheck, ["phpstan", "stan", "psalm", "analyse", "analyze"]),
            (.test, ["test", "tests", "phpunit", "unit"]),
        ] {
            guard let script = names.lazy.compactMap({ name in scripts.first { $0.key.text == name } }).first, let name = script.key.text
            else { continue }
            let command = name == "test" ? "composer test" : "composer run-script \(name)"
            component.commands.append(ComponentCommand(purpose, command, Evidence(manifest, script.key.start.line)))
        }
        if component.commands(.test).isEmpty {
            if let path = context.first(["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"], in: folder) {
                component.commands.append(ComponentCommand(.test, "vendor/bin/phpunit", Evidence(path)))
            } else if let pest = root[path: "require-dev", "pestphp/pest"] {
                component.commands.append(ComponentCommand(.test, "vendor/bin/pest", context.evidence(manifest, pest)))
            }
        }
        return component
    }

    /// The newest living version the bounds allow, or the one that the packages were chosen for; all of them for a library.
    private static func setVersion(
        _ component: inout Component, _ root: YAMLNode, _ lock: YAMLNode?, _ manifest: String, _ context: DetectionContext
    ) {
        if let platform = root[path: "config", "platform", "php"], let text = platform.string, let version = text.firstVersion {
            let named = version.split(separator: ".").prefix(2).joined(separator: ".")
            // One that is no longer looked after only bounds what packages were chosen.
            if component.role.value == .application, LivingVersions.php.contains(named) {
                component.version = Sourced(named, context.evidence(manifest, platform))
                return
            }
        }
        guard let php = root[path: "require", "php"], let text = php.string else { return }
        let because = context.evidence(manifest, php)
        var fitting = LivingVersions.php.filter(VersionConstraint(text).allows)
        // Packages of the lock file may not know the newest version yet.
        for list in ["packages", "packages-dev"] {
            for package in lock?[list]?.sequence ?? [] where fitting.count > 1 {
                guard let text = package[path: "require", "php"]?.string else { continue }
                fitting = fitting.filter(VersionConstraint(text).allows)
            }
        }
        let newest = fitting.last ?? text.firstVersion.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "8.4"
        if component.version == nil || component.role.value == .library { component.version = Sourced(newest, because) }
        if component.role.value == .application { component.traits["version-range"] = text }
        if component.role.value == .library, fitting.count > 1 { component.matrix = Sourced(fitting, because) }
    }

    /// Extensions that the official image has. Source: hub.docker.com/_/php
    private static let present: Set<String> = [
        "core", "ctype", "curl", "date", "dom", "fileinfo", "filter", "ftp", "hash", "iconv", "json", "libxml", "mbstring", "mysqlnd",
        "openssl", "pcre", "pdo", "pdo_sqlite", "phar", "posix", "random", "readline", "reflection", "session", "simplexml", "sodium",
        "spl", "sqlite3", "standard", "tokenizer", "xml", "xmlreader", "xmlwriter", "zlib",
    ]

    /// What the application and its packages require, and the driver of its database; not what only tests and development need.
    private static func setExtensions(_ component: inout Component, _ root: YAMLNode, _ lock: YAMLNode?) {
        guard component.role.value == .application else { return }
        var names: Set<String> = []
        func add(_ requirements: YAMLNode?) {
            for pair in requirements?.mapping ?? [] {
                guard let name = pair.key.text, name.hasPrefix("ext-") else { continue }
                let plain = name.dropFirst(4).lowercased().replacingAll("-", with: "_")
                names.insert(plain.replacingFirst("zend_", ""))
            }
        }
        add(root["require"])
        for package in lock?["packages"]?.sequence ?? [] { add(package["require"]) }
        let isPlain = { (name: String) in name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 95 } }
        let wanted = names.subtracting(present).filter(isPlain).sorted()
        component.traits["extensions"] = wanted.isEmpty ? nil : wanted.joined(separator: " ")
    }
}
