/// Events into trees. Aliases copy the anchored node (arrays are shared, so this costs no memory) and their weight counts towards a limit.
struct YAMLTreeBuilder {
    private struct Open {
        var node: YAMLNode
        var children: [YAMLNode] = []
        var weight = 1
    }

    private let bytes: [UInt8]
    private let limits: YAMLLimits
    private let recoversAliases: Bool
    private var broken: [YAMLError] = []
    private var open: [Open] = []
    private var root: YAMLNode?
    private var anchored: [String: (node: YAMLNode, weight: Int, index: Int)] = [:]
    private var anchors: [YAMLAnchor] = []
    private var duplicates: [YAMLDuplicateKey] = []
    private var documents: [YAMLDocument] = []
    private var nodes = 0
    private var expanded = 0

    init(bytes: [UInt8], limits: YAMLLimits, recoversAliases: Bool) {
        self.bytes = bytes
        self.limits = limits
        self.recoversAliases = recoversAliases
    }

    mutating func build() throws(YAMLError) -> [YAMLDocument] {
        guard let stream = YAMLEventStream(bytes) else {
            throw YAMLError(line: 1, column: 1, reason: "the YAML reader could not start: out of memory")
        }
        while true {
            let located = try stream.next()
            if case .streamEnd = located.event { return documents }
            try handle(located)
        }
    }

    private mutating func handle(_ located: YAMLEventStream.Located) throws(YAMLError) {
        switch located.event {
        case .streamStart, .streamEnd: break
        case .documentStart: try startDocument(at: located.start)
        case .documentEnd: documents.append(YAMLDocument(root: root, duplicateKeys: duplicates, anchors: anchors, brokenAliases: broken))
        case .alias(let name): try place(alias: name, located)
        case .scalar(let scalar, let properties):
            let node = YAMLNode(
                content: .scalar(scalar), start: located.start, end: located.end, tag: properties.tag, anchor: properties.anchor)
            try count(at: located.start)
            finish(node, weight: 1)
        case .sequenceStart(let properties, let isFlow): try push(.sequence([]), properties, isFlow, located)
        case .mappingStart(let properties, let isFlow): try push(.mapping([]), properties, isFlow, located)
        case .sequenceEnd, .mappingEnd: pop(end: located.end)
        }
    }

    private mutating func startDocument(at mark: YAMLMark) throws(YAMLError) {
        guard documents.count < limits.documents else { throw beyond("more than \(limits.documents) documents", at: mark) }
        open = []
        root = nil
        anchored = [:]
        anchors = []
        duplicates = []
        broken = []
    }

    private mutating func push(
        _ content: YAMLNode.Content, _ properties: YAMLEvent.Properties, _ isFlow: Bool, _ located: YAMLEventStream.Located
    ) throws(YAMLError) {
        try count(at: located.start)
        guard open.count < limits.depth else { throw beyond("nested more than \(limits.depth) levels deep", at: located.start) }
        var node = YAMLNode(content: content, start: located.start, end: located.end, tag: properties.tag, anchor: properties.anchor)
        node.isFlow = isFlow
        open.append(Open(node: node))
    }

    private mutating func pop(end: YAMLMark) {
        guard var level = open.popLast() else { return }
        level.node.end = end
        if case .sequence = level.node.content {
            level.node.content = .sequence(level.children)
        } else {
            level.node.content = .mapping(pairs(of: level.children))
        }
        finish(level.node, weight: level.weight)
    }

    private mutating func pairs(of children: [YAMLNode]) -> [YAMLPair] {
        var pairs: [YAMLPair] = []
        var seen: [String: YAMLMark] = [:]
        pairs.reserveCapacity(children.count / 2)
        for index in stride(from: 0, to: children.count - 1, by: 2) {
            let key = children[index]
            pairs.append(YAMLPair(key: key, value: children[index + 1]))
            guard let name = key.text, key.alias == nil else { continue }
            if let first = seen[name] {
                if name != "<<" { duplicates.append(YAMLDuplicateKey(key: name, first: first, second: key.start)) }
            } else {
                seen[name] = key.start
            }
        }
        return pairs
    }

    private mutating func place(alias name: String, _ located: YAMLEventStream.Located) throws(YAMLError) {
        guard let target = anchored[name] else {
            let isOpen = open.contains { $0.node.anchor == name }
            let reason = isOpen ? "alias '*\(name)' stands inside the node it names" : "alias '*\(name)' has no anchor '&\(name)' before it"
            let error = YAMLError(line: located.start.line, column: located.start.column, reason: reason)
            guard recoversAliases else { throw error }
            broken.append(error)
            try count(at: located.start)
            var node = YAMLNode(content: .scalar(YAMLScalar(text: "", style: .plain)), start: located.start, end: located.end)
            node.alias = name
            attach(node, weight: 1)
            return
        }
        anchors[target.index].uses += 1
        nodes += 1
        expanded += target.weight
        guard expanded <= limits.expandedNodes else {
            throw beyond("aliases grow it beyond \(limits.expandedNodes) nodes", at: located.start)
        }
        guard open.count + Self.depth(of: target.node, upTo: limits.depth) <= limits.depth else {
            throw beyond("nested more than \(limits.depth) levels deep through aliases", at: located.start)
        }
        var node = target.node
        node.start = located.start
        node.end = located.end
        node.alias = name
        node.anchor = nil
        attach(node, weight: target.weight)
    }

    /// Levels of collections in `node`, looking no deeper than `bound`.
    private static func depth(of node: YAMLNode, upTo bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        switch node.content {
        case .scalar: return 0
        case .sequence(let nodes): return 1 + (nodes.map { depth(of: $0, upTo: bound - 1) }.max() ?? 0)
        case .mapping(let pairs):
            return 1 + (pairs.map { max(depth(of: $0.key, upTo: bound - 1), depth(of: $0.value, upTo: bound - 1)) }.max() ?? 0)
        }
    }

    private mutating func finish(_ node: YAMLNode, weight: Int) {
        if let name = node.anchor {
            anchors.append(YAMLAnchor(name: name, mark: node.start, uses: 0))
            anchored[name] = (node, weight, anchors.count - 1)
        }
        attach(node, weight: weight)
    }

    private mutating func attach(_ node: YAMLNode, weight: Int) {
        guard open.isEmpty else {
            open[open.count - 1].children.append(node)
            open[open.count - 1].weight += weight
            return
        }
        root = node
    }

    private mutating func count(at mark: YAMLMark) throws(YAMLError) {
        nodes += 1
        expanded += 1
        guard nodes <= limits.nodes else { throw beyond("more than \(limits.nodes) nodes", at: mark) }
    }

    private func beyond(_ what: String, at mark: YAMLMark) -> YAMLError {
        YAMLError(line: mark.line, column: mark.column, reason: "the document goes beyond the limits: \(what)")
    }
}
