/// Whether what a recipe calls is there: on the runner, by the language's own set-up, by the project's packages, or by a pinned install.
enum RunnerTools {
    enum Verdict: Equatable {
        /// Commands that bring what is not there.
        case ready([String])
        /// Everything is there once the command runs through the package manager.
        case readyInEnvironment
        /// Nobody brings this program.
        case lacks(String)
        /// It would fail, or check nothing, for this reason.
        case useless(String)
    }

    static func verdict(_ recipe: Recipe, for purpose: ComponentCommand.Purpose, of component: Component, _ context: DetectionContext)
        -> Verdict
    {
        if let missing = missingPython(recipe, component, context) { return .lacks(missing) }
        if recipe.lines.contains(where: { $0.contains("setup.py test") }) {
            return .useless("it calls 'setup.py test', a command that setuptools no longer has")
        }
        if purpose == .lint, mends(recipe) { return .useless("it mends the sources, and finds nothing afterwards") }
        var installs: [String] = []
        var isInEnvironment = false
        let packages = Self.packages(of: component, context)
        let activates = recipe.lines.contains { $0.contains("activate") }
        // What these run lies in a folder that is not in the repository.
        if component.language.value != .node, recipe.programs.contains(where: ["npm", "npx"].contains),
            context.first(["package-lock.json"], in: component.path) != nil,
            !recipe.lines.contains(where: { $0.contains("npm ci") || $0.contains("npm i") })
        {
            installs.append("npm ci")
        }
        for program in recipe.programs {
            if activates || isThere(program, recipe, component, context) { continue }
            if packages.contains(program) {
                isInEnvironment = isInEnvironment || component.packageManager.value != .pip
                continue
            }
            if let install = install(program, component, context) {
                if !installs.contains(install) { installs.append(install) }
            } else if purpose != .test || isKnown(program) {
                return .lacks(program)
            }
        }
        return isInEnvironment && installs.isEmpty ? .readyInEnvironment : .ready(installs)
    }

    /// Every line of it writes what it finds into the sources.
    private static func mends(_ recipe: Recipe) -> Bool {
        let lines = recipe.lines.filter { line in !line.isEmpty && !["echo", "printf", "#"].contains(where: line.hasPrefix) }
        return !lines.isEmpty
            && lines.allSatisfy { line in
                let words = line.split(separator: " ")
                if words.contains(where: { $0.hasPrefix("--fix") || $0 == "--write" || $0.hasPrefix("--autocorrect") }) { return true }
                let formats = ["gofmt", "goimports", "gofumpt", "shfmt"].contains { name in words.contains { $0 == name } }
                return formats && words.contains("-w")
            }
    }

    /// A virtual environment that no line makes, or a Python of another version than the job's.
    private static func missingPython(_ recipe: Recipe, _ component: Component, _ context: DetectionContext) -> String? {
        let makes = recipe.lines.contains { line in
            ["-m venv", "virtualenv", "uv venv", "uv sync", "pdm venv"].contains(where: line.contains)
        }
        for line in recipe.lines {
            for word in line.split(whereSeparator: { " \t;&|()\"'=".contains($0) }) {
                let name = word.split(separator: "/").last ?? ""
                let version = name.dropFirst("python".count)
                if name.hasPrefix("python2") || name.hasPrefix("python3."), version.allSatisfy({ $0.isNumber || $0 == "." }) {
                    return String(name)
                }
                guard !makes, word.contains("bin/"), ["python", "python3", "pip", "pip3", "pytest", "activate"].contains(name),
                    let top = word.split(separator: "/").first, ["venv", ".venv", "env", ".env", "virtualenv", "ve"].contains(top),
                    !context.has(context.join(component.path, String(word)))
                else { continue }
                return String(word)
            }
        }
        return nil
    }

    /// Programs that the packages of a Python or Ruby project bring.
    private static func packages(of component: Component, _ context: DetectionContext) -> Set<String> {
        switch component.language.value {
        case .python: PythonEcosystem.declared(in: component.path, context)
        case .ruby: RubyEcosystem.declared(in: component.path, context).subtracting(["bundler", "rake"])
        default: []
        }
    }

    private static func isThere(_ program: String, _ recipe: Recipe, _ component: Component, _ context: DetectionContext) -> Bool {
        if runner.contains(program) || managers(component).contains(program) || isMade(program, by: recipe) { return true }
        guard program.contains("/") else { return false }
        let path = context.join(component.path, program.replacingFirst("./", ""))
        return context.has(path) || !isKnown(DetectionContext.name(of: program))
    }

