import Generators
import Testing

/// An image is built without what only a running system has, and listens where its owner says.
@Suite struct ImageTests {
    private func plan(_ files: [String: String]) -> GenerationPlan {
        let repository = RepositorySnapshot(files)
        return GenerationPlan.make(.dockerfile, for: Detection.model(of: repository), in: repository)
    }

    private func dockerfile(_ files: [String: String], at path: String = "Dockerfile") throws -> String {
        try #require(plan(files).files.first { $0.path == path }).text
    }

    private func package(_ scripts: String, _ dependencies: String = #""next": "15""#) -> [String: String] {
        [
            "package.json": "{\"private\": true,\n\"scripts\": {\(scripts)},\n\"dependencies\": {\(dependencies)}}\n",
            "package-lock.json": "{}",
            "src/a.ts": "",
        ]
    }

    // MARK: The build

    @Test func `a script made for the image builds it, unless it calls Docker itself`() throws {
        let scripts =
            #""start": "next start", "build": "npm-run-all check-db build-app", "build-docker": "next build", "check-db": "node scripts/check-db.js", "build-app": "next build""#
        let files = package(scripts)
        #expect(try dockerfile(files).contains("RUN npm run build-docker\n"))
        #expect(
            plan(files).notes.contains { $0.contains("'npm run build-docker' (package.json:2), which is made for it") },
            "\(plan(files).notes)")
        let outside = package(#""start": "next start", "build": "next build", "docker:build": "docker build -t x .""#)
        #expect(try dockerfile(outside).contains("RUN npm run build\n"))
        #expect(plan(outside).notes.isEmpty)
    }

