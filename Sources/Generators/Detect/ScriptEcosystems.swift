import Text

enum RubyEcosystem: Ecosystem {
    static let manifests = ["Gemfile", "*.gemspec"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let gemspec = context.entries(of: folder).first { $0.hasSuffix(".gemspec") }
        let role: Sourced<ComponentRole> = gemspec.map { Sourced(.library, Evidence($0)) } ?? Sourced(.application, Evidence(manifest))
        var component = Component(
            path: folder, language: Sourced(.ruby, Evidence(manifest)), packageManager: Sourced(.bundler, Evidence(manifest)), role: role)
        component.lockFile = context.first(["Gemfile.lock"], in: folder)
        setVersion(&component, gemspec, context, &conflicts)
        component.commands = [ComponentCommand(.install, "bundle install", component.lockFile.map { Evidence($0) } ?? Evidence(manifest))]
        if let path = context.first([".rubocop.yml"], in: folder), let line = declares("rubocop", folder, gemspec, context) {
            component.commands.append(ComponentCommand(.lint, "bundle exec rubocop", line.line == nil ? Evidence(path) : line))
        }
        setTest(&component, context)
        setStart(&component, context)
        return component
    }

    private static func setStart(_ component: inout Component, _ context: DetectionContext) {
        guard component.role.value == .application else { return }
        let folder = component.path
        if let path = context.first(["bin/rails"], in: folder) {
            component.start = Sourced(["bin/rails", "server", "--binding", "0.0.0.0"], Evidence(path))
        } else if let path = context.first(["config.ru"], in: folder) {
            component.start = Sourced(["bundle", "exec", "rackup", "--host", "0.0.0.0", "--port", "8080"], Evidence(path))
        } else if let path = context.first(["app.rb", "server.rb", "main.rb"], in: folder) {
            component.start = Sourced(["ruby", DetectionContext.name(of: path)], Evidence(path))
        }
    }

    private static func setTest(_ component: inout Component, _ context: DetectionContext) {
        let folder = component.path
        let rakefile = context.join(folder, "Rakefile")
        if let path = context.first(["bin/rails"], in: folder), context.firstBelow(folder, where: { $0.hasPrefix("test/") }) != nil {
            component.commands.append(ComponentCommand(.test, "bin/rails test", Evidence(path)))
        } else if let line = context.line(in: rakefile, where: { isDefault($0) }) {
            component.commands.append(ComponentCommand(.test, "bundle exec rake", Evidence(rakefile, line.number)))
        } else if let path = context.first([".rspec", "spec/spec_helper.rb"], in: folder) {
            component.commands.append(ComponentCommand(.test, "bundle exec rspec", Evidence(path)))
        } else if let line = context.line(in: rakefile, where: { $0.holds("TestTask") }) {
            component.commands.append(ComponentCommand(.test, "bundle exec rake test", Evidence(rakefile, line.number)))
        }
    }

    private static func isDefault(_ line: Substring) -> Bool {
        line.contains("default") && (line.hasPrefix("task") || line.hasPrefix("  task"))
    }

    private static func setVersion(
        _ component: inout Component, _ gemspec: String?, _ context: DetectionContext, _ conflicts: inout [ModelConflict]
    ) {
        var found = VersionFiles.plain([".ruby-version"], in: component.path, context)
        if let tool = VersionFiles.tool(["ruby"], in: component.path, context) { found.append(tool) }
        let gemfile = context.join(component.path, "Gemfile")
        if let line = context.line(in: gemfile, where: { $0.hasPrefix("ruby \"") || $0.hasPrefix("ruby '") }),
            let version = line.text.firstVersion
        {
            found.append(.init(version: version, path: gemfile, line: line.number))
        }
        let same = { (a: String, b: String) in
            a.firstVersion?.split(separator: ".").prefix(2) == b.firstVersion?.split(separator: ".").prefix(2)
        }
        if let conflict = VersionFiles.conflict(found, component.path, same: same) { conflicts.append(conflict) }
        if let first = found.first {
            component.version = Sourced(first.version.firstVersion ?? first.version, Evidence(first.path, first.line))
            return
        }
        guard let gemspec, let line = context.line(in: gemspec, where: { $0.holds("required_ruby_version") }) else { return }
        let least = String(line.text.drop { $0 != "=" }).firstVersion ?? "3.3"
        component.version = Sourced(">=" + least, Evidence(gemspec, line.number))
    }

