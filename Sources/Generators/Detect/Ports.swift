import Text

/// The port an application listens on: as its own Dockerfile, the compose file or the entry file say, or as its framework does.
enum Ports {
    private static let marks = [
        "PORT || ", "PORT ?? ", "listen(", "port=", "port = ", "PORT', ", "PORT\", ", "\":", "0.0.0.0:", "127.0.0.1:", "server.port=",
    ]

    /// Ports are named near the top or near the end of short entry files; bundles of many thousand lines are not entry files.
    private static let mostLines = 2_000

    static func apply(to component: inout Component, _ context: DetectionContext) {
        guard component.port == nil, component.role.value == .application else { return }
        // Files alone are served on a port of ours.
        if component.traits["site"]?.isEmpty == false { return }
        component.port = composed(component, context) ?? named(component, context) ?? started(component, context)
        guard component.port == nil else {
            tellStart(&component)
            return
        }
        if !listens(component, context) {
            component.traits["serves"] = "no"
        } else {
            component.port = usual(component, context)
        }
    }

    /// In its own Dockerfile, then in its entry files. What fettle wrote says only what fettle thought.
    private static func named(_ component: Component, _ context: DetectionContext) -> Sourced<Int>? {
        for path in files(component, context) {
            let isContainerFile = path.hasSuffix("Dockerfile")
            let lines = context.lines(path).prefix(Self.mostLines)
            if isContainerFile, lines.contains(where: { $0.hasPrefix(ManagedText.begin) }) { continue }
            for (index, line) in lines.enumerated() where line.utf8.count < 400 {
                guard let port = port(in: String(line), isContainerFile: isContainerFile) else { continue }
                return Sourced(port, Evidence(path, index + 1))
            }
        }
        return nil
    }

    /// The inner port that a compose file publishes of the service which is built from the component's folder.
    private static func composed(_ component: Component, _ context: DetectionContext) -> Sourced<Int>? {
        // A Dockerfile of its own is nearer.
        if let path = context.first(["Dockerfile"], in: component.path), let text = context.text(path), !text.holds(ManagedText.begin) {
            return nil
        }
        for folder in Set(["", component.path]).sorted(by: >) {
            guard let path = context.first(Services.names, in: folder), let services = context.tree(path)?["services"]?.mapping else {
                continue
            }
            let below = component.path.dropFirst(folder.utf8.count).drop { $0 == "/" }
            guard let service = services.first(where: { Services.builds(String(below), $0.value) }) else { continue }
            let project = ComposeProject(path, context)
            for key in ["ports", "expose"] {
                for item in service.value.mergedPairs.first(where: { $0.key.text == key })?.value.sequence ?? [] {
                    guard let text = item["target"]?.string ?? item.string.flatMap({ project.interpolated($0) }),
                        let inside = text.split(separator: ":").last?.split(separator: "/").first, let port = number(inside),
                        // One below is for who has more rights than our image's user.
                        port >= 1024
                    else { continue }
                    return Sourced(port, Evidence(path, item.start.line))
                }
            }
        }
        return nil
    }

    /// `next start --port 4000`.
    private static func started(_ component: Component, _ context: DetectionContext) -> Sourced<Int>? {
        guard component.language.value == .node, let start = component.start,
            let scripts = context.tree(component.file("package.json"))?["scripts"]?.mapping,
            let script = scripts.first(where: { pair in
                ["start", "start:prod", "start:production", "serve:prod"].contains(pair.key.text ?? "")
                    && pair.value.start.line == start.because.line
            })?.value.string
        else { return nil }
        let words = script.split { " =".contains($0) }.map(String.init)
        for (index, word) in words.enumerated() where ["--port", "-p", "PORT"].contains(word) && index + 1 < words.count {
            if let port = number(words[index + 1][...]) { return Sourced(port, start.because) }
        }
        return nil
    }

    /// Where a framework listens that is told nothing else. Source: each one's own documentation
    private static func usual(_ component: Component, _ context: DetectionContext) -> Sourced<Int>? {
        let (name, marks): (String, [(mark: String, port: Int)]) =
            switch component.language.value {
            case .node:
                (
                    "package.json",
                    [
                        ("\"next\":", 3000), ("\"nuxt\":", 3000), ("\"@remix-run/serve\":", 3000), ("\"@react-router/serve\":", 3000),
                        ("\"@nestjs/core\":", 3000), ("\"@sveltejs/adapter-node\":", 3000), ("\"astro\":", 4321), ("\"nitropack\":", 3000),
                        ("\"@strapi/strapi\":", 1337), ("vite preview", 4173),
                    ]
                )
            case .ruby: ("bin/rails", [("", 3000)])
            case .elixir: ("mix.exs", [("{:phoenix,", 4000)])
            default: ("", [])
            }
        let path = component.file(name)
        guard context.has(path) else { return nil }
        for (mark, port) in marks {
            if let line = context.line(in: path, where: { mark.isEmpty || $0.holds(mark) }) {
                return Sourced(port, Evidence(path, line.number))
            }
        }
        return nil
    }