    @Test(arguments: [
        (
            #""build": "prisma generate && prisma migrate deploy && next build""#, "RUN npx prisma generate && npx next build\n",
            "prisma migrate deploy"
        ),
        (
            #""build": "npm-run-all db:check build:next", "db:check": "node scripts/check-db.js", "build:next": "next build""#,
            "RUN npm run build:next\n", "node scripts/check-db.js"
        ),
        (#""build": "npm run migrate && next build", "migrate": "knex migrate:latest""#, "RUN npx next build\n", "knex migrate:latest"),
    ])
    func `a build that needs a database is done without that part, and a note says so`(scripts: String, run: String, reached: String) throws
    {
        let files = package(#""start": "next start", "# + scripts)
        #expect(try dockerfile(files).contains(run))
        #expect(plan(files).notes.contains { $0.contains("runs '\(reached)', which needs a database") }, "\(plan(files).notes)")
    }

    @Test func `a build that cannot be taken apart stays, with a note that says what to do`() throws {
        let files = package(#""start": "next start", "build": "prisma db push || exit 1; next build""#)
        #expect(try dockerfile(files).contains("RUN npm run build\n"))
        #expect(plan(files).notes.contains { $0.contains("name a script 'build:docker'") }, "\(plan(files).notes)")
    }

    // MARK: The port

    @Test(arguments: [
        (["compose.yaml": "services:\n  web:\n    build: .\n    ports:\n      - '8080:3000'\n"], 3000, "compose.yaml:5"),
        (["compose.yaml": "services:\n  web:\n    build: {context: ./}\n    ports:\n      - target: 4000\n"], 4000, "compose.yaml:5"),
        (["compose.yaml": "services:\n  web:\n    image: x\n    ports: ['1:4000']\n"], 3000, "package.json:3"),
        (["Dockerfile": "FROM node\nEXPOSE 5000\n"], 5000, "Dockerfile:2"), ([:], 3000, "package.json:3"),
    ])
    func `the port is the one of the owner's own files, then of the framework`(more: [String: String], port: Int, because: String) throws {
        let files = package(#""start": "next start", "build": "next build""#).merging(more) { $1 }
        let component = try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
        #expect(component.port?.value == port && component.port?.because.description == because)
    }

    @Test(arguments: [
        (#""start": "next start -p 4100""#, #""next": "1""#, 4100), (#""start": "astro preview --port 4400""#, #""astro": "5""#, nil),
        (#""start": "node server.js""#, #""astro": "5""#, 4321), (#""start": "nest start""#, #""@nestjs/core": "11""#, 3000),
        (#""start": "vite preview""#, #""vite": "7""#, nil), (#""start": "node a.js""#, #""express": "5""#, nil),
    ])
    func `a port that the start names, or the framework has, is told`(scripts: String, dependencies: String, port: Int?) throws {
        let component = try #require(Detection.model(of: RepositorySnapshot(package(scripts, dependencies))).components.first)
        #expect(component.port?.value == port)
    }

    @Test func `a framework's port is that of what is there`() throws {
        let ruby = ["Gemfile": "", "app.rb": "x\n"]
        #expect(try #require(Detection.model(of: RepositorySnapshot(ruby)).components.first).port == nil)
        let rails = ruby.merging(["bin/rails": "#!/usr/bin/env ruby\n"]) { $1 }
        #expect(
            try #require(Detection.model(of: RepositorySnapshot(rails)).components.first).port == Sourced(3000, Evidence("bin/rails", 1)))
    }

    @Test func `a server that is started with a port of ours is started with the one that was found`() throws {
        let files = [
            "app/main.py": "app = FastAPI()\n", "requirements.txt": "fastapi\nuvicorn\n",
            "compose.yaml": "services:\n  web:\n    build: .\n    ports: ['80:8000']\n",
        ]
        let text = try dockerfile(files)
        #expect(text.contains("EXPOSE 8000") && text.contains(#""--port", "8000""#))
    }

    @Test(arguments: [
        ("20", "FROM node:20-bookworm"), ("lts/iron", "FROM node:20-bookworm"), ("14.2.0", "FROM node:14-bullseye"),
        ("lts/*", "FROM node:24-bookworm"),
    ])
    func `an image runs the version that its owner names, however old`(version: String, base: String) throws {
        let text = try dockerfile(package(#""start": "node a.js""#).merging([".nvmrc": version + "\n"]) { $1 })
        #expect(text.contains(base + " AS build") && text.contains(base + "-slim"))
        #expect(text.contains("--import") != base.contains("bullseye"))
    }

    @Test func `a Go program below cmd listens where its own files say`() throws {
        let files = [
            "go.mod": "module x\ngo 1.26\n", "cmd/x/main.go": "package main\nfunc main() { run() }\n",
            "cmd/x/run.go": "package main\n\nvar _ = http.ListenAndServe(\":9090\", nil)\n", "cmd/x/run_test.go": "// \":1234\"\n",
        ]
        let component = try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
        #expect(component.port == Sourced(9090, Evidence("cmd/x/run.go", 3)))
        #expect(try dockerfile(files).contains("EXPOSE 9090\n"))
    }

    @Test(arguments: [("net7.0", "ENV ASPNETCORE_URLS=http://+:8080\n"), ("net8.0", "ENV ASPNETCORE_HTTP_PORTS=8080\n")])
    func `NET is told its port in the words of its version`(target: String, line: String) throws {
        let project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>\(target)</TargetFramework></Project>"
        #expect(try dockerfile(["x.csproj": project]).contains(line))
    }

    // MARK: What is there

    @Test func `a Dockerfile beside the project is its owner's, and no twin is made above it`() {
        let files = [
            "x.sln": "", "src/Api/Api.csproj": "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net9.0</TargetFramework></Project>",
            "src/Api/Dockerfile": "FROM x\n",
        ]
        #expect(plan(files).files.isEmpty)
        #expect(plan(files).notes == ["src/Api/Dockerfile is here already and stays as it is"])
    }

    @Test func `an application without an image is told why, and what would change that`() {
        let bare = ["package.json": #"{"private": true, "scripts": {"test": "x"}}"#, "a.js": ""]
        #expect(
            plan(bare).notes == [
                "no Dockerfile for the JavaScript application (package.json:1): no command that starts it is known; give package.json a script 'start'"
            ])
        #expect(plan(bare.merging(["Dockerfile": "FROM x\n"]) { $1 }).notes == ["Dockerfile is here already and stays as it is"])
        let library = ["go.mod": "module x\n", "x.go": "package x\n"]
        #expect(
            plan(library).notes == ["nothing to generate: Go is a library (because: go.mod); images are made of applications"])
        #expect(
            plan(library.merging(["build/Dockerfile": "FROM x\n", "tests/Dockerfile": "FROM x\n"]) { $1 }).notes == [
                "build/Dockerfile is here already and stays as it is"
            ])
        let started = package(#""start": "next start", "build": "next build""#).merging(["Dockerfile": "FROM x\n"]) { $1 }
        #expect(plan(started).notes == ["Dockerfile was not written by fettle and is left alone"])
    }

    @Test(arguments: [
        (".ruby-version", "4.0.0\n", "ruby:4.0.0-bookworm"), (".ruby-version", "3.4\n", "ruby:3.4-bookworm"),
        (".ruby-version", "ruby-3.2.1\n", "ruby:3.2.1-bullseye"), (".ruby-version", "2.5.1\n", "ruby:2.5-bullseye"),
        ("Gemfile", "ruby \"3.3.4\"\n", "ruby:3.3.4-bookworm"), ("Gemfile", "ruby \"~> 3.3.4\"\n", "ruby:3.3-bookworm"),
    ])
    func `an exact version of Ruby is the image's, for Bundler refuses others`(path: String, text: String, image: String) throws {
        let written = try dockerfile(["Gemfile": "", "app.rb": "x\n"].merging([path: text]) { $1 })
        #expect(written.contains("FROM \(image) AS build\n"), "\(written)")
    }

    // MARK: Packages of the development

    @Test(arguments: [
        ("package-lock.json", #""start": "node a.js""#, " && npm prune --omit=dev --ignore-scripts\n"),
        ("pnpm-lock.yaml", #""start": "next start""#, " && CI=true pnpm prune --prod\n"),
        (
            "yarn.lock", #""start": "node a.js""#,
            "\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --production --frozen-lockfile\n"
        ),
        ("package-lock.json", #""start": "tsx a.ts""#, nil), ("package-lock.json", #""start": "node --import tsx a.ts""#, nil),
        ("package-lock.json", #""start": "vite preview""#, nil),
        ("yarn.lock", #""start": "node a.js", "prepare": "husky""#, nil),
    ])
    func `they are gone once the build is done, unless the start needs them`(lock: String, start: String, line: String?) throws {
        let manifest =
            "{\"private\": true, \"scripts\": {\(start), \"build\": \"tsc\"}, \"dependencies\": {\"next\": \"15\"}, \"devDependencies\": {\"tsx\": \"4\", \"vite\": \"7\"}}"
        let files = ["package.json": manifest, lock: "", "src/a.ts": ""]
        guard let line else {
            #expect(!plan(files).files.contains { $0.text.contains("prune") || $0.text.contains("--production") })
            return
        }
        let text = try dockerfile(files)
        #expect(text.contains(" build" + line), "\(text)")
        let generated = files.merging(["package.json": manifest.replacing("\"next\"", with: "\"@prisma/client\": \"6\", \"next\"")]) { $1 }
        #expect(try dockerfile(generated).contains(line) == (lock == "package-lock.json"))
    }

    // MARK: Edits

    @Test func `an edited EXPOSE stays the owner's, changes nothing else, and is no drift`() throws {
        let files = package(#""start": "next start", "build": "next build""#)
        let written = try dockerfile(files)
        let edited = written.replacing("EXPOSE 3000", with: "EXPOSE 9000")
        #expect(edited != written)
        let again = plan(files.merging(["Dockerfile": edited, ".dockerignore": try dockerfile(files, at: ".dockerignore")]) { $1 })
        #expect(again.files.map(\.state) == [.unchanged, .unchanged])
        #expect(again.notes.contains { $0.contains("'image' was changed by hand") })
    }

    @Test func `what is said of a file is true of the place it goes to`() throws {
        let files = package(#""start": "next start", "build": "next build""#)
        let written = try dockerfile(files)
        var elsewhere = plan(files.merging(["Dockerfile": written, ".dockerignore": try dockerfile(files, at: ".dockerignore")]) { $1 })
        #expect(elsewhere.files.map(\.state) == [.unchanged, .unchanged])
        elsewhere.goes(into: RepositorySnapshot(["Dockerfile": "FROM x\n"]))
        #expect(elsewhere.files.map(\.state) == [.updated, .created])
        let edited = files.merging(["Dockerfile": written.replacing("EXPOSE 3000", with: "EXPOSE 9000"), ".nvmrc": "22\n"]) { $1 }
        #expect(plan(edited).files.first?.state == .merged)
    }

    @Test func `a diff has only lines that differ, in hunks that begin where they stand`() {
        let old = (1...30).map { "l\($0)\n" }.joined()
        let new = old.replacing("l5\n", with: "x5\n").replacing("l25\n", with: "x25\ny25\n")
        #expect(
            LineDiff.unified(old, new, path: "f")
                == "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n l2\n l3\n l4\n-l5\n+x5\n l6\n l7\n l8\n@@ -22,7 +22,8 @@\n l22\n l23\n l24\n-l25\n+x25\n+y25\n l26\n l27\n l28\n"
        )
        #expect(LineDiff.unified(nil, "a\n", path: "f") == "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n")
        #expect(LineDiff.unified("a\nb\n", "b\n", path: "f") == "--- a/f\n+++ b/f\n@@ -1,2 +1,1 @@\n-a\n b\n")
    }

    // MARK: Words

    @Test func `a version that no file names is said to be ours, and one without fixes is told`() throws {
        let files = package(#""start": "node a.js", "test": "x""#, #""x": "1""#)
        let repository = RepositorySnapshot(files)
        let ci = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        #expect(ci.files[0].text.contains("# because: no file names a version; 24 has long support\n      - name: Set up Node.js"))
        func report(_ files: [String: String]) -> String {
            GenerationReport(model: Detection.model(of: RepositorySnapshot(files)), isJSON: false, explains: false).repository()
        }
        #expect(report(files).contains("no version of JavaScript is named: 24 is taken, which has long support"))
        #expect(report(files).hasPrefix("3 files, 1 component\n"))
        #expect(
            report(files.merging([".nvmrc": "18\n"]) { $1 }).contains(
                "advice: Node.js 18 (because: .nvmrc:1) gets no more fixes; 22 and newer do"))
        #expect(
            report(["a.txt": ""]).contains("1 file, 0 components")
                && report(["a.txt": ""]).contains("deployment: none: no project was recognised"))
    }
}