    private static func declares(_ gem: String, _ folder: String, _ gemspec: String?, _ context: DetectionContext) -> Evidence? {
        for path in [context.join(folder, "Gemfile"), context.join(folder, "Gemfile.lock")] + [gemspec].compactMap({ $0 }) {
            if let line = context.line(in: path, where: { $0.holds(gem) }) { return Evidence(path, line.number) }
        }
        return nil
    }
}

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
        if let php = root[path: "require", "php"], let text = php.string {
            component.version = Sourced(text, context.evidence(manifest, php))
        }
        if role.value == .library, let matrix = matrix(component.version?.value) {
            component.matrix = Sourced(matrix, component.version?.because ?? Evidence(manifest))
        }
        component.commands = [
            ComponentCommand(
                .install, "composer install --no-interaction --prefer-dist", component.lockFile.map { Evidence($0) } ?? Evidence(manifest))
        ]
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

    /// Source: php.net/supported-versions
    private static func matrix(_ constraint: String?) -> [String]? {
        guard let least = constraint?.firstVersion else { return nil }
        let parts = least.split(separator: ".").compactMap { Int($0) }
        let minimum = (parts.first ?? 8) * 100 + (parts.count > 1 ? parts[1] : 0)
        let fitting = ["8.2", "8.3", "8.4", "8.5"].filter { version in
            let digits = version.split(separator: ".").compactMap { Int($0) }
            return digits[0] * 100 + digits[1] >= minimum
        }
        return fitting.count > 1 ? fitting : nil
    }
}

enum ElixirEcosystem: Ecosystem {
    static let manifests = ["mix.exs"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        let phoenix = context.line(in: manifest) { $0.holds("{:phoenix,") }
        let package = context.line(in: manifest) { $0.holds("package:") || $0.holds("defp package") }
        let role: Sourced<ComponentRole> =
            package.map { Sourced(.library, Evidence(manifest, $0.number)) } ?? Sourced(.application, Evidence(manifest, phoenix?.number))
        var component = Component(
            path: folder, language: Sourced(.elixir, Evidence(manifest)), packageManager: Sourced(.mix, Evidence(manifest)), role: role)
        component.lockFile = context.first(["mix.lock"], in: folder)
        if let line = context.line(in: manifest, where: { $0.holds("app: :") }), let mark = line.text.firstRange(of: "app: :") {
            component.traits["release"] = String(line.text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
        if let tool = VersionFiles.tool(["elixir"], in: folder, context) {
            component.version = Sourced(tool.version, Evidence(tool.path, tool.line))
            if VersionFiles.tool(["erlang"], in: folder, context) != nil { component.versionFile = tool.path }
        } else if let line = context.line(in: manifest, where: { $0.holds("elixir:") }),
            let version = String(line.text.drop { $0 != ":" }).firstVersion
        {
            component.version = Sourced(">=" + version, Evidence(manifest, line.number))
        }
        let because = Evidence(manifest)
        component.commands = [ComponentCommand(.install, "mix deps.get", component.lockFile.map { Evidence($0) } ?? because)]
        if let path = context.first([".formatter.exs"], in: folder) {
            component.commands.append(ComponentCommand(.lint, "mix format --check-formatted", Evidence(path)))
        }
        component.commands += [
            ComponentCommand(.build, "mix compile --warnings-as-errors", because), ComponentCommand(.test, "mix test", because),
        ]
        return component
    }
}

enum StaticSiteEcosystem: Ecosystem {
    static let manifests = ["index.html", "hugo.toml", "mkdocs.yml"]

    static func component(in folder: String, manifest: String, _ context: DetectionContext, _ conflicts: inout [ModelConflict])
        -> Component?
    {
        guard folder.isEmpty else { return nil }
        return Component(
            path: folder, language: Sourced(.html, Evidence(manifest)), packageManager: Sourced(.none, Evidence(manifest)),
            role: Sourced(.application, Evidence(manifest)))
    }
}
