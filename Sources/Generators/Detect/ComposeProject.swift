import Text

/// A compose file with what stands beside it: whether Compose could bring its servers up in a fresh checkout, and what is missing for it.
///
/// Source: docs.docker.com/reference/compose-file, docs.docker.com/compose/how-tos/environment-variables
struct ComposeProject {
    /// Why Compose would refuse, and the line that says so.
    struct Obstacle {
        var reason: String
        var because: Evidence
    }

    /// A settings file that is made from the example beside it; paths are from the compose file's folder.
    struct Copy {
        var example: String
        var file: String
        var because: Evidence

        /// - Parameter up: the way there from the component's folder.
        func line(_ up: String) -> String { "cp \(up)\(example) \(up)\(file)" }
    }

    let path: String
    private let folder: String
    private let root: YAMLNode?
    private let required: [(name: String, line: Int)]
    private let wanted: [(file: String, line: Int)]
    /// Names that settings files set, whatever their values; those of every shell among them.
    private var names: Set<String> = ["PWD", "HOME", "USER"]
    /// What the example that becomes `.env` says: for everybody to read, and no secret.
    private var values: [String: String] = [:]
    private var missing: [(file: String, line: Int)] = []

    init(_ path: String, _ context: DetectionContext) {
        self.path = path
        folder = DetectionContext.folder(of: path)
        root = context.tree(path)
        required = Self.required(path, context)
        wanted = Self.settingsFiles(root)
        if isThere(".env", context) { names.formUnion(Self.settings(context.join(folder, ".env"), context).keys) }
    }

    // MARK: What is missing

    /// Copies that make the settings files which the file or one of these services wants and the repository does not have, where an example
    /// stands beside each.
    mutating func copies(for services: [YAMLNode], _ context: DetectionContext) -> [Copy] {
        var copies: [Copy] = []
        missing = wanted.filter { !isThere($0.file, context) }
        let isUnset =
            required.contains { !names.contains($0.name) } || services.contains { unset(of: $0, ["image", "environment"]) != nil }
        let asksSettings = isUnset && !isThere(".env", context)
        let asked = missing.map(\.file) + (asksSettings ? [".env"] : [])
        for file in asked where !copies.contains(where: { $0.file == file }) {
            guard SafeText.path(file),
                let example = Self.examples(of: file).first(where: { SafeText.path($0) && context.has(context.join(folder, $0)) })
            else { continue }
            let because = context.join(folder, example)
            if file == ".env" {
                values = Self.settings(because, context)
                names.formUnion(values.keys)
            }
            missing.removeAll { $0.file == file }
            copies.append(Copy(example: example, file: file, because: Evidence(because)))
        }
        return copies
    }

    /// What makes Compose refuse the whole file.
    func obstacle() -> Obstacle? {
        let name = DetectionContext.name(of: path)
        if let entry = missing.first {
            return Obstacle(
                reason: "\(name) reads \(entry.file), which is not in the repository and has no example beside it",
                because: Evidence(path, entry.line))
        }
        return required.first { !names.contains($0.name) || values[$0.name]?.isEmpty == true }.map {
            Obstacle(reason: "\(name) requires \($0.name), which no file of the repository sets", because: Evidence(path, $0.line))
        }
    }

    /// What keeps one of its servers from coming up.
    func obstacle(to service: YAMLNode, _ context: DetectionContext) -> Obstacle? {
        let pairs = service.mergedPairs
        if let (name, line) = unset(of: service, ["image"]) ?? (asksPassword(service) ? unset(of: service, ["environment"]) : nil) {
            return Obstacle(
                reason: "\(DetectionContext.name(of: path)) puts \(name) in, which no file of the repository sets",
                because: Evidence(path, line))
        }
        for (source, line) in mounts(pairs) where isFile(source) && !isThere(mount: source, context) {
            return Obstacle(
                reason: "\(DetectionContext.name(of: path)) mounts \(source), which is not in the repository", because: Evidence(path, line)
            )
        }
        for key in ["networks", "volumes"] {
            let used = names(of: pairs.first { $0.key.text == key }?.value)
            for pair in root?[key]?.mapping ?? [] where pair.value["external"].map({ $0.bool != false }) ?? false {
                guard let name = pair.key.text, used.contains(name) else { continue }
                return Obstacle(
                    reason: "\(DetectionContext.name(of: path)) uses '\(name)' of \(key), which is made outside of it",
                    because: Evidence(path, pair.key.start.line))
            }
        }
        return nil
    }

