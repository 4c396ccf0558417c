package import Text

/// The `review:` part of `.fettle.yml`, read from the base branch. It narrows and tunes what the operator allows; it cannot raise a
/// limit, name a model or add a destination.
package struct RepositorySettings: Sendable, Hashable {
    package struct Fault: Sendable, Hashable {
        /// Counted from 1; 0 when no line can be named.
        package let line: Int
        package let message: String
    }

    package struct Skips: Sendable, Hashable {
        package var drafts = true
        package var bots = true
        package var labels: [String] = []
        /// Titles that begin like this, e.g. `WIP`.
        package var titles: [String] = []
    }

    package var isEnabled = true
    package var maximumInlineComments: Int?
    package var severityFloor: Severity?
    package var minimumConfidence: Double?
    package var failOn: Severity?
    package var language: String?
    package var disabledRules: [String] = []
    package var ignoredPaths: [String] = []
    package var instructions: [PathInstruction] = []
    package var skips = Skips()
    /// Everything in the file that is not understood or out of bounds; the rest is used.
    package var faults: [Fault] = []

    package init() {}

    /// Reads the `review` part of a `.fettle.yml`; `nil` when it has none.
    package init(_ review: YAMLNode?) {
        self.init()
        guard let review else { return }
        if review.mapping == nil { fault(review, "`review` must be a mapping") }
        for pair in review.mapping ?? [] { read(pair) }
    }

    /// The operator's settings, tuned. An operator's bound is never loosened.
    package func applied(to operatorSettings: ReviewSettings) -> ReviewSettings {
        var settings = operatorSettings
        if let maximumInlineComments {
            settings.maximumInlineComments = min(maximumInlineComments, max(settings.maximumInlineComments, 20))
        }
        if let severityFloor { settings.severityFloor = severityFloor }
        if let minimumConfidence { settings.minimumConfidence = minimumConfidence }
        if let failOn { settings.failOn = failOn }
        if let language { settings.language = language }
        settings.disabledRules.formUnion(disabledRules)
        settings.leftOutPaths = settings.leftOutPaths + PathPatterns(ignoredPaths)
        settings.instructions += instructions
        return settings
    }

    // MARK: Reading

    private mutating func fault(_ node: YAMLNode, _ message: String) { faults.append(Fault(line: node.start.line, message: message)) }

    private mutating func read(_ pair: YAMLPair) {
        let value = pair.value
        switch pair.key.text ?? "" {
        case "enabled": if let flag = bool(value, "enabled") { isEnabled = flag }
        case "max_comments": maximumInlineComments = integer(value, "max_comments", 0...20)
        case "severity_floor": severityFloor = severity(value, "severity_floor")
        case "fail_on": if value.text != "none" { failOn = severity(value, "fail_on") }
        case "min_confidence": minimumConfidence = share(value, "min_confidence")
        case "language": language = languageName(value)
        case "disabled_rules": disabledRules = strings(value, "disabled_rules")
        case "ignore": ignoredPaths = strings(value, "ignore")
        case "instructions": instructions = pathInstructions(value)
        case "skip": readSkips(value)
        case let other: fault(pair.key, "`review.\(other.prefix(40))` is no setting")
        }
    }

    private mutating func readSkips(_ node: YAMLNode) {
        guard let pairs = node.mapping else { return fault(node, "`review.skip` must be a mapping") }
        for pair in pairs {
            switch pair.key.text ?? "" {
            case "drafts": if let flag = bool(pair.value, "skip.drafts") { skips.drafts = flag }
            case "bots": if let flag = bool(pair.value, "skip.bots") { skips.bots = flag }
            case "labels": skips.labels = strings(pair.value, "skip.labels")
            case "titles": skips.titles = strings(pair.value, "skip.titles")
            case let other: fault(pair.key, "`review.skip.\(other.prefix(40))` is no setting")
            }
        }
    }

    private mutating func bool(_ node: YAMLNode, _ name: String) -> Bool? {
        if node.bool == nil { fault(node, "`review.\(name)` must be true or false") }
        return node.bool
    }

    private mutating func integer(_ node: YAMLNode, _ name: String, _ range: ClosedRange<Int64>) -> Int? {
        guard let number = node.int, range.contains(number) else {
            fault(node, "`review.\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return Int(exactly: number)
    }

    private mutating func share(_ node: YAMLNode, _ name: String) -> Double? {
        guard let number = node.text.flatMap(Double.init), (0...1).contains(number) else {
            fault(node, "`review.\(name)` must be a number from 0 to 1")
            return nil
        }
        return number
    }

    private mutating func severity(_ node: YAMLNode, _ name: String) -> Severity? {
        if let severity = node.text.flatMap(Severity.init) { return severity }
        fault(node, "`review.\(name)` must be one of \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    /// A plain name, so that nothing else can be said to the model here.
    private mutating func languageName(_ node: YAMLNode) -> String? {
        guard let text = node.text, (2...40).contains(text.count), text.allSatisfy({ $0.isLetter || $0 == "-" || $0 == " " }) else {
            fault(node, "`review.language` must be the name of a language")
            return nil
        }
        return text
    }

    private mutating func strings(_ node: YAMLNode, _ name: String) -> [String] {
        let list = node.sequence ?? (node.text == nil ? nil : [node])
        guard let list, list.count <= 200, list.allSatisfy({ ($0.text?.utf8.count ?? 1001) <= 1000 }) else {
            fault(node, "`review.\(name)` must be a list of at most 200 texts")
            return []
        }
        return list.compactMap(\.text)
    }

    private mutating func pathInstructions(_ node: YAMLNode) -> [PathInstruction] {
        guard let list = node.sequence, list.count <= 50 else {
            fault(node, "`review.instructions` must be a list of at most 50 entries with `path` and `text`")
            return []
        }
        return list.compactMap { entry in
            guard let path = entry["path"]?.text, let text = entry["text"]?.text, text.utf8.count <= 2000, path.utf8.count <= 300 else {
                fault(entry, "an instruction needs `path` and `text` (at most 2,000 bytes)")
                return nil
            }
            return PathInstruction(pattern: path, text: text)
        }
    }
}
