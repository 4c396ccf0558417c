import Glibc

/// A larger test file tests more.
enum SizeSignal: ChangeSignal {
    static let name = "size"
    static let weight = 0.24

    static func values(_ context: ChangeContext) -> [Double] { context.documents.names.lengths.map { log1p(Double($0)) } }

    static func reason(_ test: Int, _ context: ChangeContext) -> String? { nil }
}