    /// The server without its file: only an image with settings that are all known, and nothing it would have to find.
    func plain(_ service: YAMLNode, _ kind: BackingServer, _ published: Int?) -> PlainServer? {
        let pairs = service.mergedPairs
        let others = ["command", "entrypoint", "configs", "secrets", "extends", "env_file"]
        guard !pairs.contains(where: { others.contains($0.key.text ?? "") }),
            let image = pairs.first(where: { $0.key.text == "image" })?.value.string.flatMap(interpolated),
            mounts(pairs).allSatisfy({ !isFile($0.source) })
        else { return nil }
        let node = pairs.first { $0.key.text == "environment" }?.value
        guard node.map({ unset(in: $0) == nil }) ?? true else { return nil }
        let server = PlainServer(image: image, environment: variables(service), ports: ["\(published ?? kind.port):\(kind.port)"])
        guard BackingServer.isPlain(server), !Self.asksPassword(kind, server) else { return nil }
        return server
    }

    /// These images end at once without one.
    private static func asksPassword(_ kind: BackingServer, _ server: PlainServer) -> Bool {
        let names: [String]
        switch kind.kind ?? kind.name {
        case "postgres": names = ["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD"]
        case "mysql", "mariadb": names = ["ROOT_PASSWORD", "ALLOW_EMPTY", "RANDOM_ROOT"]
        default: return false
        }
        return !server.environment.contains { variable in names.contains(where: variable.name.contains) }
    }

    /// A file, a folder with files, or what an install brings.
    private func isThere(mount source: String, _ context: DetectionContext) -> Bool {
        let place = context.join(folder, source.replacingFirst("./", ""))
        let installed = ["vendor", "node_modules"]
        return context.has(place) || context.firstBelow(place, where: { _ in true }) != nil
            || place.split(separator: "/").contains { installed.contains(String($0)) }
    }

    /// Compose makes folders that are not there, of files it makes folders too.
    private func isFile(_ source: String) -> Bool {
        source.hasPrefix("./") && DetectionContext.name(of: source).dropFirst().contains(".")
    }

    private func mounts(_ pairs: [YAMLPair]) -> [(source: String, line: Int)] {
        (pairs.first { $0.key.text == "volumes" }?.value.sequence ?? []).compactMap { item in
            if let source = item["source"]?.string { return (source, item.start.line) }
            return item.string.flatMap { $0.split(separator: ":").first.map(String.init) }.map { ($0, item.start.line) }
        }
    }

    private func names(of node: YAMLNode?) -> Set<String> {
        let listed = (node?.sequence ?? []).compactMap { $0["source"]?.string ?? $0.string?.split(separator: ":").first.map(String.init) }
        return Set(listed + (node?.mapping ?? []).compactMap(\.key.text))
    }

    /// A server that says an empty password will do takes one; so does what has no password.
    private func asksPassword(_ service: YAMLNode) -> Bool {
        guard let node = service.mergedPairs.first(where: { $0.key.text == "environment" })?.value else { return false }
        let names = node.mapping?.compactMap(\.key.text) ?? node.sequence?.compactMap(\.string) ?? []
        let free = ["ALLOW_EMPTY", "HOST_AUTH_METHOD", "RANDOM_ROOT"]
        return names.contains { $0.contains("PASSWORD") } && !names.contains { name in free.contains(where: name.contains) }
    }

    private func unset(of service: YAMLNode, _ keys: [String]) -> (name: String, line: Int)? {
        let nodes = keys.compactMap { key in service.mergedPairs.first { $0.key.text == key }?.value }
        return nodes.lazy.compactMap { unset(in: $0) }.first
    }

    /// The first variable that nothing gives a value.
    private func unset(in node: YAMLNode) -> (name: String, line: Int)? {
        for item in node.sequence ?? node.mapping?.map(\.value) ?? [node] {
            guard let text = item.string, text.contains("$"), interpolated(text, isKnown: { names.contains($0) }) == nil else { continue }
            let name = (text.firstRange(of: "${").map { text[$0.upperBound...] } ?? text.drop { $0 != "$" }.dropFirst()).prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            return (String(name), item.start.line)
        }
        return nil
    }

