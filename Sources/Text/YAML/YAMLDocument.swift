/// One document of a YAML stream.
package struct YAMLDocument: Sendable {
    /// `nil` for a document without any content.
    package var root: YAMLNode?
    /// Keys written twice in one mapping, in the order met. The tree keeps both pairs; look-ups take the last.
    package var duplicateKeys: [YAMLDuplicateKey]
    package var anchors: [YAMLAnchor]
    /// Aliases without an anchor before them, or inside the node they name; empty unless recovery was asked for. Each stands as an empty scalar.
    package var brokenAliases: [YAMLError]
}

package struct YAMLDuplicateKey: Sendable, Hashable {
    package var key: String
    package var first: YAMLMark
    package var second: YAMLMark

    package init(key: String, first: YAMLMark, second: YAMLMark) {
        self.key = key
        self.first = first
        self.second = second
    }
}

package struct YAMLAnchor: Sendable, Hashable {
    package var name: String
    package var mark: YAMLMark
    /// Aliases that name it.
    package var uses: Int
}

/// Why a text is no YAML, or more than the limits allow.
package struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var reason: String

    package var description: String { "line \(line), column \(column): \(reason)" }
}

/// Bounds on one text; beyond any of them parsing ends with an error.
package struct YAMLLimits: Sendable {
    package var bytes: Int
    package var depth: Int
    /// Nodes as written.
    package var nodes: Int
    /// Nodes after every alias is replaced: what a walk over the tree costs.
    package var expandedNodes: Int
    package var documents: Int

    package init(bytes: Int = 8 << 20, depth: Int = 96, nodes: Int = 400_000, expandedNodes: Int = 800_000, documents: Int = 1_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
        self.expandedNodes = expandedNodes
        self.documents = documents
    }
}

package enum YAML {
    /// All documents of `bytes` (UTF-8, a byte order mark is skipped). An empty text has none.
    ///
    /// An alias without its anchor ends parsing, or, when `recoveringAliases`, is listed in its document.
    package static func documents(
        in bytes: [UInt8], limits: YAMLLimits = YAMLLimits(), recoveringAliases: Bool = false
    ) throws(YAMLError) -> [YAMLDocument] {
        guard bytes.count <= limits.bytes else {
            throw YAMLError(line: 1, column: 1, reason: "the text has \(bytes.count) bytes; at most \(limits.bytes) are read")
        }
        var builder = YAMLTreeBuilder(bytes: bytes, limits: limits, recoversAliases: recoveringAliases)
        return try builder.build()
    }

    package static func documents(in text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> [YAMLDocument] {
        try documents(in: Array(text.utf8), limits: limits)
    }

    /// The first document's root; `nil` for an empty text.
    package static func root(of bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        try documents(in: bytes, limits: limits).first?.root
    }

    package static func root(of text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        try root(of: Array(text.utf8), limits: limits)
    }
}
