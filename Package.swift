// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // The shims ask glibc for its GNU names; the toolchain's own C modules must see the same declarations, or `fd_set` has two shapes.
    .unsafeFlags(["-Xcc", "-D_GNU_SOURCE=1"]),
]

/// For a program that starts in less than 10 ms: the toolchain's own linker, relocations in a form that is read at once, no names for
/// others to look up, and the C++ library inside (`scripts/setup` lays it there; without it the shared one is taken).
let linking = [
    "-use-ld=lld", "-L", Context.packageDirectory + "/.build/static",
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=safe",
]

/// A C library from Debian: header-only shim, link flags from pkg-config.
func library(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "fettle",
    products: [.executable(name: "fettle", targets: ["fettle"])],
    targets: [
        // L0: system libraries. Each is imported by exactly one module.
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CGit2", pkgConfig: "libgit2", apt: "libgit2-dev"),
        library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        library("CExpat", pkgConfig: "expat", apt: "libexpat1-dev"),
        library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        library("CLZ4", pkgConfig: "liblz4", apt: "liblz4-dev"),
        library("CPostgreSQL", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CLinux", apt: "libc6-dev"),

        // L1: clock, ids, retry, logging, Secret, JSON. No domain word.
        module("Basics", []),

        // L2: one family of outside things each.
        // Requests and responses as values, the libcurl client, the libmicrohttpd server, the router.
        module("HTTP", ["Basics", "CCurl", "CMicroHTTPD", "CLinux"]),
        // HMAC, hashes, signed tokens, key files, random bytes.
        module("Crypto", ["Basics", "COpenSSL"]),
        // Unified diffs, YAML with line numbers, XML events, patterns with limits, ANSI.
        module("Text", ["Basics", "CYAML", "CPCRE2", "CExpat"]),
        // The database port, SQLite, PostgreSQL, migrations.
        module("Storage", ["Basics", "CSQLite", "CLZ4", "CPostgreSQL", "CLinux"]),

        // Child processes: argv, clean environment, deadline, output cap.
        module("Subprocess", ["Basics", "CLinux"]),
        // Reads of repositories over libgit2 and the git command line; clone and fetch.
        module("Git", ["Basics", "Subprocess", "CGit2", "CLinux"]),

        // L3: words and ports, no I/O.
        // Pull requests, check runs, events; what a forge can do.
        module("Forge", ["Basics", "HTTP", "Text"]),
        // Messages, replies, usage; what a language model can do.
        module("LLM", ["Basics"]),

        // L4: policy and adapters.
        // Redaction, output hygiene, verdicts. The only maker of prompts and publishable text.
        module("Policy", ["Basics", "Text", "Forge", "LLM"]),
        // GitHub, Gitea and Forgejo: credentials, paging, rate limits, dialects.
        module("ForgeClients", ["Basics", "HTTP", "Crypto", "Text", "Forge"]),

        // A cluster's API read and written directly: pods, logs, events, Tekton's runs, server-side apply.
        module("Kubernetes", ["Basics", "HTTP", "Text"]),

        // OpenAI-compatible servers and Anthropic, in at most three requests and one deadline.
        module("LLMClients", ["Basics", "HTTP", "LLM"]),

        // Messages to people: Slack, and any receiver of a signed document.
        module("Notifiers", ["Basics", "HTTP", "Crypto", "Forge"]),

        // L5: features: values in, verdicts out.
        // Which tests matter for a change, in what order, and why.
        module("TestSelection", ["Basics", "Text"]),
        // A linter for workflow files: structure, expressions, security.
        module("WorkflowLint", ["Basics", "Text"]),
        // A repository's model from evidence, and the files rendered from it.
        module("Generators", ["Basics", "Crypto", "Text"]),
        // Findings on a change: rules, model, anchors, what to publish.
        module("Review", ["Basics", "Text", "Forge", "LLM", "Policy"]),

        // The life of a preview environment, what runs it, and where it answers.
        module("Previews", ["Basics", "Crypto", "Text", "Storage", "Subprocess", "Forge", "Kubernetes"]),
        // Excerpts, fingerprints, classes, reports and the life of an incident.
        module("FailureAnalysis", ["Basics", "Crypto", "Text", "Forge", "LLM", "Policy"]),

        // L6: the durable queue, and one file per kind of work.
        module(
            "Jobs",
            [
                "Basics", "Crypto", "Git", "Text", "Storage", "Forge", "LLM", "Policy", "Kubernetes", "Notifiers", "Review", "WorkflowLint",
                "FailureAnalysis", "Generators", "Previews", "TestSelection",
            ]),

        // L7: front doors.
        // A GitHub- and Gitea-shaped forge in memory, for the demo, end-to-end tests and crash runs.
        module("SandboxForge", ["Basics", "HTTP", "Crypto", "Forge"]),
        // Verification, inbox, answers; one pure handler per event.
        module("Webhooks", ["Basics", "HTTP", "Crypto", "Forge", "Kubernetes", "Jobs"]),
        // Pages and the read-only API over the queue's tables.
        module("Dashboard", ["Basics", "HTTP", "Storage", "Forge", "Previews", "Jobs"]),

        // L8: commands, configuration, wiring. The only place that names adapters.
        .executableTarget(
            name: "fettle",
            dependencies: [
                "Basics",
                "HTTP",
                "Crypto",
                "Git",
                "Text",
                "Storage",
                "Subprocess",
                "Forge",
                "LLM",
                "Policy",
                "ForgeClients",
                "LLMClients",
                "Kubernetes",
                "Notifiers",
                "TestSelection",
                "WorkflowLint",
                "FailureAnalysis",
                "Review",
                "Previews",
                "Jobs",
                "Webhooks",
                "Dashboard",
                "SandboxForge",
                "Generators",
            ],
            exclude: ["README.md"],
            swiftSettings: settings,
            linkerSettings: [.unsafeFlags(linking)]),

        // Measures the review engine for `make bench-review`; not part of the product.
        .executableTarget(
            name: "review-bench", dependencies: ["Review", "Policy", "Forge", "LLM", "Text", "Basics"], path: "Benchmarks/review/Harness",
            swiftSettings: settings),

        // Runs no-op jobs through the queue for `make bench-queue`; not part of the product.
        .executableTarget(
            name: "queue-bench", dependencies: ["Jobs", "Storage", "Basics"], path: "Benchmarks/queue/Harness", swiftSettings: settings),

        // Tests. TestSupport holds one fake per port.
        .target(
            name: "TestSupport", dependencies: ["Basics", "HTTP", "Storage", "Subprocess", "Forge", "LLM", "CLinux"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("HTTPTests", ["HTTP", "Basics", "TestSupport"]),
        tests("BasicsTests", ["Basics", "TestSupport"]),
        tests("GeneratorsTests", ["Generators", "WorkflowLint", "Text", "Basics", "TestSupport"]),
        tests("WorkflowLintTests", ["WorkflowLint", "Text", "Basics", "TestSupport"]),
        tests("ReviewTests", ["Review", "Policy", "Basics", "Text", "Forge", "LLM", "TestSupport"]),
        tests("LLMTests", ["LLM", "Basics", "TestSupport"]),
        // Previews over a sandbox forge, a database and a driver that remembers its calls.
        tests(
            "PreviewFlowTests",
            [
                "Basics", "HTTP", "Crypto", "Git", "Subprocess", "Storage", "Forge", "ForgeClients", "Policy", "Previews", "Jobs",
                "Dashboard", "SandboxForge", "TestSupport",
            ]),
        tests("PreviewsTests", ["Previews", "Kubernetes", "HTTP", "Storage", "Subprocess", "Forge", "Text", "Basics", "TestSupport"]),
        tests("PolicyTests", ["Policy", "Basics", "Text", "Forge", "LLM", "TestSupport"]),
        tests("SubprocessTests", ["Subprocess", "Basics", "TestSupport"]),
        tests("GitTests", ["Git", "Subprocess", "Basics", "TestSupport"]),
        tests(
            "ConformanceTests",
            ["Basics", "HTTP", "Crypto", "Text", "Storage", "Forge", "ForgeClients", "SandboxForge", "TestSupport"]),
        tests("StorageTests", ["Basics", "Storage", "TestSupport"]),
        tests(
            "JobsTests",
            ["Basics", "Crypto", "Text", "Storage", "Forge", "LLM", "Policy", "Review", "FailureAnalysis", "Jobs", "TestSupport"]),
        // The real binary, killed at the worst moments.
        tests("CrashTests", ["fettle", "Basics", "HTTP", "Crypto", "Storage", "Forge", "Jobs", "SandboxForge", "TestSupport"]),
        tests(
            "WebhooksTests",
            ["Basics", "HTTP", "Crypto", "Storage", "Forge", "ForgeClients", "Kubernetes", "Jobs", "Webhooks", "TestSupport"]),
        tests("DashboardTests", ["Basics", "HTTP", "Storage", "Jobs", "Dashboard", "TestSupport"]),
        tests("CryptoTests", ["Basics", "Crypto", "TestSupport"]),
        tests("SandboxForgeTests", ["Basics", "HTTP", "Text", "Forge", "ForgeClients", "SandboxForge", "TestSupport"]),
        tests("ForgeClientsTests", ["Basics", "HTTP", "Crypto", "Text", "Forge", "ForgeClients", "TestSupport"]),
        tests("TextTests", ["Text", "Basics", "TestSupport"]),
        tests("TestSelectionTests", ["TestSelection", "Text", "Basics", "TestSupport"]),
        tests("KubernetesTests", ["Basics", "HTTP", "Kubernetes", "TestSupport"]),
        tests("LLMClientsTests", ["Basics", "HTTP", "LLM", "LLMClients", "TestSupport"]),
        tests("FailureAnalysisTests", ["FailureAnalysis", "Forge", "Policy", "LLM", "Text", "Basics", "TestSupport"]),
        tests("NotifiersTests", ["Notifiers", "Basics", "HTTP", "Crypto", "Forge", "TestSupport"]),
        tests("HouseTests", ["TestSupport"]),
        tests(
            "FettleTests",
            [
                "fettle", "Basics", "HTTP", "Crypto", "Text", "Storage", "Forge", "ForgeClients", "LLM", "Review", "Jobs", "SandboxForge",
                "TestSelection", "Webhooks", "Kubernetes", "Previews", "TestSupport",
            ]),
        tests(
            "EndToEndTests",
            [
                "fettle", "Basics", "HTTP", "Crypto", "Storage", "Forge", "Policy", "ForgeClients", "Kubernetes", "FailureAnalysis",
                "Review", "Jobs", "Webhooks", "SandboxForge", "Subprocess", "TestSelection", "TestSupport",
            ]),
    ]
)

// One suite and what it stands on: the sanitizers need not build the rest. `FETTLE_TEST_TARGET=HTTPTests swift test`
if let only = Context.environment["FETTLE_TEST_TARGET"] {
    var needed: Set<String> = []
    var open = [only]
    while let name = open.popLast() {
        guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { continue }
        for case .byNameItem(let dependency, _) in target.dependencies { open.append(dependency) }
    }
    package.products = []
    package.targets.removeAll { !needed.contains($0.name) }
}
