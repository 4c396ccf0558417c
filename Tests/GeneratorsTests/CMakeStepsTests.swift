import Testing

@testable import Generators

/// What CMake's files say of tests is what a job runs.
@Suite struct CMakeStepsTests {
    private func component(_ files: [String: String]) throws -> Component {
        try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
    }

    @Test(arguments: [
        "add_test(NAME x COMMAND x)", "enable_testing ()", "  include(CTest)", "gtest_discover_tests(x)", "catch_discover_tests(x)",
        "doctest_discover_tests(x)",
    ])
    func `ctest runs where a test is made known to it`(line: String) throws {
        let files = ["CMakeLists.txt": "project(x)\nadd_subdirectory(tests)\n", "tests/CMakeLists.txt": line + "\n", "a.cpp": ""]
        #expect(
            try component(files).commands(.test) == [
                ComponentCommand(.test, "ctest --test-dir build --output-on-failure", Evidence("tests/CMakeLists.txt", 1))
            ])
    }

    @Test func `where none is, what builds and runs them is asked for, or nothing is and a note says so`() throws {
        let files = [
            "CMakeLists.txt": "project(x)\n# enable_testing()\n", "tests/CMakeLists.txt": "add_custom_target(${name})\n", "a.c": "",
        ]
        #expect(try component(files).commands(.test) == [])
        let repository = RepositorySnapshot(files)
        let plan = GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
        #expect(plan.notes.contains { $0.hasPrefix("no test is run for C") }, "\(plan.notes)")
        let target = files.merging(["tests/CMakeLists.txt": "add_custom_target(test-ci DEPENDS a)\n"]) { $1 }
        #expect(
            try component(target).commands(.test) == [
                ComponentCommand(.test, "cmake --build build --target test-ci", Evidence("tests/CMakeLists.txt", 1))
            ])
    }

    @Test func `an option that is off and stands around the tests is turned on, and no other`() throws {
        let text =
            "option(X_DEVELOPMENT \"Dev\" OFF)\noption(X_OTHER \"o\" OFF)\nproject(x)\nif(X_OTHER)\n  foo()\nendif()\nif (X_DEVELOPMENT)\n  include(CTest)\nendif()\n"
        let files = ["CMakeLists.txt": text, "a.cpp": ""]
        #expect(
            try component(files).commands(.build).first
                == ComponentCommand(
                    .build, "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DX_DEVELOPMENT=ON", Evidence("CMakeLists.txt", 1)))
        for condition in ["NOT X_DEVELOPMENT", "X_DEVELOPMENT AND WIN32", "X_UNKNOWN"] {
            let other = ["CMakeLists.txt": text.replacing("if (X_DEVELOPMENT)", with: "if(\(condition))"), "a.cpp": ""]
            #expect(try component(other).commands(.build).first?.line == "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release")
        }
    }

    @Test func `a recipe that asks for no package is no need of the build`() throws {
        let files = ["CMakeLists.txt": "project(x)\nenable_testing()\n", "a.cpp": ""]
        let recipe = "required_conan_version = '>=1.53'\nfrom conan.tools.cmake import CMakeToolchain\n    # it requires (C++14)\n"
        #expect(try component(files.merging(["conanfile.py": recipe]) { $1 }).commands(.install) == [])
        let need = recipe + "    def requirements(self):\n        self.requires('zlib/1.3')\n"
        #expect(try component(files.merging(["conanfile.py": need]) { $1 }).commands(.install).count == 3)
    }

    @Test func `a plain preset of the owner's with tests configures the build`() throws {
        let files = ["CMakeLists.txt": "project(x)\nenable_testing()\n", "a.cpp": ""]
        func configure(_ preset: String) throws -> String? {
            let presets =
                "{\"version\": 3, \"configurePresets\": [\n{\"name\": \"base\", \"hidden\": true, \"generator\": \"Ninja\"}, \(preset)]}"
            return try component(files.merging(["CMakePresets.json": presets]) { $1 }).commands(.build).first?.line
        }
        let ours = "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release"
        #expect(
            try configure(#"{"name": "basic-tests", "inherits": "base", "cacheVariables": {"X": "ON"}}"#)
                == "cmake -S . -B build --preset basic-tests")
        #expect(try configure(#"{"name": "release"}"#) == ours)
        #expect(try configure(#"{"name": "ci-windows", "condition": {"type": "x"}}"#) == ours)
        #expect(try configure(#"{"name": "dev", "cacheVariables": {"CMAKE_CXX_CLANG_TIDY": "clang-tidy"}}"#) == ours)
        #expect(try configure(#"{"name": "dev", "inherits": ["missing"]}"#) == ours)
        #expect(try configure(#"{"name": "dev", "inherits": "dev"}"#) == ours)
    }
}
