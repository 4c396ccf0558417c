/// The test lies near a changed file: the share of folders both have, folders that only part code from tests left out.
enum PathSignal: ChangeSignal {
    static let name = "path"
    static let weight = 1.42

    private static let layout: Set<Substring> = [
        "src", "main", "test", "tests", "java", "kotlin", "lib", "Sources", "Tests", "spec", "__tests__",
    ]

    static func values(_ context: ChangeContext) -> [Double] {
        let changed = Set(context.change.files.map { folders($0.path) })
        return context.tests.map { path in
            let own = folders(path)
            return changed.map { nearness($0, own) }.max() ?? 0
        }
    }

    private static func folders(_ path: String) -> [Substring] { FileName.folders(path).filter { !layout.contains($0) } }

    private static func nearness(_ a: [Substring], _ b: [Substring]) -> Double {
        let common = zip(a, b).prefix { $0 == $1 }.count
        return Double(common) / Double(max(1, a.count, b.count))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        let folder = FileName.folders(context.tests[test]).joined(separator: "/")
        return folder.isEmpty ? nil : "lies near the change, in \(folder)"
    }
}
