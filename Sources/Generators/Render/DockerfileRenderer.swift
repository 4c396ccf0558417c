import Text

/// Multi-stage images: lock file first, cache mounts, numeric user, exec form, health check without curl.
///
/// `/root/…` in a cache mount is a place of the image, not of a machine: build stages run as root, and each tool keeps its cache in that
/// user's home. Source: each tool's own documentation of its cache folder
enum DockerfileRenderer {
    struct Image {
        var path: String
        var ignorePath: String
        var blocks: [ManagedBlock]
        var ignore: [ManagedBlock]
        var notes: [String] = []
    }

    static func images(for model: RepositoryModel) -> [Image] {
        let applications = applications(of: model)
        return applications.compactMap { component in
            if isStage(component, among: applications) { return nil }
            let pages = applications.first {
                $0.path == component.path && $0.language.value == .node && component.language.value != .node && !$0.commands(.build).isEmpty
            }
            guard ownImage(of: component, model) == nil, let lines = lines(for: component, pages: pages) else { return nil }
            let because = ["# because: \(component.packageManager.because)"] + (component.start.map { ["# because: \($0.because)"] } ?? [])
            return Image(
                path: component.file("Dockerfile"), ignorePath: component.file(".dockerignore"),
                blocks: [ManagedBlock(name: "image", margin: "", lines: because + lines)],
                ignore: [ManagedBlock(name: "ignore", margin: "", lines: ignored(component))],
                notes: component.imageNotes + (pages?.imageNotes ?? []))
        }
    }

    /// Pages in a folder of their own belong to the application above it.
    private static func applications(of model: RepositoryModel) -> [Component] {
        model.components.filter {
            $0.role.value == .application && SafeText.path($0.path) && DetectionContext.name(of: $0.path) != "assets"
        }
    }

    /// Pages beside an application in another language are a stage of its image.
    private static func isStage(_ component: Component, among applications: [Component]) -> Bool {
        component.language.value == .node
            && applications.contains {
                $0.path == component.path && $0.language.value != .node && lines(for: $0, pages: nil) != nil
            }
    }

    /// The Dockerfile beside a project of .NET's, which its owner builds.
    private static func ownImage(of component: Component, _ model: RepositoryModel) -> String? {
        guard component.packageManager.value == .nuget, let project = component.traits["project"] else { return nil }
        let path = component.file(
            DetectionContext.folder(of: project).isEmpty ? "Dockerfile" : DetectionContext.folder(of: project) + "/Dockerfile")
        return path != component.file("Dockerfile") && model.containerFiles.contains(path) ? path : nil
    }

    /// Why applications get no image, and what would change that.
    static func reasons(for model: RepositoryModel) -> [String] {
        let applications = applications(of: model)
        return applications.compactMap { component in
            if isStage(component, among: applications) { return nil }
            if let path = ownImage(of: component, model) { return "\(path) is here already and stays as it is" }
            let path = component.file("Dockerfile")
            if model.containerFiles.contains(path) { return "\(path) is here already and stays as it is" }
            guard lines(for: component, pages: nil) == nil else { return nil }
            let name = "the \(component.language.value.name) application\(component.path.isEmpty ? "" : " in " + component.path)"
            return "no Dockerfile for \(name) (\(component.role.because)): \(lack(component))"
        }
    }

    private static func lack(_ component: Component) -> String {
        let unknown = "no command that starts it is known; "
        switch component.packageManager.value {
        case .npm, .pnpm, .yarnClassic, .yarnBerry, .bun:
            guard component.start == nil else {
                return "its 'start' only serves it to who works on it; name one for what was built 'start:prod'"
            }
            return unknown + "give package.json a script 'start'"
        case .deno: return unknown + "give deno.json a task 'start'"
        case .pip, .uv, .poetry: return unknown + "an application is started from app.py, main.py, app/main.py or src/main.py"
        case .bundler: return unknown + "an application is started from bin/rails, config.ru, app.rb, server.rb or main.rb"
        case .go: return "no package with a main.go is known"
        case .cargo where component.lockFile == nil: return "images are built with '--locked', and there is no Cargo.lock"
        case .gradle: return "images are made of a jar that runs by itself, as Spring Boot's plugin makes it"
        case .maven: return "a parent of modules makes nothing that could be started"
        case .mix: return "mix.exs names no 'app:'"
        case .make, .cargo, .swiftpm, .nuget: return "no program that its build makes is known"
        default: return "images are not made for \(component.packageManager.value.rawValue)"
        }
    }

