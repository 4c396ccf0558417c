/// The change touches the test itself.
enum ChangedTestSignal: ChangeSignal {
    static let name = "changed test"
    static let weight = 8.0

    static func values(_ context: ChangeContext) -> [Double] {
        let changed = context.change.paths
        return context.tests.map { changed.contains($0) ? 1 : 0 }
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? { "the change touches this test" }
}
