/// The words that names in the diff are made of, looked for in the test.
enum WordSignal: ChangeSignal {
    static let name = "words of the diff"
    static let weight = 2.46

    static func values(_ context: ChangeContext) -> [Double] {
        ChangeContext.shares(BM25(counts: context.documents.words).scores(context.wordQuery))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        ChangeContext.list(context.tellingWords[test]).map {
            "shares words with the diff: \($0)"
        }
    }
}
