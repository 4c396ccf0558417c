/// Header fields in the order they came; names compare without case.
package struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0, value: $1) }
    }

    /// The first value under `name`. Where a second one would be an attack, ask `values(_:)`.
    package subscript(name: String) -> String? { fields.first { Self.same($0.name, name) }?.value }

    /// Every value under `name`, in order; not split at commas.
    package func values(_ name: String) -> [String] { fields.filter { Self.same($0.name, name) }.map(\.value) }

    /// How many fields stand under `name`.
    package func count(_ name: String) -> Int { fields.count { Self.same($0.name, name) } }

    package mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    package mutating func replace(_ name: String, _ value: String) {
        fields.removeAll { Self.same($0.name, name) }
        add(name, value)
    }

    /// Over the bytes themselves: every request asks for a dozen names among a dozen fields.
    private static func same(_ a: String, _ b: String) -> Bool {
        let (a, b) = (a.utf8, b.utf8)
        guard a.count == b.count else { return false }
        let inPlace = a.withContiguousStorageIfAvailable { a in
            b.withContiguousStorageIfAvailable { b in (0..<min(a.count, b.count)).allSatisfy { lowercased(a[$0]) == lowercased(b[$0]) } }
        }
        return (inPlace ?? nil) ?? zip(a, b).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
