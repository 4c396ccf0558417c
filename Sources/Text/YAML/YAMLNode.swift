/// A place in a YAML text; line and column count from 1, columns in Unicode scalars.
///
/// Lines end at LF, CRLF or a bare CR, as everywhere in Fettle; libyaml also breaks at U+0085, U+2028 and U+2029.
package struct YAMLMark: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (a: YAMLMark, b: YAMLMark) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// One node with the place it was written at. Aliases are replaced by what they stand for, inside bounds.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    package var content: Content
    /// First character of the node, its tag or anchor included; of the alias when the node came through one.
    package var start: YAMLMark
    /// Just behind the node. For block collections and block scalars this is where the next token begins.
    package var end: YAMLMark
    /// The explicit tag, e.g. `tag:yaml.org,2002:str` or `!Ref`; `nil` when none was written.
    package var tag: String?
    /// Name of the anchor on this node.
    package var anchor: String?
    /// Name of the alias this node stands for.
    package var alias: String?
    /// Written in flow style: `[a, b]`, `{a: b}`.
    package var isFlow = false
}

/// `key: value`. Keys are nodes: YAML allows any node there.
package struct YAMLPair: Sendable {
    package var key: YAMLNode
    package var value: YAMLNode
}

extension YAMLNode {
    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// Text of a scalar in any style, e.g. `"on"` for `on:`; `nil` for collections and for a plain null.
    package var string: String? {
        guard let scalar, !isNull else { return nil }
        return scalar.text
    }

    /// Text of a scalar as it stands, an empty one included; `nil` for collections.
    package var text: String? { scalar?.text }

    package var bool: Bool? {
        if case .bool(let value)? = value { value } else { nil }
    }

    package var int: Int64? {
        if case .int(let value)? = value { value } else { nil }
    }

    package var isNull: Bool {
        if case .null? = value { true } else { false }
    }

    /// A scalar by the YAML 1.2 core schema; `nil` for collections.
    package var value: YAMLValue? { scalar?.value(tag: tag) }

    /// Value of the last pair whose key is the scalar `key` (any style).
    package subscript(key: String) -> YAMLNode? {
        mapping?.last { $0.key.text == key }?.value
    }

    package subscript(index: Int) -> YAMLNode? {
        guard let sequence, sequence.indices.contains(index) else { return nil }
        return sequence[index]
    }

    /// Follows keys from mapping to mapping.
    package subscript(path first: String, _ rest: String...) -> YAMLNode? {
        rest.reduce(self[first]) { $0?[$1] }
    }

    /// Pairs with merge keys (`<<: *base`) laid under the mapping's own pairs, as YAML 1.1 readers such as Compose see it.
    package var mergedPairs: [YAMLPair] { mergedPairs(depth: 8) }

    private func mergedPairs(depth: Int) -> [YAMLPair] {
        guard let pairs = mapping else { return [] }
        let own = pairs.filter { !Self.isMerge($0.key) }
        guard own.count < pairs.count, depth > 0 else { return own }
        var known = Set(own.compactMap(\.key.text))
        var result = own
        for merge in pairs where Self.isMerge(merge.key) {
            for source in merge.value.sequence ?? [merge.value] {
                for pair in source.mergedPairs(depth: depth - 1) {
                    guard let name = pair.key.text, known.insert(name).inserted else { continue }
                    result.append(pair)
                }
            }
        }
        return result
    }

    private static func isMerge(_ key: YAMLNode) -> Bool { key.text == "<<" && key.scalar?.style == .plain }
}
