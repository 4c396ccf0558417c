import Glibc

/// Past commits touched this test together with a changed file.
enum CoChangeSignal: ChangeSignal {
    static let name = "changed together"
    static let weight = 0.56

    static func values(_ context: ChangeContext) -> [Double] {
        context.tests.map { log1p(3 * (context.coChange.together[$0] ?? 0)) }
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? { "was changed together with these files before" }
}
