/// The functions and types that changed lines lie in, looked for in the test.
enum DeclarationSignal: ChangeSignal {
    static let name = "changed declarations"
    static let weight = 0.88

    static func values(_ context: ChangeContext) -> [Double] {
        ChangeContext.shares(BM25(counts: context.documents.names).scores(context.terms.declarationQuery))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        ChangeContext.list(context.tellingDeclarations[test]).map {
            "uses what was changed: \($0)"
        }
    }
}
