/// Which files hold tests, by the conventions of each language's runners.
///
/// Sources: Surefire (maven.apache.org, inclusions), docs.pytest.org (conventions), pkg.go.dev/cmd/go (test), jestjs.io (testMatch),
/// rspec.info, docs.phpunit.de, doc.rust-lang.org/cargo (tests), swift.org (SwiftPM layout), google.github.io/googletest.
package enum TestFiles {
    package static func isTest(_ path: String) -> Bool {
        let stem = FileName.stem(path)
        let folders = Set(FileName.folders(path).map { $0.lowercased() })
        let inTests = !folders.isDisjoint(with: testFolders)
        switch FileName.fileExtension(path) {
        case "java", "kt", "groovy", "scala": return inTests && isJVMName(stem)
        case "py": return stem.hasPrefix("test_") || stem.hasSuffix("_test") || (inTests && (stem == "tests" || stem == "test"))
        case "go": return stem.hasSuffix("_test")
        case "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue":
            return hasSuffix(stem, [".test", ".spec", "-test", "_test", "-spec"])
                || (inTests && !isSupport(path, folders) && !stem.hasSuffix(".d"))
        case "swift": return inTests && hasSuffix(stem, ["Tests", "Test", "Spec"])
        case "rs": return folders.contains("tests") && !folders.contains("common") || stem == "tests" || stem.hasSuffix("_test")
        case "rb": return hasSuffix(stem, ["_spec", "_test"]) || (inTests && stem.hasPrefix("test_"))
        case "cs", "fs", "vb": return hasSuffix(stem, ["Tests", "Test", "Specs", "Spec", "Fixture"])
        case "php": return hasSuffix(stem, ["Test", "Cest"]) || (inTests && stem.hasSuffix("Spec"))
        case "phpt", "bats": return true
        case "c", "cc", "cpp", "cxx", "m", "mm":
            return hasSuffix(stem, ["_test", "_tests", "_unittest", "Test", "Tests"]) || stem.hasPrefix("test_") || stem.hasPrefix("test-")
                || (inTests && stem.lowercased().hasPrefix("test"))
        case "ex", "exs": return stem.hasSuffix("_test")
        case "dart": return stem.hasSuffix("_test")
        default: return false
        }
    }

    private static let testFolders: Set<String> = ["test", "tests", "spec", "specs", "__tests__", "testing", "unittests"]

    private static func isJVMName(_ stem: String) -> Bool {
        if hasSuffix(stem, ["Test", "Tests", "TestCase", "IT", "Spec", "Suite"]) { return true }
        guard stem.hasPrefix("Test"), let next = stem.dropFirst(4).first else { return false }
        return next.isUppercase || next.isNumber
    }

    private static func hasSuffix(_ stem: String, _ suffixes: [String]) -> Bool { suffixes.contains { stem.hasSuffix($0) } }

    /// What JavaScript projects keep beside tests that is none.
    private static func isSupport(_ path: String, _ folders: Set<String>) -> Bool {
        let support: Set<String> = [
            "fixtures", "__fixtures__", "fixture", "helpers", "support", "mocks", "__mocks__", "utils", "data", "snapshots",
        ]
        return !folders.isDisjoint(with: support)
            || ["setup", "helper", "helpers", "utils", "index", "common"].contains(FileName.stem(path))
    }
}
