/// Names in the lines around the changed ones, looked for in the test.
enum ContextSignal: ChangeSignal {
    static let name = "names around the diff"
    static let weight = 0.53

    static func values(_ context: ChangeContext) -> [Double] {
        ChangeContext.shares(BM25(counts: context.documents.names).scores(context.terms.contextQuery))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? { nil }
}