    private static func lines(for component: Component, pages: Component?) -> [String]? {
        switch component.packageManager.value {
        case .npm, .pnpm, .yarnClassic, .yarnBerry: node(component)
        case .pip: python(component)
        case .uv: uv(component)
        case .go: go(component)
        case .cargo: rust(component)
        case .maven: maven(component)
        case .bundler: ruby(component)
        case .swiftpm: swift(component)
        case .make: make(component)
        case .nuget: dotnet(component)
        case .deno: deno(component)
        case .bun: bun(component)
        case .gradle: gradle(component)
        case .composer: php(component, pages: pages)
        case .mix: elixir(component)
        case .poetry: poetry(component)
        default: nil
        }
    }

    static func port(_ component: Component) -> Int { component.port?.value ?? 8080 }

    static func exec(_ words: [String]) -> String {
        "["
            + words.map { word in "\"" + word.replacingAll("\\", with: "\\\\").replacingAll("\"", with: "\\\"") + "\"" }.joined(
                separator: ", ") + "]"
    }

    static func start(_ component: Component) -> [String]? {
        component.start.map(\.value).flatMap { words in words.allSatisfy(SafeText.command) ? words : nil }
    }

    /// Process 1 of a container gets no default action for SIGTERM: without a handler the stop takes the full grace period.
    /// Exits unless the application listens for the signal itself.
    private static let nodeSignals =
        "data:text/javascript,process.on('SIGTERM',()=>{if(process.listenerCount('SIGTERM')===1)process.exit(0)})"

    /// The same for Python: the application's own handler replaces this one.
    static func pythonStart(_ words: [String]) -> [String] {
        guard words.count == 2, words[0] == "python", !words[1].contains("'"), !words[1].contains("\\") else { return words }
        let guarded =
            "import runpy, signal, sys; sys.path.insert(0, ''); signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); runpy.run_path('\(words[1])', run_name='__main__')"
        return ["python", "-c", guarded]
    }

    private static func nodeStart(_ words: [String], _ major: Int) -> [String] {
        // Older ones know no `--import`.
        if major < 18 { return ["bash", "-c", waiting(for: words)] }
        return words.first == "node" ? ["node", "--import", nodeSignals] + words.dropFirst() : words
    }

    /// A port that answers; needs bash, which Debian's images have.
    static func tcpProbe(_ component: Component) -> String { tcpProbe(port(component)) }

    private static func tcpProbe(_ port: Int) -> String {
        "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD "
            + exec(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-\(port)}"])
    }

    private static func node(_ component: Component) -> [String]? {
        if let folder = component.traits["site"] { return folder.isEmpty ? nil : site(component, in: folder) }
        guard let start = start(component) else { return nil }
        let major = nodeMajor(component)
        var build = imageBuild(component)
        if let prune = component.traits["prune"] {
            // One step for both, unless one brings a cache of its own.
            if let last = build.last, last.hasPrefix("RUN "), !last.hasPrefix("RUN --mount"), !prune.hasPrefix("--mount") {
                build[build.count - 1] = "\(last) && \(prune)"
            } else {
                build.append("RUN \(prune)")
            }
        }
        let probe =
            "fetch('http://127.0.0.1:' + (process.env.PORT || \(port(component)))).then(() => process.exit(0), () => process.exit(1))"
        return [
            // Packages written in C need a compiler, which the small image lacks.
            "FROM node:\(major)-\(nodeSystem(major)) AS build", "WORKDIR /app",
        ] + nodePackages(component) + build + [
            "", "FROM node:\(major)-\(nodeSystem(major))-slim", "ENV NODE_ENV=production PORT=\(port(component))", "WORKDIR /app",
            "COPY --from=build --chown=10001:10001 /app ./", "USER 10001:10001", "EXPOSE \(port(component))",
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \(exec(["node", "-e", probe]))",
            "CMD \(exec(nodeStart(start, major)))",
        ]
    }

    /// A site that is only files: built here, served by a server that needs no rights.
    private static func site(_ component: Component, in folder: String) -> [String]? {
        let build = imageBuild(component)
        guard !build.isEmpty else { return nil }
        return ["FROM node:\(nodeMajor(component))-\(nodeSystem(nodeMajor(component))) AS build", "WORKDIR /app"] + nodePackages(component)
            + build + [
                "", "FROM nginxinc/nginx-unprivileged:1-bookworm",
                "COPY --from=build /app/\(folder) /usr/share/nginx/html",
                "USER 10001:10001", "EXPOSE 8080", tcpProbe(8080), "CMD [\"nginx\", \"-g\", \"daemon off;\"]",
            ]
    }

