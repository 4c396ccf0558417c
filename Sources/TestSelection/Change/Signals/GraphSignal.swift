/// A chain of uses leads from the test to a changed file. What many lead to counts less with each step.
enum GraphSignal: ChangeSignal {
    static let name = "uses"
    static let weight = 1.0

    static func values(_ context: ChangeContext) -> [Double] {
        let nearness = context.graph.nearness(to: context.change.files.map(\.path))
        return ChangeContext.shares(context.tests.map { nearness[$0] ?? 0 })
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? { "leads to a changed file through what it uses" }
}