    // MARK: What it says

    /// Every variable of a service whose value is known.
    func variables(_ service: YAMLNode) -> [EnvironmentVariable] {
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
            guard Self.isName(name), let value = interpolated(value), !value.isEmpty else { return nil }
            return EnvironmentVariable(name: name, value: value, because: Evidence(path, line))
        }
    }

    /// `${NAME:-default}` is its default unless an example says more; what only the environment knows makes the whole unknown.
    func interpolated(_ text: String) -> String? { interpolated(text) { _ in false } }

    private func interpolated(_ text: String, isKnown: (String) -> Bool) -> String? {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if after.first != "{" {
                let name = after.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
                guard !name.isEmpty, let value = values[String(name)] ?? (isKnown(String(name)) ? "" : nil) else { return nil }
                result += value
                rest = after.dropFirst(name.count)
                continue
            }
            guard let end = after.firstIndex(of: "}") else { return nil }
            let inside = after[after.index(after: after.startIndex)..<end]
            let name = String(inside.prefix { $0 == "_" || $0.isLetter || $0.isNumber })
            if let value = values[name], !value.isEmpty {
                result += value
            } else if let mark = inside.firstIndex(of: "-") {
                result += inside[inside.index(after: mark)...]
            } else if !isKnown(name) {
                return nil
            }
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first), name.utf8.count <= 100 else { return false }
        return name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
    }

    // MARK: Files

    /// In the repository, and not one that only this checkout has.
    private func isThere(_ file: String, _ context: DetectionContext) -> Bool {
        let name = DetectionContext.name(of: file)
        let isIgnored =
            context.line(in: ".gitignore") { line in
                [name, "/" + name, "/" + file, file].contains { line == $0[...] }
                    || name.hasPrefix(".env") && [".env*", "*.env"].contains(line)
            } != nil
        return context.has(context.join(folder, file)) && !isIgnored
    }

    /// `docker.env` of `docker.env.example`, `example.env` or `docker.example.env`.
    private static func examples(of file: String) -> [String] {
        let folder = DetectionContext.folder(of: file)
        let name = DetectionContext.name(of: file)
        let marks = ["example", "sample", "dist", "template", "default"]
        let names =
            marks.map { "\(name).\($0)" } + marks.map { "\($0)\(name.hasPrefix(".") ? name : "." + name)" }
            + (name.hasSuffix(".env") && name != ".env" ? marks.map { "\(name.dropLast(4)).\($0).env" } : marks.map { "\(name)-\($0)" })
        return names.map { folder.isEmpty ? $0 : folder + "/" + $0 }
    }

    /// Of every service: Compose reads the whole file first. `required: false` says that it may be absent.
    private static func settingsFiles(_ root: YAMLNode?) -> [(file: String, line: Int)] {
        (root?["services"]?.mapping ?? []).flatMap { pair -> [(file: String, line: Int)] in
            guard let node = pair.value.mergedPairs.first(where: { $0.key.text == "env_file" })?.value else { return [] }
            return (node.sequence ?? [node]).compactMap { item in
                if item["required"]?.bool == false { return nil }
                guard let text = item["path"]?.string ?? item.string, !text.contains("$"), !text.hasPrefix("/") else { return nil }
                return (text.replacingFirst("./", ""), item.start.line)
            }
        }
    }

    /// What a settings file sets; quotes are taken off.
    private static func settings(_ path: String, _ context: DetectionContext) -> [String: String] {
        var settings: [String: String] = [:]
        for line in context.lines(path).prefix(2_000) where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].replacingFirstWord("export ")
            let value = line[line.index(after: equals)...].drop { $0 == " " }
            guard isName(name) else { continue }
            let open = value.first
            settings[name] =
                open == "\"" || open == "'"
                ? String(value.dropFirst().prefix { $0 != open }) : String(value.prefix { $0 != " " && $0 != "#" })
        }
        return settings
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
}

extension Substring {
    fileprivate func replacingFirstWord(_ word: String) -> String {
        String(hasPrefix(word) ? dropFirst(word.count) : self).filter { $0 != " " }
    }
}
