/// Images of Ruby, Swift, C and .NET applications.
extension DockerfileRenderer {
    static func ruby(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let (version, system) = rubyImage(component)
        let lock = component.lockFile == nil ? "" : "Gemfile.lock "
        let settings = (component.lockFile == nil ? ["path"] : ["frozen", "path"]).map { name in
            "bundle config set --local \(name) \(name == "path" ? "vendor/bundle" : "true")"
        }
        let install = settings + ["bundle config set --local without development:test", "bundle install"]
        let probe = "TCPSocket.new('127.0.0.1', (ENV['PORT'] || \(port(component))).to_i).close"
        return [
            // Gems written in C need a compiler, which the small image lacks.
            "FROM ruby:\(version)-\(system) AS build", "WORKDIR /app", "COPY Gemfile \(lock)./",
            "RUN --mount=type=cache,target=/root/.bundle/cache \(install.joined(separator: " && "))", "COPY . .",
        ] + (component.traits["compiles-assets"] == nil ? [] : ["RUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile"]) + [
            "", "FROM ruby:\(version)\(self.system(component))-\(system)",
            "ENV RACK_ENV=production RAILS_ENV=production PORT=\(port(component))",
            "WORKDIR /app",
            "COPY --from=build --chown=10001:10001 /app ./", "USER 10001:10001", "EXPOSE \(port(component))",
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \(exec(["ruby", "-rsocket", "-e", probe]))",
            "CMD \(exec(start))",
        ]
    }

    /// An exact version is one that Bundler refuses others for; images of each are kept on the release of Debian it was first made on.
    private static func rubyImage(_ component: Component) -> (version: String, system: String) {
        let named = component.version?.value.firstVersion
        let line = named.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "3.4"
        let number = LivingVersions.number(line) ?? 300
        let usual = (line, number < 300 ? "bullseye" : "bookworm")
        guard let exact = component.traits["exact-version"], exact == named,
            let patch = exact.split(separator: ".").last.flatMap({ Int($0) })
        else { return usual }
        // Source: hub.docker.com/_/ruby (tags)
        let bookworm = [300: 6, 301: 4, 302: 2]
        let bullseye = [206: 8, 207: 4, 300: 2, 301: 0, 302: 0]
        if number > 302 || bookworm[number].map({ patch >= $0 }) ?? false { return (exact, "bookworm") }
        return bullseye[number].map { patch >= $0 } ?? false ? (exact, "bullseye") : usual
    }

    static func swift(_ component: Component) -> [String]? {
        guard let product = component.traits["binary"], SafeText.path(product) else { return nil }
        let named = component.version?.value.hasPrefix(">=") == false ? component.version?.value.firstVersion : nil
        let version = named.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "6.2"
        let lock = component.lockFile == nil ? "" : "Package.resolved "
        let resolve =
            component.traits["dependencies"] == nil
            ? [] : ["RUN swift package resolve\(component.lockFile == nil ? "" : " --force-resolved-versions")"]
        return ["FROM swift:\(version)-bookworm AS build", "WORKDIR /src", "COPY Package.swift \(lock)./"] + resolve + [
            "COPY . .",
            "RUN swift build --configuration release --static-swift-stdlib --product \(product) && mkdir /out && cp .build/release/\(product) /out/app",
            "", "FROM swift:\(version)-bookworm-slim",
        ] + runtime(component)
    }

    /// C alone: the runtime of C++ that the compiler's image brings is newer than the small image's.
    static func make(_ component: Component) -> [String]? {
        guard component.language.value == .c, let binary = component.traits["binary"], SafeText.path(binary) else { return nil }
        return [
            "FROM gcc:14-bookworm AS build", "WORKDIR /src", "COPY . .", "RUN make && mkdir /out && cp \(binary) /out/app", "",
            "FROM debian:bookworm-slim",
        ] + runtime(component)
    }

    static func dotnet(_ component: Component) -> [String]? {
        guard let project = component.traits["project"], SafeText.path(project) else { return nil }
        let name = DetectionContext.name(of: project).split(separator: ".").dropLast().joined(separator: ".")
        let version = component.version?.value.leadingNumber.map { "\($0).0" } ?? "10.0"
        // Source: learn.microsoft.com/dotnet/core/compatibility/containers/8.0/aspnet-port
        let knowsPorts = (LivingVersions.number(version) ?? 800) >= 800
        let listen = knowsPorts ? "ASPNETCORE_HTTP_PORTS=\(port(component))" : "ASPNETCORE_URLS=http://+:\(port(component))"
        return [
            "FROM mcr.microsoft.com/dotnet/sdk:\(version) AS build", "WORKDIR /src", "COPY . .",
            "RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish \(project) --configuration Release --output /out", "",
            "FROM mcr.microsoft.com/dotnet/aspnet:\(version)", "ENV \(listen)", "WORKDIR /app",
            "COPY --from=build /out ./", "USER 10001:10001", "EXPOSE \(port(component))", tcpProbe(component),
            "ENTRYPOINT \(exec(["dotnet", name + ".dll"]))",
        ]
    }

    /// A program of its own as `/app`: a shell in front of it passes SIGTERM on, for process 1 gets no default action.
    static func runtime(_ component: Component) -> [String] {
        // A program that listens to nobody has no port to ask, and ends by itself.
        if component.traits["serves"] != nil { return ["COPY --from=build /out/app /app", "USER 10001:10001", "ENTRYPOINT [\"/app\"]"] }
        let wait = "/app & trap 'kill -TERM $!' TERM; wait $!"
        return [
            "ENV PORT=\(port(component))", "COPY --from=build /out/app /app", "USER 10001:10001", "EXPOSE \(port(component))",
            tcpProbe(component), "ENTRYPOINT \(exec(["bash", "-c", wait]))",
        ]
    }
}
