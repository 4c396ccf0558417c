import Basics

/// The test was touched lately: what is being worked on is what breaks.
enum RecencySignal: ChangeSignal {
    static let name = "recently changed"
    static let weight = 1.78

    static func values(_ context: ChangeContext) -> [Double] {
        context.tests.map { path in
            context.coChange.lastTouched[path].map { 1 / (1 + Double($0) / 50) } ?? 1.0 / 200
        }
    }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? {
        context.coChange.lastTouched[context.tests[test]].map { "was itself changed \(Count.of($0, "commit")) ago" }
    }
}