    /// A target of its own, or a line that fetches it. What only tells people to install it brings nothing.
    private static func isMade(_ program: String, by recipe: Recipe) -> Bool {
        if recipe.targets.contains(program), program.contains("/") { return true }
        let name = DetectionContext.name(of: program)
        return recipe.lines.contains { line in
            // `go get` installs nothing since Go 1.18. Source: go.dev/doc/go-get-install-deprecation
            line.contains(name) && ["install", "go build", "curl ", "wget ", "download"].contains(where: line.contains)
                && !["echo", "printf", "error"].contains(where: line.contains)
        }
    }

    /// What the job's set-up steps bring beside the runner's own programs.
    private static func managers(_ component: Component) -> Set<String> {
        switch component.packageManager.value {
        case .uv: ["uv", "uvx"]
        case .poetry, .pipenv, .pdm, .pnpm, .deno: [component.packageManager.value.rawValue]
        case .bun: ["bun", "bunx"]
        case .mix: ["mix", "elixir", "iex", "rebar3"]
        case .meson: ["meson", "ninja"]
        case .autotools: ["autoconf", "automake", "autoreconf", "libtool"]
        default: []
        }
    }

    static func install(_ program: String, _ component: Component, _ context: DetectionContext) -> String? {
        switch component.packageManager.value {
        case .go:
            let usual = program == "golangci-lint" && hasOldSettings(component, context) ? oldLinter : go[program]
            let module = program == "golangci-lint" ? ownLinter(component, context) ?? usual : usual
            // The tool may be written for a newer Go than the project is.
            return module.map { "GOTOOLCHAIN=auto go install \($0)" }
        case .pip: return python[program].map { "python -m pip install \(program)==\($0)" }
        default: return nil
        }
    }

    /// The release that the Makefile names: `GOLANGCI_LINT_VERSION ?= v1.64.5`.
    private static func ownLinter(_ component: Component, _ context: DetectionContext) -> String? {
        guard let path = context.first(["GNUmakefile", "makefile", "Makefile"], in: component.path),
            let line = context.line(in: path, where: { $0.lowercased().contains("golangci") && release(in: $0) != nil }),
            let version = release(in: line.text[...])
        else { return nil }
        return version.hasPrefix("1.")
            ? "github.com/golangci/golangci-lint/cmd/golangci-lint@v\(version)"
            : "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v\(version)"
    }

    /// `1.64.5` of `… v1.64.5`.
    private static func release(in line: Substring) -> String? {
        let words = line.split { !($0.isASCII && ($0.isNumber || $0 == "." || $0 == "v")) }
        return words.lazy.map { $0.first == "v" ? String($0.dropFirst()) : String($0) }.first { word in
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        }
    }

    /// Settings of golangci-lint's first version are an error to its second.
    private static func hasOldSettings(_ component: Component, _ context: DetectionContext) -> Bool {
        guard let path = context.first([".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"], in: component.path) else {
            return false
        }
        return context.line(in: path, where: { $0.contains("version") && $0.contains("2") }) == nil
    }

    private static func isKnown(_ program: String) -> Bool { go[program] != nil || python[program] != nil || others.contains(program) }

    /// What names a version of golangci-lint; its first major version ended with 1.64, and older ones are not built by newer Go.
    static func golangci(major: Int, version: String) -> String? {
        switch major {
        case 1: "GOTOOLCHAIN=auto go install \(oldLinter)"
        case 2: "GOTOOLCHAIN=auto go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@\(version)"
        default: nil
        }
    }

    private static let oldLinter = "github.com/golangci/golangci-lint/cmd/golangci-lint@v1.64.8"

    /// Releases as of mid 2026; the module's checksum stands in Go's public log.
    private static let go = [
        "golangci-lint": "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2",
        "staticcheck": "honnef.co/go/tools/cmd/staticcheck@v0.7.0", "gofumpt": "mvdan.cc/gofumpt@v0.10.0",
        "goimports": "golang.org/x/tools/cmd/goimports@v0.45.0", "govulncheck": "golang.org/x/vuln/cmd/govulncheck@v1.2.0",
        "gotestsum": "gotest.tools/gotestsum@v1.13.0", "revive": "github.com/mgechev/revive@v1.15.0",
        "gosec": "github.com/securego/gosec/v2/cmd/gosec@v2.25.0", "errcheck": "github.com/kisielk/errcheck@v1.10.0",
        "golint": "golang.org/x/lint/golint@v0.0.0-20210508222113-6edffad5e616",
        "misspell": "github.com/client9/misspell/cmd/misspell@v0.3.4", "ineffassign": "github.com/gordonklaus/ineffassign@v0.1.0",
        "gocyclo": "github.com/fzipp/gocyclo/cmd/gocyclo@v0.6.0", "ginkgo": "github.com/onsi/ginkgo/v2/ginkgo@v2.30.0",
    ]

