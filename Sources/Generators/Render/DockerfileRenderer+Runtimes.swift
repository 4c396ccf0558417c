/// Images of Deno, Bun, Gradle, PHP, Elixir and Poetry applications.
extension DockerfileRenderer {
    static func deno(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let image = "denoland/deno:debian-\(component.version?.value.firstVersion ?? "2.5.0")"
        let lock = component.lockFile == nil ? "" : "deno.lock "
        return [
            "FROM \(image) AS build", "WORKDIR /app", "COPY \(DetectionContext.name(of: component.language.because.path)) \(lock)./",
            "RUN deno install\(component.lockFile == nil ? "" : " --frozen")", "COPY . .", "", "FROM \(image)",
            "ENV PORT=\(port(component))", "WORKDIR /app", "COPY --from=build --chown=10001:10001 /deno-dir /deno-dir",
            "COPY --from=build --chown=10001:10001 /app ./", "USER 10001:10001", "EXPOSE \(port(component))", tcpProbe(component),
            "ENTRYPOINT \(exec(["bash", "-c", waiting(for: start)]))",
        ]
    }

    static func bun(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let lock = component.lockFile.map { DetectionContext.name(of: $0) + " " } ?? ""
        let build = imageBuild(component)
        return [
            "FROM oven/bun:1-debian AS build", "WORKDIR /app", "COPY package.json \(lock)./",
            "RUN --mount=type=cache,target=/root/.bun/install/cache bun install\(lock.isEmpty ? "" : " --frozen-lockfile")", "COPY . .",
        ] + build + [
            "", "FROM oven/bun:1-slim", "ENV NODE_ENV=production PORT=\(port(component))", "WORKDIR /app",
            "COPY --from=build --chown=10001:10001 /app ./", "USER 10001:10001", "EXPOSE \(port(component))", tcpProbe(component),
            "ENTRYPOINT \(exec(["bash", "-c", waiting(for: start)]))",
        ]
    }

    /// A jar that runs by itself, as Spring Boot's plugin makes it. The `application` plugin's folders have a name that only Gradle knows.
    static func gradle(_ component: Component) -> [String]? {
        guard component.traits["jar"] != nil else { return nil }
        let wanted = component.version?.value.leadingNumber ?? 21
        let version = [17, 21, 25].first { $0 >= wanted } ?? wanted
        return [
            "FROM gradle:8-jdk\(version) AS build", "WORKDIR /src", "COPY . .",
            "RUN --mount=type=cache,target=/home/gradle/.gradle gradle --no-daemon bootJar && mkdir /out && cp build/libs/*.jar /out/app.jar",
            "", "FROM eclipse-temurin:\(version)-jre", "COPY --from=build /out/app.jar /app.jar", "USER 10001:10001",
            "EXPOSE \(port(component))", tcpProbe(component), "ENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]",
        ]
    }

    /// Apache with PHP inside, on a port that needs no rights.
    static func php(_ component: Component, pages: Component?) -> [String]? {
        let version = component.version?.value.firstVersion.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "8.4"
        let lock = component.lockFile == nil ? "" : "composer.lock "
        let root = component.traits["public"].map { "/var/www/app/\($0)" } ?? "/var/www/app"
        let listen = "sed -i 's/^Listen 80$/Listen \(port(component))/' /etc/apache2/ports.conf"
        let site =
            "sed -i -e 's#/var/www/html#\(root)#' -e 's/:80>/:\(port(component))>/' /etc/apache2/sites-available/000-default.conf"
        let assets = pages.flatMap { self.assets($0, of: component) }
        // What this script installs it installs with the libraries it needs, and takes their headers away again.
        let extensions =
            self.extensions(of: component).map {
                [
                    "COPY --from=mlocati/php-extension-installer:2 /usr/bin/install-php-extensions /usr/local/bin/",
                    "RUN install-php-extensions \($0)",
                ]
            } ?? []
        return [
            "FROM composer:2 AS build", "WORKDIR /app", "COPY composer.json \(lock)./",
            "RUN --mount=type=cache,target=/tmp/cache composer install --no-dev --no-interaction --no-scripts --no-autoloader --prefer-dist --ignore-platform-reqs",
            "COPY . .", "RUN composer dump-autoload --no-dev --no-scripts --optimize", "",
        ] + (assets?.stage ?? []) + [
            "FROM php:\(version)-apache-\((LivingVersions.number(version) ?? 800) < 800 ? "bullseye" : "bookworm")"
        ] + extensions + [
            "ENV PORT=\(port(component)) APACHE_RUN_DIR=/tmp APACHE_LOCK_DIR=/tmp APACHE_PID_FILE=/tmp/apache2.pid", "WORKDIR /var/www/app",
            "RUN \(listen) && \(site)", "COPY --from=build --chown=10001:10001 /app ./",
        ] + (assets?.copy ?? []) + [
            "USER 10001:10001", "EXPOSE \(port(component))", tcpProbe(component), "CMD [\"apache2-foreground\"]",
        ]
    }