    static func imageBuild(_ component: Component) -> [String] {
        let lines = component.imageBuild ?? component.commands(.build).prefix(1).map(\.line)
        return lines.isEmpty ? [] : ["RUN \(lines.joined(separator: " && "))"]
    }

    /// The one the owner runs, however old. Source: github.com/nodejs/release (code names)
    static func nodeMajor(_ component: Component) -> Int {
        let names = ["hydrogen": 18, "iron": 20, "jod": 22, "krypton": 24]
        guard let version = component.version?.value else { return 24 }
        if version.hasPrefix("lts/") { return names[String(version.dropFirst(4)).lowercased()] ?? 24 }
        return version.leadingNumber.flatMap { (8..<100).contains($0) ? $0 : nil } ?? 24
    }

    /// The release of Debian that the image of an old version is made on.
    static func nodeSystem(_ major: Int) -> String { major < 16 ? "bullseye" : "bookworm" }

    /// Packages before the sources, so that their layer is kept when only sources change.
    static func nodePackages(_ component: Component) -> [String] {
        let lock = component.lockFile.map { DetectionContext.name(of: $0) }
        let (install, cache): (String, String) =
            switch component.packageManager.value {
            case .pnpm:
                ("\(corepack(component)) && pnpm install\(lock == nil ? "" : " --frozen-lockfile")", "/root/.local/share/pnpm/store")
            case .yarnClassic: ("yarn install\(lock == nil ? "" : " --frozen-lockfile")", "/usr/local/share/.cache/yarn")
            case .yarnBerry: ("\(corepack(component)) && yarn install\(lock == nil ? "" : " --immutable")", "/root/.yarn/berry/cache")
            default: (lock == nil ? "npm install" : "npm ci", "/root/.npm")
            }
        // What packages run around their install, and members of a workspace, need the sources.
        if component.traits["needs-sources"] != nil { return ["COPY . .", "RUN --mount=type=cache,target=\(cache) \(install)"] }
        let settings = (component.traits["settings"] ?? "").split(separator: " ").map { $0 + " " }.joined()
        return [
            "COPY package.json \(lock.map { $0 + " " } ?? "")\(settings)./", "RUN --mount=type=cache,target=\(cache) \(install)",
            "COPY . .",
        ]
    }

    /// Images of Node.js 25 and newer have no Corepack of their own.
    private static func corepack(_ component: Component) -> String {
        nodeMajor(component) < 25 ? "corepack enable" : "npm install --global corepack@0.34.0 && corepack enable"
    }

    private static func python(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let version = PythonEcosystem.runtime(of: component)
        let cached = "RUN --mount=type=cache,target=/root/.cache/pip pip install"
        var install: [String] = []
        if let file = component.traits["requirements"] {
            let folder = DetectionContext.folder(of: file)
            install = [folder.isEmpty ? "COPY \(file) ./" : "COPY \(folder)/ \(folder)/", "\(cached) -r \(file)"]
        } else if component.traits["requirements-in-project"] != nil {
            let packages = "uv pip install --python /venv/bin/python -r pyproject.toml"
            install = ["COPY pyproject.toml ./", "\(cached) \(RunnerTools.pinned("uv")) && \(packages)"]
        }
        return [
            "FROM python:\(version)-bookworm AS build", "WORKDIR /app", "RUN python -m venv /venv", "ENV PATH=/venv/bin:$PATH",
        ] + install + [
            "", "FROM python:\(version)\(system(component))-bookworm",
            "ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PORT=\(port(component))",
            "WORKDIR /app",
            "COPY --from=build /venv /venv", "COPY --chown=10001:10001 . .", "USER 10001:10001", "EXPOSE \(port(component))",
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \(exec(["python", "-c", pythonProbe(component)]))",
            "CMD \(exec(pythonStart(start)))",
        ]
    }

    /// The small image, unless packages load libraries that it lacks.
    static func system(_ component: Component) -> String { component.traits["needs-libraries"] == nil ? "-slim" : "" }

    static func pythonProbe(_ component: Component) -> String {
        "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ.get('PORT', '\(port(component))'))), 3).close()"
    }

