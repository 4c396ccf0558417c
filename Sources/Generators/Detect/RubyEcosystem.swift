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
        setVersion(&component, context, &conflicts)
        setBounds(&component, gemspec, context)
        component.commands = [ComponentCommand(.install, "bundle install", component.lockFile.map { Evidence($0) } ?? Evidence(manifest))]
        if let path = context.first([".rubocop.yml"], in: folder), let line = declares("rubocop", folder, gemspec, context) {
            component.commands.append(ComponentCommand(.lint, "bundle exec rubocop", line.line == nil ? Evidence(path) : line))
        }
        prepareDatabase(&component, context)
        setTest(&component, context)
        setStart(&component, context)
        setImage(&component, context)
        return component
    }

    /// Rails' tests find their tables. Source: guides.rubyonrails.org/testing.html
    private static func prepareDatabase(_ component: inout Component, _ context: DetectionContext) {
        guard component.role.value == .application, context.first(["bin/rails"], in: component.path) != nil,
            let path = context.first(["config/database.yml"], in: component.path)
        else { return }
        component.commands.append(ComponentCommand(.prepare, "bin/rails db:test:prepare", Evidence(path)))
    }

    /// Rails 7.1 and newer make their pages without a real key; some gems load libraries that the small image lacks.
    private static func setImage(_ component: inout Component, _ context: DetectionContext) {
        let lock = context.join(component.path, "Gemfile.lock")
        let rails = context.line(in: lock) { $0.hasPrefix("    rails (") }.flatMap { $0.text.firstVersion }.flatMap {
            LivingVersions.number($0)
        }
        if let rails, rails >= 701, context.firstBelow(context.join(component.path, "app/assets"), where: { _ in true }) != nil {
            component.traits["compiles-assets"] = "yes"
        }
        let native = ["pg", "mysql2", "rmagick", "ruby-vips", "curb", "charlock_holmes", "rugged"]
        if context.line(in: lock, where: { line in native.contains { line.hasPrefix("    \($0) (") } }) != nil {
            component.traits["needs-libraries"] = "yes"
        }
    }

    /// Gems that the manifests name.
    static func declared(in folder: String, _ context: DetectionContext) -> Set<String> {
        let locked = context.lines(context.join(folder, "Gemfile.lock")).filter { $0.hasPrefix("    ") && $0.contains("(") }
        let named = context.lines(context.join(folder, "Gemfile")).compactMap { line -> Substring? in
            let words = line.split { " \t\"',".contains($0) }
            return words.first == "gem" && words.count > 1 ? words[1] : nil
        }
        return Set((locked.compactMap { $0.split(separator: " ").first } + named).map(String.init))
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
        let rakefiles = rakefiles(folder, context)
        func rake(_ condition: (Substring) -> Bool) -> Evidence? {
            rakefiles.compactMap { path in context.line(in: path, where: condition).map { Evidence(path, $0.number) } }.first
        }
        if let path = context.first(["bin/rails"], in: folder), context.firstBelow(folder, where: { $0.hasPrefix("test/") }) != nil {
            component.commands.append(ComponentCommand(.test, "bin/rails test", Evidence(path)))
        } else if let because = rake(isDefault) {
            component.commands.append(ComponentCommand(.test, "bundle exec rake", because))
        } else if let path = context.first([".rspec", "spec/spec_helper.rb"], in: folder) {
            component.commands.append(ComponentCommand(.test, "bundle exec rspec", Evidence(path)))
        } else if let because = rake({ $0.holds("TestTask") }) {
            component.commands.append(ComponentCommand(.test, "bundle exec rake test", because))
        }
    }

    /// The Rakefile and what it imports.
    private static func rakefiles(_ folder: String, _ context: DetectionContext) -> [String] {
        let path = context.join(folder, "Rakefile")
        guard context.has(path) else { return [] }
        let imported = context.lines(path).filter { $0.hasPrefix("import ") || $0.hasPrefix("load ") }.compactMap { line -> String? in
            let name = line.split { $0 == "\"" || $0 == "'" }.dropFirst().first.map(String.init)
            return name.flatMap { SafeText.path($0.replacingFirst("./", "")) ? context.join(folder, $0.replacingFirst("./", "")) : nil }
        }
        return [path] + imported.filter(context.has)
    }

    private static func isDefault(_ line: Substring) -> Bool {
        line.contains("default") && (line.hasPrefix("task") || line.hasPrefix("  task"))
    }

    private static func setVersion(
        _ component: inout Component, _ context: DetectionContext, _ conflicts: inout [ModelConflict]
    ) {
        var found = VersionFiles.plain([".ruby-version"], in: component.path, context)
        if let tool = VersionFiles.tool(["ruby"], in: component.path, context) { found.append(tool) }
        let gemfile = context.join(component.path, "Gemfile")
        var isBound = false
        if let line = context.line(in: gemfile, where: { $0.hasPrefix("ruby \"") || $0.hasPrefix("ruby '") }),
            let version = line.text.firstVersion
        {
            // `ruby ">= 3.2"` bounds what another file names.
            let isExact = line.text.dropFirst(6).first?.isNumber ?? false
            isBound = !isExact && found.isEmpty
            if isExact || found.isEmpty { found.append(.init(version: version, path: gemfile, line: line.number)) }
        }
        let same = { (a: String, b: String) in
            a.firstVersion?.split(separator: ".").prefix(2) == b.firstVersion?.split(separator: ".").prefix(2)
        }
        if let conflict = VersionFiles.conflict(found, component.path, same: same) { conflicts.append(conflict) }
        if let first = found.first {
            component.version = Sourced(first.version.firstVersion ?? first.version, Evidence(first.path, first.line))
            let version = first.version.replacingFirst("ruby-", "")
            let isWhole = version.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } && version.split(separator: ".").count == 3
            if isWhole, !isBound { component.traits["exact-version"] = version }
        }
    }

    /// Living versions that a gem's bounds allow; those of an application are its own.
    private static func setBounds(_ component: inout Component, _ gemspec: String?, _ context: DetectionContext) {
        guard let gemspec, let line = context.line(in: gemspec, where: { $0.holds("required_ruby_version") }),
            let equals = line.text.firstIndex(of: "=")
        else { return }
        // `Gem::Requirement.new(">= 3.0")` says it too.
        let bounds = line.text[line.text.index(after: equals)...].filter { !"[]()\"'%w".contains($0) }
            .drop { !"<>=~!".contains($0) && !$0.isNumber }
        if component.version == nil {
            component.version = Sourced(">=" + (String(bounds).firstVersion ?? "3.3"), Evidence(gemspec, line.number))
        }
        let constraint = VersionConstraint(String(bounds))
        let fitting = LivingVersions.ruby.filter(constraint.allows)
        if fitting.count > 1 { component.matrix = Sourced(fitting, Evidence(gemspec, line.number)) }
    }

    private static func declares(_ gem: String, _ folder: String, _ gemspec: String?, _ context: DetectionContext) -> Evidence? {
        for path in [context.join(folder, "Gemfile"), context.join(folder, "Gemfile.lock")] + [gemspec].compactMap({ $0 }) {
            if let line = context.line(in: path, where: { $0.holds(gem) }) { return Evidence(path, line.number) }
        }
        return nil
    }
}
