/// The name a test is known by across runs: stable over parameters, attempts and machines.
package struct TestID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package init(from decoder: any Decoder) throws {
        name = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    package static func < (a: TestID, b: TestID) -> Bool { a.name < b.name }
    package var description: String { name }
}
