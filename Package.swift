// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
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
        library("CPostgreSQL", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CLinux", apt: "libc6-dev"),

        // L1: clock, ids, retry, logging, Secret, JSON. No domain word.
        module("Basics", []),

        // L2: one family of outside things each.
        // Requests and responses as values, the libcurl client, the libmicrohttpd server, the router.
        module("HTTP", ["Basics", "CCurl", "CMicroHTTPD", "CLinux"]),
        // Unified diffs, YAML with line numbers, XML events, patterns with limits, ANSI.
        module("Text", ["Basics", "CYAML", "CPCRE2", "CExpat"]),
        // The database port, SQLite, PostgreSQL, migrations.
        module("Storage", ["Basics", "CSQLite", "CPostgreSQL", "CLinux"]),

        // L3: words and ports, no I/O.
        // Pull requests, check runs, events; what a forge can do.
        module("Forge", ["Basics", "HTTP", "Text"]),
        // Messages, replies, usage; what a language model can do.
        module("LLM", ["Basics"]),

        // L4: policy and adapters.

        // L5: features: values in, verdicts out.

        // Excerpts, fingerprints, classes, reports and the life of an incident.
        module("FailureAnalysis", ["Basics", "Text", "Forge", "LLM"]),

        // L7: front doors.

        // L8: commands, configuration, wiring. The only place that names adapters.
        .executableTarget(
            name: "fettle",
            dependencies: [
                "Basics", "HTTP", "Text", "Storage", "Forge", "LLM", "FailureAnalysis",
            ],
            exclude: ["README.md"],
            swiftSettings: settings),

        // Tests. TestSupport holds one fake per port.
        .target(
            name: "TestSupport", dependencies: ["Basics", "HTTP", "Storage", "Forge", "LLM"], path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("BasicsTests", ["Basics", "TestSupport"]),
        tests("TextTests", ["Text", "Basics", "TestSupport"]),
        tests("FailureAnalysisTests", ["FailureAnalysis", "Text", "Basics", "TestSupport"]),
        tests("FettleTests", ["fettle", "Basics", "TestSupport"]),
    ]
)