    private static func uv(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let version = PythonEcosystem.runtime(of: component)
        let lock = component.lockFile == nil ? "" : "uv.lock "
        let flags = component.lockFile == nil ? "--no-dev" : "--locked --no-dev"
        return [
            "FROM ghcr.io/astral-sh/uv:python\(version)-bookworm AS build", "WORKDIR /app", "COPY pyproject.toml \(lock)./",
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync \(flags) --no-install-project", "COPY . .",
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync \(flags)", "", "FROM python:\(version)\(system(component))-bookworm",
            "ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PORT=\(port(component))", "WORKDIR /app",
            "COPY --from=build --chown=10001:10001 /app ./", "USER 10001:10001", "EXPOSE \(port(component))",
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \(exec(["python", "-c", pythonProbe(component)]))",
            "CMD \(exec(pythonStart(start)))",
        ]
    }

    private static func go(_ component: Component) -> [String]? {
        guard let main = component.traits["main"], SafeText.path(main.replacingFirst("./", "")) else { return nil }
        let version = component.version?.value.firstVersion.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "1.25"
        let sum = component.lockFile == nil ? "" : "go.sum "
        return [
            "FROM golang:\(version)-bookworm AS build", "WORKDIR /src", "COPY go.mod \(sum)./",
            "RUN --mount=type=cache,target=/go/pkg/mod go mod download", "COPY . .",
            "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -trimpath -o /out/app \(main)",
            "", "FROM debian:bookworm-slim",
        ]
            + (component.traits["serves"] == nil
                ? [
                    "ENV PORT=\(port(component))", "COPY --from=build /out/app /app", "USER 10001:10001", "EXPOSE \(port(component))",
                    tcpProbe(component),
                ]
                : ["COPY --from=build /out/app /app", "USER 10001:10001"]) + ["ENTRYPOINT [\"/app\"]"]
    }

    private static func rust(_ component: Component) -> [String]? {
        guard let binary = component.traits["binary"], SafeText.path(binary), component.lockFile != nil else { return nil }
        let version = component.versionFile == nil ? nil : component.version?.value.firstVersion
        let fetch =
            component.traits["whole"] == nil
            ? [
                "COPY Cargo.toml Cargo.lock ./",
                "RUN --mount=type=cache,target=/usr/local/cargo/registry mkdir src && touch src/main.rs && cargo fetch --locked",
            ] : []
        return ["FROM rust:\(version ?? "1")-bookworm AS build", "WORKDIR /src"] + fetch + [
            "COPY . .",
            "RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target cargo build --locked --release --bin \(binary) && mkdir /out && cp target/release/\(binary) /out/app",
            "", "FROM debian:bookworm-slim",
        ] + runtime(component)
    }

    private static func maven(_ component: Component) -> [String]? {
        // A parent of modules makes nothing that could be started itself.
        if component.traits["aggregates"] != nil { return nil }
        let version =
            component.version?.value.leadingNumber.map { [17, 21, 25].first { $0 >= component.version?.value.leadingNumber ?? 21 } ?? $0 }
            ?? 21
        return [
            "FROM maven:3-eclipse-temurin-\(version) AS build", "WORKDIR /src", "COPY pom.xml ./",
            "RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode dependency:go-offline", "COPY . .",
            "RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode -DskipTests package && mkdir /out && cp target/*.jar /out/app.jar",
            "",
            "FROM eclipse-temurin:\(version)-jre", "COPY --from=build /out/app.jar /app.jar", "USER 10001:10001",
            "EXPOSE \(port(component))", tcpProbe(component),
            "ENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]",
        ]
    }

    private static func ignored(_ component: Component) -> [String] {
        let common = [".git", ".github", "Dockerfile", ".dockerignore", "**/.env", "**/.env.*", "**/*.pem", "**/*.key"]
        switch Detection.family(component.language.value) {
        case "javascript": return common + ["**/node_modules", "coverage", "dist"]
        case "python": return common + ["**/__pycache__", "**/*.pyc", ".venv", ".tox", ".pytest_cache"]
        case "rust", "jvm": return common + ["target"]
        case "swift": return common + [".build"]
        case "ruby": return common + ["vendor/bundle", ".bundle", "log", "tmp"]
        case "php": return common + ["vendor", "**/node_modules"]
        case "elixir": return common + ["_build", "deps", "**/node_modules"]
        case "dotnet": return common + ["**/bin", "**/obj"]
        default: return common + ["build"]
        }
    }
}