    /// Required ones, and the driver of the database that the repository's own compose file starts.
    private static func extensions(of component: Component) -> String? {
        let drivers = component.services.compactMap { ["mysql": "pdo_mysql", "mariadb": "pdo_mysql", "postgres": "pdo_pgsql"][$0.start] }
        let names = Set(drivers).union((component.traits["extensions"] ?? "").split(separator: " ").map(String.init))
        return names.isEmpty ? nil : names.sorted().joined(separator: " ")
    }

    /// The stage that builds pages, which may use the other language's packages, and what becomes of its product.
    private static func assets(_ pages: Component, of component: Component) -> (stage: [String], copy: [String])? {
        guard let folder = component.traits["public"] else { return nil }
        let build = imageBuild(pages)
        guard !build.isEmpty else { return nil }
        let stage =
            ["FROM node:\(nodeMajor(pages))-\(nodeSystem(nodeMajor(pages))) AS assets", "WORKDIR /app"] + nodePackages(pages) + [
                "COPY --from=build /app/vendor ./vendor"
            ] + build + [""]
        return (stage, ["COPY --from=assets --chown=10001:10001 /app/\(folder) ./\(folder)"])
    }

    /// A release with its own runtime, beside the system it was built on.
    static func elixir(_ component: Component) -> [String]? {
        guard let name = component.traits["release"], SafeText.path(name), !name.contains("/") else { return nil }
        let named = component.version?.value.hasPrefix(">=") == false ? component.version?.value.firstVersion : nil
        let version = named.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "1.19"
        // Without a lock file there is nothing to fetch.
        let dependencies =
            component.lockFile == nil
            ? ["COPY mix.exs ./"]
            : [
                "RUN mix local.hex --force && mix local.rebar --force", "COPY mix.exs mix.lock ./",
                "RUN mix deps.get --only prod && mix deps.compile",
            ]
        return [
            "FROM elixir:\(version)-slim AS build", "ENV MIX_ENV=prod", "WORKDIR /app",
        ] + dependencies + [
            "COPY . ."
        ] + (component.traits["deploys-assets"] == nil ? [] : ["RUN mix assets.deploy"]) + [
            "RUN mix release --path /out", "", "FROM elixir:\(version)-slim",
            "ENV LANG=C.UTF-8 PORT=\(port(component)) PHX_SERVER=true RELEASE_DISTRIBUTION=none RELEASE_TMP=/tmp", "WORKDIR /app",
            "COPY --from=build --chown=10001:10001 /out ./", "USER 10001:10001", "EXPOSE \(port(component))", tcpProbe(component),
            "CMD \(exec(["/app/bin/\(name)", "start"]))",
        ]
    }

    static func poetry(_ component: Component) -> [String]? {
        guard let start = start(component) else { return nil }
        let version = PythonEcosystem.runtime(of: component)
        let lock = component.lockFile == nil ? "" : "poetry.lock "
        return [
            "FROM python:\(version)-bookworm AS build", "ENV POETRY_VIRTUALENVS_IN_PROJECT=true", "WORKDIR /app",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install \(RunnerTools.pinned("poetry"))", "COPY pyproject.toml \(lock)./",
            "RUN --mount=type=cache,target=/root/.cache/pypoetry poetry install --only main --no-root --no-interaction", "",
            "FROM python:\(version)\(system(component))-bookworm",
            "ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PORT=\(port(component))",
            "WORKDIR /app", "COPY --from=build --chown=10001:10001 /app ./", "COPY --chown=10001:10001 . .", "USER 10001:10001",
            "EXPOSE \(port(component))",
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \(exec(["python", "-c", pythonProbe(component)]))",
            "CMD \(exec(pythonStart(start)))",
        ]
    }

    /// The words behind a shell that passes SIGTERM on, for process 1 gets no default action.
    static func waiting(for words: [String]) -> String { "\(words.joined(separator: " ")) & trap 'kill -TERM $!' TERM; wait $!" }
}
