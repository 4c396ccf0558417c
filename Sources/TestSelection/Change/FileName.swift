/// What a path says by itself.
enum FileName {
    /// The last component.
    static func last(_ path: String) -> Substring {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: 47) else { return path[...] }
        let after = bytes.index(after: slash)
        return after == bytes.endIndex ? bytes.split(separator: 47).last.map { Substring($0) } ?? "" : path[after...]
    }

    /// The last component up to its last dot.
    static func stem(_ path: String) -> String {
        let name = last(path)
        guard let dot = name.utf8.lastIndex(of: 46), dot != name.startIndex else { return String(name) }
        return String(name[..<dot])
    }

    /// Lower case, without the dot; empty when there is none.
    static func fileExtension(_ path: String) -> String {
        let name = last(path)
        guard let dot = name.utf8.lastIndex(of: 46), dot != name.startIndex else { return "" }
        return name[name.utf8.index(after: dot)...].lowercased()
    }

    static func folders(_ path: String) -> [Substring] { path.utf8.split(separator: 47).dropLast().map { Substring($0) } }

    /// What a test file is named after: `NumberUtilsTest`, `test_number_utils`, `number-utils.spec` without what marks them as tests.
    static func testedStem(_ path: String) -> String {
        var stem = stem(path)[...]
        for prefix in ["Test_", "test_", "test-"] where stem.hasPrefix(prefix) { stem = stem.dropFirst(prefix.count) }
        if stem.hasPrefix("Test"), let next = stem.dropFirst(4).first, next.isUppercase || next.isNumber { stem = stem.dropFirst(4) }
        for suffix in [
            "_unittest", "_test", "_tests", "_spec", "-test", "-spec", ".test", ".spec", "TestCase", "Tests", "Test", "Spec", "IT",
        ]
        where stem.hasSuffix(suffix) && stem.count > suffix.count {
            return String(stem.dropLast(suffix.count))
        }
        return String(stem)
    }
}
