/// Text that somebody outside wrote: titles, bodies, diffs, logs, model replies, tool results.
///
/// It does not describe itself, so it cannot slip into a page, prompt or query by interpolation. Parsers and comparisons read
/// `raw`; every sink takes it through the one function that escapes for that sink.
package struct UntrustedText: Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible, CustomReflectable {
    /// The text as it came. For parsing, comparing and escaping only.
    package let raw: String

    package init(_ raw: String) {
        self.raw = raw
    }

    package init(stringLiteral value: String) {
        raw = value
    }

    package init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(raw)
    }

    package var isEmpty: Bool { raw.isEmpty }
    package var description: String { "[untrusted, \(raw.utf8.count) bytes]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
