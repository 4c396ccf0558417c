package import Basics

/// A name that is safe in a path: what Kubernetes itself allows.
///
/// Source: kubernetes.io/docs/concepts/overview/working-with-objects/names (DNS subdomain and label names)
package struct ObjectName: Sendable, Hashable, Codable, CustomStringConvertible {
    package let text: String

    /// A DNS subdomain: 1 to 253 of `a-z`, `0-9`, `-` and `.`, a letter or digit at each end and beside each dot.
    package init?(_ text: String) {
        guard (1...253).contains(text.utf8.count) else { return nil }
        for label in text.split(separator: ".", omittingEmptySubsequences: false) where !Self.isLabel(label) { return nil }
        self.text = text
    }

    init?(optional text: String?) {
        guard let text else { return nil }
        self.init(text)
    }

    /// A DNS label, as namespaces and containers have: at most 63, no dot.
    package init?(label text: String) {
        guard (1...63).contains(text.utf8.count), Self.isLabel(text[...]) else { return nil }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = ObjectName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a Kubernetes name")
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }

    private static func isLabel(_ label: Substring) -> Bool {
        guard let first = label.utf8.first, let last = label.utf8.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
        return label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
}

/// What every object carries. Source: kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta
package struct ObjectMeta: Sendable, Hashable, Decodable {
    package let name: String?
    package let namespace: String?
    /// Never used again, also when an object of the same name comes later.
    package let uid: String?
    package let labels: [String: String]?
    package let annotations: [String: String]?
    package let creationTimestamp: String?
    package let deletionTimestamp: String?

    /// An annotation, else the label of that name.
    package func note(_ name: String) -> String? { annotations?[name] ?? labels?[name] }
}

/// `type`, `status` and why, as most statuses have it.
package struct ObjectCondition: Sendable, Hashable, Decodable {
    package let type: String
    /// `True`, `False` or `Unknown`.
    package let status: String
    package let reason: String?
    package let message: UntrustedText?
}

/// A list of any kind; a page of it when `metadata.continue` is set.
struct ObjectList<Item: Decodable & Sendable>: Decodable, Sendable {
    struct Meta: Decodable, Sendable {
        let `continue`: String?
    }

    let metadata: Meta?
    /// `null` for none in some servers' answers.
    let items: [Item]?
}
