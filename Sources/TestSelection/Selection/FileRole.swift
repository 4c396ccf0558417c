/// What a file is to the tests, by its name: decides which hard rule it falls under.
enum FileRole: Sendable, Hashable {
    case test
    case code
    /// Prose that no program reads.
    case documentation
    case lockFile, toolchain, continuousIntegration, build, testSetup
    case vendored, generated
    /// Read by programs or tests: JSON, CSV, snapshots, templates.
    case data
    /// We cannot tell.
    case unknown

    /// `text` is the file's content, where it is at hand.
    init(_ path: String, text: [UInt8] = []) {
        let name = String(FileName.last(path)).lowercased()
        let folders = FileName.folders(path).map { $0.lowercased() }
        let ending = FileName.fileExtension(path)
        if !Self.vendorFolders.isDisjoint(with: folders) {
            self = .vendored
        } else if Self.lockFiles.contains(name) || ending == "lock" || ending == "lockfile" {
            self = .lockFile
        } else if Self.toolchainFiles.contains(name) || path.lowercased().contains("gradle/wrapper/") {
            self = .toolchain
        } else if Self.isContinuousIntegration(path.lowercased(), name) {
            self = .continuousIntegration
        } else if Self.buildFiles.contains(name) || Self.buildEndings.contains(ending) || Self.isBuildConfiguration(name) {
            self = .build
        } else if Self.setupFiles.contains(name) {
            self = .testSetup
        } else if Self.isGenerated(folders, name, text) {
            self = .generated
        } else if TestFiles.isTest(path) {
            self = .test
        } else if Self.codeEndings.contains(ending) {
            self = .code
        } else if Self.isDocumentation(name, ending) {
            self = .documentation
        } else {
            self = Self.dataEndings.contains(ending) ? .data : .unknown
        }
    }

    /// A file of a language we know, whatever else it is.
    static func isCode(_ path: String) -> Bool { codeEndings.contains(FileName.fileExtension(path)) }

    private static let vendorFolders: Set<String> = [
        "vendor", "third_party", "thirdparty", "third-party", "node_modules", "external", "deps", "pods",
    ]
    private static let lockFiles: Set<String> = [
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "poetry.lock", "pdm.lock", "uv.lock",
        "pipfile.lock", "cargo.lock", "gemfile.lock", "composer.lock", "go.sum", "package.resolved", "packages.lock.json",
        "gradle.lockfile",
        "mix.lock", "pubspec.lock", "podfile.lock", "conan.lock", "flake.lock", "requirements.txt", "constraints.txt",
    ]
    private static let toolchainFiles: Set<String> = [
        ".swift-version", ".python-version", ".ruby-version", ".node-version", ".nvmrc", ".java-version", ".tool-versions",
        "rust-toolchain",
        "rust-toolchain.toml", "global.json", ".sdkmanrc", "mise.toml", ".mise.toml", ".go-version", "gradle-wrapper.properties",
        "maven-wrapper.properties", "runtime.txt", ".terraform-version",
    ]
    private static let buildFiles: Set<String> = [
        "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.properties", "package.swift",
        "cmakelists.txt", "makefile", "gnumakefile", "meson.build", "build", "build.bazel", "workspace", "module.bazel", "pyproject.toml",
        "setup.py", "setup.cfg", "tox.ini", "noxfile.py", "package.json", "tsconfig.json", "cargo.toml", "build.rs", "go.mod", "go.work",
        "gemfile", "rakefile", "composer.json", "directory.build.props", "directory.build.targets", "nuget.config", "dockerfile",
        "build.xml",
        "ivy.xml", "build.sbt", "mix.exs", "dune", "dune-project", "configure.ac", "makefile.am", "pipfile", "manifest.in", "justfile",
        "docker-compose.yml", "compose.yaml", "compose.yml", ".fettle.yml", ".gitattributes", ".gitmodules", ".env", "environment.yml",
        "lerna.json", "nx.json", "turbo.json", "babel.config.json", ".babelrc", ".swcrc", "pytest.ini", "phpunit.xml", "phpunit.xml.dist",
    ]
    private static let buildEndings: Set<String> = [
        "csproj", "fsproj", "vbproj", "sln", "props", "targets", "gradle", "cmake", "bazel", "bzl", "gemspec", "podspec", "cabal", "mk",
        "nix",
        "xcconfig", "pbxproj", "modulemap",
    ]
    private static let setupFiles: Set<String> = [
        "conftest.py", "spec_helper.rb", "rails_helper.rb", "test_helper.rb", "jest.setup.js", "jest.setup.ts", "setuptests.js",
        "setuptests.ts",
        "vitest.setup.ts", "testmain.go", "main_test.go", "bootstrap.php",
    ]
    private static let codeEndings: Set<String> = [
        "swift", "py", "pyx", "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "go", "java", "kt", "kts", "scala",
        "groovy", "rs", "rb", "cs", "fs", "vb", "php", "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "hxx", "m", "mm", "dart", "ex", "exs",
    ]
    private static let dataEndings: Set<String> = [
        "json", "yaml", "yml", "toml", "xml", "csv", "tsv", "txt", "sql", "html", "htm", "css", "scss", "properties", "ini", "conf", "cfg",
        "tmpl", "template", "tpl", "jinja", "j2", "snap", "golden", "out", "expected", "in", "proto", "graphql", "xsd", "xsl", "ejs", "hbs",
        "mustache", "erb", "jsonl", "ndjson", "log", "env", "svg", "plist", "strings", "po", "dtd",
    ]

