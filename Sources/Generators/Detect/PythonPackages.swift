import Text

/// The lists of packages that a Python project keeps: what each brings, and where it stands.
///
/// Sources: packaging.python.org/en/latest/specifications (pyproject.toml, dependency groups, requirement files), setuptools.pypa.io
/// (`setup.cfg`, dynamic metadata), python-poetry.org/docs/pyproject, pdm-project.org/en/latest, pipenv.pypa.io
struct PythonPackages {
    enum Kind: Hashable {
        /// What the project itself needs.
        case project
        /// Optional parts of it: `pip install .[name]`.
        case extra
        /// Dependency groups of pyproject, and those of Poetry, PDM and Pipenv.
        case group
        /// A requirements file.
        case file
    }

    struct List {
        var kind: Kind
        /// Of an extra or a group; of a file its path from the project's folder.
        var name: String
        /// Names in lower case, of other lists it takes in too.
        var packages: Set<String>
        var because: Evidence
        /// A group that its manager leaves out unless it is asked for.
        var isOptional = false
    }

    private(set) var lists: [List] = []
    /// Every name of any list, those of lists that only a compiler of requirements reads too.
    private(set) var all: Set<String> = []

    init(in folder: String, _ context: DetectionContext) {
        let path = context.join(folder, "pyproject.toml")
        if let project = context.toml(path) { read(project, path, folder, context) }
        readSetup(folder, context)
        readPipfile(context.join(folder, "Pipfile"), context)
        for file in Self.files(in: folder, context) {
            var seen: Set<String> = []
            let names = Self.packages(of: file, context, &seen)
            all.formUnion(names)
            guard file.hasSuffix(".txt") else { continue }
            let name = folder.isEmpty ? file : String(file.dropFirst(folder.utf8.count + 1))
            lists.append(List(kind: .file, name: name, packages: names, because: Evidence(file)))
        }
        for list in lists { all.formUnion(list.packages) }
    }

    func list(_ kind: Kind, _ name: String) -> List? { lists.first { $0.kind == kind && $0.name == name } }

    /// Whether `packages` bring the tool: by its name, or as what one of its plug-ins needs.
    static func bring(_ tool: String, _ packages: Set<String>) -> Bool {
        packages.contains(tool) || packages.contains { $0.hasPrefix(tool + "-") && !$0.hasPrefix(tool + "-stub") }
    }