    /// Tools of Python with releases as of mid 2026.
    static let python = [
        "black": "26.10.1", "codespell": "2.4.3", "flake8": "7.5.0", "isort": "9.0.2", "mypy": "2.4.1", "nox": "2026.10.20",
        "pre-commit": "4.7.0", "pylint": "4.1.4", "pyright": "1.1.414", "pytest": "8.3.5", "ruff": "0.17.5", "tox": "4.67.13",
        "yapf": "0.43.0", "virtualenv": "21.15.11", "coverage": "7.17.5", "hatch": "1.18.2", "poethepoet": "0.49.0", "invoke": "3.0.3",
        "basedpyright": "1.40.2",
        "pytest-cov": "7.1.0", "pytest-xdist": "3.8.0", "pytest-asyncio": "1.5.0", "pytest-django": "4.14.0", "pytest-timeout": "2.4.0",
        "pytest-benchmark": "5.3.1", "pytest-mypy": "1.1.0", "pytest-rerunfailures": "16.7", "pytest-random-order": "1.2.0",
        "pytest-doctestplus": "1.7.1", "pytest-html": "4.2.0", "pytest-flake8": "1.3.0", "pytest-black": "0.6.0", "pytest-ruff": "0.5",
    ]

    /// `poetry==2.1.4`; the bare name of what is not in a table.
    static func pinned(_ package: String) -> String {
        let managers = ["poetry": "2.1.4", "pdm": "2.29.4", "pipenv": "2026.10.3", "uv": "0.13.9"]
        return (managers[package] ?? python[package]).map { "\(package)==\($0)" } ?? package
    }

    /// Further programs that no runner has.
    private static let others: Set<String> = [
        "actionlint", "bats", "buf", "buildifier", "cargo-deny", "cppcheck", "dprint", "eslint", "gci", "hadolint", "just", "mage",
        "markdownlint", "markdownlint-cli2", "mockgen", "phpcs", "phpstan", "phpunit", "prettier", "protoc", "pyflakes", "rubocop",
        "semgrep",
        "shfmt", "swiftformat", "swiftlint", "task", "taplo", "terraform", "typos", "uv", "uvx", "poetry", "pdm", "pipenv", "vale", "vint",
    ]

    /// Brings the runner of the recipes themselves.
    static let taskRunners = ["just": "pipx install rust-just==1.59.0", "task": "pipx install go-task-bin==3.54.0"]

    /// Programs of ubuntu-24.04 that recipes call. Source: github.com/actions/runner-images (Ubuntu2404-Readme.md)
    private static let runner: Set<String> = [
        "[", "[[", ".", ":", "alias", "ar", "awk", "base64", "basename", "bash", "bc", "break", "bzip2", "c++", "cat", "cc", "cd", "chmod",
        "clang", "clang++", "clang-format", "clang-tidy", "cmake", "cmp", "column", "comm", "continue", "cp", "cpp", "ctest", "curl", "cut",
        "date", "dd", "df", "diff", "dirname", "du", "echo", "egrep", "eval", "exit", "export", "expr", "false", "fgrep", "file", "find",
        "g++", "gawk", "gcc", "gem", "getopt", "gh", "git", "gofmt", "go", "grep", "gunzip", "gzip", "hash", "head", "hostname", "id",
        "install", "java", "javac", "jq", "kill", "ld", "less", "ln", "local", "ls", "m4", "make", "md5sum", "mkdir", "mktemp", "mv", "nc",
        "ninja", "nm", "node", "npm", "npx", "nproc", "objdump", "openssl", "parallel", "patch", "perl", "php", "composer", "pip", "pip3",
        "pipx", "pkg-config", "popd", "printf", "ps", "pushd", "pwd", "python", "python3", "read", "readlink", "realpath", "return", "rg",
        "rm", "rmdir", "rsync", "ruby", "bundle", "rake", "rustup", "cargo", "rustc", "rustfmt", "sed", "seq", "set", "sh", "sha1sum",
        "sha256sum", "shasum", "shellcheck", "shift", "shopt", "sleep", "sort", "source", "ssh", "stat", "strip", "swift", "tail", "tar",
        "tee", "test", "touch", "tr", "trap", "tree", "true", "type", "ulimit", "umask", "uname", "uniq", "unset", "unzip", "valgrind",
        "wait", "wc", "wget", "which", "whoami", "xargs", "xz", "yamllint", "yarn", "yes", "yq", "zip", "dotnet", "mvn", "gradle", "ant",
        "kotlinc", "env", "prove",
    ]
}
