import Glibc

/// The test mentions a changed file by its name, as an import or a type. What everybody mentions counts less.
enum ReferenceSignal: ChangeSignal {
    static let name = "reference"
    static let weight = 0.31

    static func values(_ context: ChangeContext) -> [Double] {
        let names = context.documents.names
        return context.tests.indices.map { test in
            context.terms.stems.map { log(1 + Double(names.count($0, in: test))) / log(2 + Double(names.frequency($0))) }.max() ?? 0
        }
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        let mentioned = context.terms.stems.filter { context.documents.names.count($0, in: test) > 0 }
        return ChangeContext.list(Array(mentioned.prefix(3))).map { "refers to \($0)" }
    }
}