    private static func isContinuousIntegration(_ path: String, _ name: String) -> Bool {
        let folders = [
            ".github/workflows/", ".github/actions/", ".gitea/workflows/", ".forgejo/workflows/", ".circleci/", ".buildkite/", ".ci/",
            ".tekton/",
        ]
        let files: Set<String> = [
            ".gitlab-ci.yml", ".travis.yml", "jenkinsfile", "azure-pipelines.yml", "appveyor.yml", ".appveyor.yml",
            "bitbucket-pipelines.yml",
            "cloudbuild.yaml", ".cirrus.yml", ".drone.yml", ".woodpecker.yml", "codecov.yml",
        ]
        return files.contains(name) || folders.contains { path.hasPrefix($0) || path.contains("/" + $0) }
    }

    private static func isBuildConfiguration(_ name: String) -> Bool {
        let tools = [
            "jest.config.", "vitest.config.", "vite.config.", "webpack.config.", "rollup.config.", "babel.config.", "tsconfig.",
            "karma.conf.", ".mocharc", "playwright.config.", "cypress.config.", "dockerfile.", "requirements-", "requirements_",
        ]
        return tools.contains { name.hasPrefix($0) }
    }

    private static func isGenerated(_ folders: [String], _ name: String, _ text: [UInt8]) -> Bool {
        if folders.contains("generated") || folders.contains("__generated__") || name.contains(".pb.") || name.contains("_pb2") {
            return true
        }
        if name.contains(".generated.") || name.hasSuffix(".g.dart") || name.hasSuffix(".g.cs") { return true }
        let head = String(decoding: text.prefix(400), as: UTF8.self)
        return head.contains("@generated") || head.contains("DO NOT EDIT") || head.contains("<auto-generated")
    }

    private static func isDocumentation(_ name: String, _ ending: String) -> Bool {
        if ["md", "markdown", "rst", "adoc", "asciidoc", "mdx"].contains(ending) { return true }
        let known = [
            "license", "licence", "notice", "authors", "changelog", "changes", "codeowners", "contributors", ".gitignore", ".editorconfig",
            ".mailmap",
        ]
        return known.contains(name) || known.contains { name == $0 + ".txt" }
    }
}