    /// Words that start a server with a port of ours take the one that was found.
    private static func tellStart(_ component: inout Component) {
        guard let port = component.port?.value, var words = component.start?.value, let mark = words.firstIndex(of: "--port"),
            words.indices.contains(mark + 1), words[mark + 1] == "8080"
        else { return }
        words[mark + 1] = String(port)
        component.start?.value = words
    }

    /// Each may be a question to a forge.
    private static let mostSources = 12

    /// Whether a Go or Rust program opens a port: with a server's library, in its first files, or in one that is called like a server.
    /// Programs in other languages are taken to.
    private static func listens(_ component: Component, _ context: DetectionContext) -> Bool {
        let (ending, marks, manifests): (String, [String], [(String, [String])]) =
            switch component.language.value {
            case .go:
                (
                    ".go", ["ListenAndServe", "http.Server{", "net.Listen(", "http.Serve("],
                    [
                        (
                            "go.mod",
                            ["gin-gonic/gin", "labstack/echo", "gofiber/fiber", "go-chi/chi", "google.golang.org/grpc", "gorilla/mux"]
                        )
                    ]
                )
            case .rust:
                (
                    ".rs", ["TcpListener", "UdpSocket::bind", "Server::bind", "HttpServer::new"],
                    [("Cargo.toml", ["axum", "actix-web", "rocket", "warp", "tonic", "poem", "salvo", "tide"])]
                )
            default: ("", [], [])
            }
        if ending.isEmpty { return true }
        let isNamed = { (line: Substring, library: String) in
            // What only a dependency needs says nothing of the program.
            library.contains("/")
                ? line.holds(library) && !line.holds("// indirect") : [" ", "=", "."].contains { line.hasPrefix(library + $0) }
        }
        for (name, libraries) in manifests
        where context.line(in: component.file(name), where: { line in libraries.contains { isNamed(line, $0) } }) != nil { return true }
        let start = DetectionContext.folder(of: component.role.because.path)
        let words = ["server", "serve", "http", "listen", "daemon"]
        let sources = context.files(below: component.path) { path in
            guard path.hasSuffix(ending), !path.hasSuffix("_test.go"), !Detection.isAuxiliary(path) else { return false }
            let name = DetectionContext.name(of: path)
            return DetectionContext.folder(of: path) == start || words.contains(where: name[...].holds)
        }
        let near = sources.filter { DetectionContext.folder(of: $0) == start }
        let far = sources.filter { DetectionContext.folder(of: $0) != start }
        // Half for each, so that many small files beside the first leave room for the server's own.
        return (near.prefix(mostSources / 2) + far.prefix(mostSources - min(near.count, mostSources / 2))).contains { path in
            context.line(in: path) { line in marks.contains(where: line.holds) } != nil
        }
    }

    private static func files(_ component: Component, _ context: DetectionContext) -> [String] {
        let entries = component.start?.value.filter { $0.contains(".") } ?? []
        let usual = [
            "Dockerfile", "server.js", "index.js", "app.js", "src/index.js", "src/server.js", "src/index.ts", "app.py", "main.py",
            "main.go", "src/main.rs",
            "src/main/resources/application.properties",
        ]
        return (entries + usual).map(component.file).filter(context.has) + program(component, context)
    }

    /// The files of a Go program's own package, its first one first.
    private static func program(_ component: Component, _ context: DetectionContext) -> [String] {
        guard component.language.value == .go, let main = component.traits["main"], main.hasPrefix("./") else { return [] }
        let sources = context.entries(of: component.file(String(main.dropFirst(2)))).filter {
            $0.hasSuffix(".go") && !$0.hasSuffix("_test.go")
        }
        let isFirst = { (path: String) in DetectionContext.name(of: path) == "main.go" }
        return Array((sources.filter(isFirst) + sources.filter { !isFirst($0) }).prefix(mostSources / 2))
    }

    private static func port(in line: String, isContainerFile: Bool) -> Int? {
        if isContainerFile { return line.hasPrefix("EXPOSE ") ? number(line.dropFirst(7)) : nil }
        for mark in marks {
            guard let range = line.firstRange(of: mark) else { continue }
            let rest = line[range.upperBound...].drop { $0 == "'" || $0 == "\"" || $0 == "(" }
            if let port = number(rest) { return port }
        }
        return nil
    }

    /// Two to five digits that are a port, with nothing number-like behind them.
    private static func number(_ text: Substring) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let next = text.dropFirst(digits.count).first
        guard digits.count >= 2, next != ".", let port = Int(digits), (80...65_535).contains(port) else { return nil }
        return port
    }
}
