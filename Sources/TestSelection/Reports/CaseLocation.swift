/// Finds the file a reported case stands in.
package struct CaseLocation: Sendable {
    private let tests: Set<String>
    /// Path without extension, and its ends at each folder, to the paths that end so.
    private var bySuffix: [String: [String]] = [:]
    private var byFolder: [String: [String]] = [:]
    private var byStem: [String: [String]] = [:]
    private let titles: CaseTitles
    private static let mostTwins = 8

    /// - Parameters:
    ///   - tests: all test files of the repository.
    ///   - texts: their content, to find by their titles what a report gives no file or class for; may be empty.
    package init(tests: [String], texts: [(path: String, text: [UInt8])] = []) {
        self.tests = Set(tests)
        titles = CaseTitles(texts)
        for path in tests.sorted() {
            let folders = FileName.folders(path).map(String.init)
            let stem = FileName.stem(path)
            byStem[stem, default: []].append(path)
            for start in 0...folders.count { bySuffix[(folders[start...] + [stem]).joined(separator: "/"), default: []].append(path) }
            for start in 0..<folders.count where FileName.fileExtension(path) == "go" {
                byFolder[folders[start...].joined(separator: "/"), default: []].append(path)
            }
        }
    }

    var all: [String] { tests.sorted() }
    func holds(_ path: String) -> Bool { tests.contains(path) }

    /// The files of the case: one, all test files of a Go package, or the few that fit equally; empty when nothing fits.
    package func files(of reported: ReportedCase) -> [String] {
        if let file = reported.file.map(Self.normal), let found = known(file) { return [found] }
        // Node names the process of a file that crashed or hung by the file's path. Source: nodejs.org/api/test.html
        if reported.name.contains("/"), let found = known(Self.normal(reported.name)) { return [found] }
        for words in [Self.split(reported.group, on: "."), Self.split(reported.group, on: "\\"), Self.split(reported.group, on: "/")] {
            if let found = longestMatch(words) { return [found] }
        }
        let package = goPackage(reported.group)
        guard package.isEmpty else { return package }
        return titles.file(of: reported).map { [$0] } ?? twins(reported.group)
    }

    private static func normal(_ path: String) -> String {
        path.replacing("\\", with: "/").split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    private static func split(_ group: String, on separator: Character) -> [String] {
        group.split(separator: separator).map { String($0.prefix { $0 != "$" }) }
    }

    /// As given, or by an absolute path's end.
    private func known(_ file: String) -> String? {
        if tests.contains(file) { return file }
        let parts = file.split(separator: "/")
        for start in parts.indices.dropFirst() {
            let end = parts[start...].joined(separator: "/")
            if tests.contains(end) { return end }
        }
        return nil
    }

    /// `a.b.C` is `…/a/b/C.*`; of `tests.test_a.TestX` the last word is a class inside; `Module.Suite` is `…/Module/**/Suite.*`.
    private func longestMatch(_ words: [String]) -> String? {
        guard !words.isEmpty else { return nil }
        for count in stride(from: words.count, through: max(1, words.count - 2), by: -1) {
            if let found = bySuffix[words.prefix(count).joined(separator: "/")], found.count == 1 { return found[0] }
        }
        guard words.count == 2, let found = byStem[words[1]] else { return nil }
        let inModule = found.filter { FileName.folders($0).contains { $0 == words[0] } }
        return inModule.count == 1 ? inModule[0] : nil
    }

    /// Files that all end as the case's group says: whatever it tells of one may be true of any.
    private func twins(_ group: String) -> [String] {
        for separator in [Character("."), "\\", "/"] {
            let words = Self.split(group, on: separator)
            for count in stride(from: words.count, through: max(1, words.count - 2), by: -1) {
                let found = bySuffix[words.prefix(count).joined(separator: "/")] ?? []
                if found.count > 1, found.count <= Self.mostTwins { return found }
            }
        }
        return []
    }

    /// `example.org/mod/pkg/a` is the folder that ends so; the module's own path is the root.
    private func goPackage(_ group: String) -> [String] {
        let parts = group.split(separator: "/")
        for start in parts.indices {
            if let found = byFolder[parts[start...].joined(separator: "/")] { return found }
        }
        return []
    }
}