    /// The list that brings a tool, by what lists for this purpose are called.
    func bringing(_ tool: String, for purpose: ComponentCommand.Purpose, of kinds: [Kind]) -> List? {
        let wanted = Self.names[purpose] ?? []
        func rank(_ list: List) -> Int {
            let base = DetectionContext.name(of: list.name).lowercased()
            let place = wanted.firstIndex { base == $0 } ?? wanted.firstIndex { base.contains($0) }.map { $0 + wanted.count }
            return (kinds.firstIndex(of: list.kind) ?? kinds.count) + 10 * (place ?? 2 * wanted.count)
        }
        let fitting = lists.filter { kinds.contains($0.kind) && SafeText.path($0.name) && Self.bring(tool, $0.packages) }
        return fitting.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }?.element
    }

    private static let names: [ComponentCommand.Purpose: [String]] = [
        .test: ["test", "tests", "testing", "unit", "dev", "develop", "development", "ci", "local", "all"],
        .lint: ["lint", "linting", "linters", "style", "quality", "qa", "check", "dev", "develop", "development", "test", "ci", "all"],
        .typecheck: [
            "typing", "typecheck", "types", "type", "mypy", "lint", "check", "dev", "develop", "development", "test", "ci", "all",
        ],
        .build: ["build", "dev", "ci", "all"],
    ]

    // MARK: pyproject.toml

    private mutating func read(_ project: TOMLDocument, _ path: String, _ folder: String, _ context: DetectionContext) {
        func because(_ key: String) -> Evidence { Evidence(path, project.line(of: key)) }
        var main = Self.names(project.strings("project.dependencies"))
        for file in Self.files(of: project, "tool.setuptools.dynamic.dependencies") {
            var seen: Set<String> = []
            main.formUnion(Self.packages(of: context.join(folder, file), context, &seen))
        }
        main.formUnion(project.keys(under: "tool.poetry.dependencies").map { $0.lowercased() }.filter { $0 != "python" })
        let place = ["project.dependencies", "tool.poetry.dependencies", "project"].first { project.line(of: $0) != nil } ?? "project"
        if project.line(of: place) != nil { lists.append(List(kind: .project, name: "", packages: main, because: because(place))) }
        let extras = "project.optional-dependencies"
        for name in project.keys(under: extras) {
            lists.append(List(kind: .extra, name: name, packages: extra(name, project), because: because("\(extras).\(name)")))
        }
        for name in project.keys(under: "tool.poetry.extras") where project.line(of: extras) == nil {
            let packages = Self.names(project.strings("tool.poetry.extras.\(name)"))
            lists.append(List(kind: .extra, name: name, packages: packages, because: because("tool.poetry.extras.\(name)")))
        }
        let dynamic = "tool.setuptools.dynamic.optional-dependencies"
        for name in Set(project.keys(under: dynamic).map { String($0.prefix { $0 != "." }) }).sorted() {
            var packages: Set<String> = []
            for file in Self.files(of: project, "\(dynamic).\(name)") {
                var seen: Set<String> = []
                packages.formUnion(Self.packages(of: context.join(folder, file), context, &seen))
            }
            lists.append(List(kind: .extra, name: name, packages: packages, because: because(dynamic)))
        }
        for name in project.keys(under: "dependency-groups") {
            let key = "dependency-groups.\(name)"
            lists.append(List(kind: .group, name: name, packages: Self.group(key, project), because: because(key)))
        }
        let older = project.strings("tool.uv.dev-dependencies")
        if !older.isEmpty {
            lists.append(List(kind: .group, name: "dev", packages: Self.names(older), because: because("tool.uv.dev-dependencies")))
        }
        for name in project.keys(under: "tool.pdm.dev-dependencies") {
            let key = "tool.pdm.dev-dependencies.\(name)"
            lists.append(List(kind: .group, name: name, packages: Self.names(project.strings(key)), because: because(key)))
        }
        readPoetry(project, path)
    }

    private mutating func readPoetry(_ project: TOMLDocument, _ path: String) {
        for table in project.tables.keys.sorted() where table.hasPrefix("tool.poetry.") && table.hasSuffix("dependencies") {
            let inner = table.dropFirst("tool.poetry.".utf8.count)
            if inner == "dependencies" { continue }
            let name = inner.hasPrefix("group.") ? String(inner.dropFirst(6).prefix { $0 != "." }) : "dev"
            let packages = Set(project.keys(under: table).map { $0.lowercased() })
            let isOptional = project.entries["tool.poetry.group.\(name).optional"]?.value == .bool(true)
            let because = Evidence(path, project.line(of: table))
            lists.append(List(kind: .group, name: name, packages: packages, because: because, isOptional: isOptional))
        }
    }

    /// An extra may take in others: `all = ["name[test,docs]"]`.
    private func extra(_ name: String, _ project: TOMLDocument, depth: Int = 0) -> Set<String> {
        let key = "project.optional-dependencies.\(name)"
        let own = project.string("project.name")?.text.lowercased() ?? ""
        var packages: Set<String> = []
        for requirement in project.strings(key) {
            let package = Self.name(of: requirement)
            guard package == own, !own.isEmpty, depth < 6, let open = requirement.firstIndex(of: "[") else {
                packages.insert(package)
                continue
            }
            let inside = requirement[requirement.index(after: open)...].prefix { $0 != "]" }
            for other in inside.split(separator: ",") {
                packages.formUnion(extra(other.filter { !$0.isWhitespace }, project, depth: depth + 1))
            }
        }
        return packages
    }

    /// Directly, or through a group that it includes.
    private static func group(_ key: String, _ project: TOMLDocument, depth: Int = 0) -> Set<String> {
        guard case .array(let values)? = project.entries[key]?.value, depth < 6 else { return [] }
        var packages: Set<String> = []
        for value in values {
            switch value {
            case .string(let text): packages.insert(name(of: text))
            case .table(let members):
                guard case .string(let other)? = members["include-group"] else { continue }
                packages.formUnion(group("dependency-groups." + other, project, depth: depth + 1))
            default: continue
            }
        }
        return packages
    }

    private static func files(of project: TOMLDocument, _ key: String) -> [String] {
        let several = project.strings(key + ".file")
        return several.isEmpty ? project.string(key + ".file").map { [$0.text] } ?? [] : several
    }

    private static func names(_ requirements: [String]) -> Set<String> { Set(requirements.map { name(of: $0) }.filter { !$0.isEmpty }) }

    /// `Flask[async]>=2; python_version > "3"` → `flask`.
    static func name(of requirement: some StringProtocol) -> String {
        requirement.drop { $0 == " " || $0 == "\t" }.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
            .lowercased()
    }

    // MARK: setup.py, setup.cfg, Pipfile

    private mutating func readSetup(_ folder: String, _ context: DetectionContext) {
        let path = context.join(folder, "setup.cfg")
        var section = ""
        var key = ""
        var extras: [(name: String, line: Int, packages: Set<String>)] = []
        for (index, line) in context.lines(path).enumerated() {
            if line.hasPrefix("[") {
                section = String(line.dropFirst().prefix { $0 != "]" })
            } else if let first = line.first, !first.isWhitespace, let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                key = line[..<mark].filter { !$0.isWhitespace }
                if section == "options.extras_require" {
                    let rest = Self.name(of: line[line.index(after: mark)...])
                    extras.append((key, index + 1, rest.isEmpty ? [] : [rest]))
                }
            } else if section == "options.extras_require", !extras.isEmpty {
                let package = Self.name(of: line)
                if !package.isEmpty { extras[extras.count - 1].packages.insert(package) }
            }
        }
        for extra in extras where !lists.contains(where: { $0.kind == .extra && $0.name == extra.name }) {
            lists.append(List(kind: .extra, name: extra.name, packages: extra.packages, because: Evidence(path, extra.line)))
        }
        let setup = context.join(folder, "setup.py")
        if let text = context.text(setup), let start = text.firstRange(of: "extras_require") {
            let line = text[..<start.lowerBound].utf8.lazy.filter { $0 == UInt8(ascii: "\n") }.count + 1
            for (name, packages) in Self.literal(text[start.upperBound...])
            where !lists.contains(where: { $0.kind == .extra && $0.name == name }) {
                lists.append(List(kind: .extra, name: name, packages: packages, because: Evidence(setup, line)))
            }
        }
    }

    /// The keys of a dictionary of lists of texts, as far as they stand there word for word.
    private static func literal(_ text: Substring) -> [(String, Set<String>)] {
        var found: [(String, Set<String>)] = []
        var depth = 0
        var quote: Character?
        var word = ""
        var last: String?
        for character in text.prefix(20_000) {
            if let open = quote {
                if character == open {
                    quote = nil
                    if depth > 1, !found.isEmpty { found[found.count - 1].1.insert(name(of: word)) }
                    last = word
                } else {
                    word.append(character)
                }
                continue
            }
            switch character {
            case "'", "\"": (quote, word) = (character, "")
            case "{", "[", "(": depth += 1
            case "}", "]", ")":
                depth -= 1
                if depth <= 0 { return found }
            case ":" where depth == 1:
                if let key = last { found.append((key, [])) }
            case "=" where depth == 0, " " where depth == 0: continue
            // A name: what it holds only running would tell.
            case _ where depth == 0: return found
            default: continue
            }
        }
        return found
    }

    private mutating func readPipfile(_ path: String, _ context: DetectionContext) {
        guard let pipfile = context.toml(path) else { return }
        for (table, kind, name) in [("packages", Kind.project, ""), ("dev-packages", .group, "dev")] {
            let packages = Set(pipfile.keys(under: table).map { $0.lowercased() })
            if !packages.isEmpty {
                lists.append(List(kind: kind, name: name, packages: packages, because: Evidence(path, pipfile.line(of: table))))
            }
        }
    }

    // MARK: Requirements files

    /// Files of requirements in the project's folder and in those that hold nothing else.
    private static func files(in folder: String, _ context: DetectionContext) -> [String] {
        let places = ["requirements", "reqs", "tests", "test"].map { context.join(folder, $0) }
        return context.entries(of: folder).filter { isRequirements($0, anyName: false) }
            + places.flatMap { place in
                context.entries(of: place).filter {
                    isRequirements($0, anyName: place.hasSuffix("requirements") || place.hasSuffix("reqs"))
                }
            }
    }

    private static func isRequirements(_ path: String, anyName: Bool) -> Bool {
        let name = DetectionContext.name(of: path)
        return (name.hasSuffix(".txt") || name.hasSuffix(".in")) && (anyName || name.contains("requirements") || name.contains("reqs"))
    }

    /// Names in a file and in those it takes in with `-r`.
    static func packages(of path: String, _ context: DetectionContext, _ seen: inout Set<String>) -> Set<String> {
        guard seen.count < 20, seen.insert(path).inserted else { return [] }
        var packages: Set<String> = []
        for line in context.lines(path) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("-r") || text.hasPrefix("--requirement") {
                let words = text.split { $0 == " " || $0 == "=" || $0 == "\t" }
                let other = words.count > 1 ? String(words[1]) : String(text.dropFirst(2))
                var place = DetectionContext.folder(of: path)
                var rest = other[...]
                while rest.hasPrefix("./") || rest.hasPrefix("../") {
                    if rest.hasPrefix("../") { place = DetectionContext.folder(of: place) }
                    rest = rest[rest.index(after: rest.firstIndex(of: "/") ?? rest.startIndex)...]
                }
                packages.formUnion(Self.packages(of: context.join(place, String(rest)), context, &seen))
            } else if let first = text.first, first.isLetter {
                packages.insert(name(of: text))
            }
        }
        return packages
    }
}
