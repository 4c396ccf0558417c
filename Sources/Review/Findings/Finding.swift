package import Basics
package import Text

/// Something worth telling the author, before it is known where it can be shown.
package struct Finding: Sendable, Hashable, Codable {
    /// How its author says where it belongs.
    package enum Target: Sendable, Hashable, Codable {
        /// Exact code, one or more lines. The line is a hint: it only decides between equal places.
        case quote(UntrustedText, hint: Int?)
        /// Known lines, from a rule or tool that read the file itself.
        case lines(ClosedRange<Int>)
        case file
        case change
    }

    package var path: UntrustedText
    package var side: DiffSide
    package var target: Target
    package var severity: Severity
    package var category: Category
    package var title: UntrustedText
    package var body: UntrustedText
    /// Replacement for the target lines.
    package var suggestion: UntrustedText?
    /// 0...1
    package var confidence: Double
    package var source: FindingSource

    package init(
        path: UntrustedText, side: DiffSide = .new, target: Target, severity: Severity, category: Category, title: UntrustedText,
        body: UntrustedText, suggestion: UntrustedText? = nil, confidence: Double = 1, source: FindingSource
    ) {
        self.path = path
        self.side = side
        self.target = target
        self.severity = severity
        self.category = category
        self.title = title
        self.body = body
        self.suggestion = suggestion
        self.confidence = confidence
        self.source = source
    }
}

/// Who found it.
package enum FindingSource: Sendable, Hashable, Codable {
    case rule(id: String)
    case model(name: String)
    /// Another tool's report, with the tool's own name for the rule.
    case tool(name: String, rule: String?)

    /// `rule`, `model` or `tool`, as the JSON output says it.
    package var word: String {
        switch self {
        case .rule: "rule"
        case .model: "model"
        case .tool: "tool"
        }
    }

    package var rule: String? {
        switch self {
        case .rule(let id): id
        case .model: nil
        case .tool(let name, let rule): rule.map { "\(name)/\($0)" } ?? name
        }
    }
}
