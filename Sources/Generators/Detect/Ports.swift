import Text

/// The port an application listens on, as its own files say: `EXPOSE`, or the entry file.
enum Ports {
    private static let marks = [
        "PORT || ", "PORT ?? ", "listen(", "port=", "port = ", "PORT', ", "PORT\", ", "\":", "0.0.0.0:", "127.0.0.1:", "server.port=",
    ]

    /// Ports are named near the top or near the end of short entry files; bundles of many thousand lines are not entry files.
    private static let mostLines = 2_000

    static func apply(to component: inout Component, _ context: DetectionContext) {
        guard component.port == nil, component.role.value == .application else { return }
        for path in files(component, context) {
            for (index, line) in context.lines(path).prefix(Self.mostLines).enumerated() where line.utf8.count < 400 {
                guard let port = port(in: String(line), isContainerFile: path.hasSuffix("Dockerfile")) else { continue }
                component.port = Sourced(port, Evidence(path, index + 1))
                return
            }
        }
        if !listens(component, context) { component.traits["serves"] = "no" }
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
        return (entries + usual).map(component.file).filter(context.has)
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
