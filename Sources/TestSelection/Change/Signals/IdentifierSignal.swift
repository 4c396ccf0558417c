/// Names in changed lines, looked for in the test.
enum IdentifierSignal: ChangeSignal {
    static let name = "names in the diff"
    static let weight = 0.44

    static func values(_ context: ChangeContext) -> [Double] {
        ChangeContext.shares(BM25(counts: context.documents.names).scores(context.identifierQuery))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        ChangeContext.list(context.tellingIdentifiers[test]).map {
            "uses names of the diff: \($0)"
        }
    }
}
