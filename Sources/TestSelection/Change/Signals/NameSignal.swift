import Glibc

/// The test is named after a changed file: how much of both names is the same, rare words counting more.
enum NameSignal: ChangeSignal {
    static let name = "name"
    static let weight = 2.26

    static func values(_ context: ChangeContext) -> [Double] {
        let changed = context.terms.stems.map { Set(Identifiers.words($0)) }
        let all = changed.reduce(into: Set<String>()) { $0.formUnion($1) }
        return context.tests.map { path in
            let words = Set(Identifiers.words(FileName.testedStem(path)))
            return words.isDisjoint(with: all) ? 0 : changed.map { likeness(words, $0, context) }.max() ?? 0
        }
    }

    private static func likeness(_ a: Set<String>, _ b: Set<String>, _ context: ChangeContext) -> Double {
        if a.isDisjoint(with: b) { return 0 }
        func total(_ words: Set<String>) -> Double {
            words.reduce(0) { $0 + log(1 + Double(context.documents.count) / Double(1 + context.documents.words.frequency($1))) + 0.1 }
        }
        let common = a.intersection(b)
        return total(common) / max(0.1, total(a.union(b)))
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        let words = Set(Identifiers.words(FileName.testedStem(context.tests[test])))
        let named = context.terms.stems.max { a, b in
            likeness(words, Set(Identifiers.words(a)), context) < likeness(words, Set(Identifiers.words(b)), context)
        }
        return named.map { "named like \($0)" }
    }
}
