package import Basics
package import LLM
package import Policy

/// A model's account of a failure, after code has checked it: only quotes that stand in the log are left.
package struct Explanation: Sendable, Hashable {
    package enum Status: Sendable, Hashable {
        case explained
        /// No quote stood in its log, or the model gave no usable answer; the reason is for people.
        case insufficientEvidence(reason: String)
    }

    package struct Quote: Sendable, Hashable {
        package let source: String
        package let text: UntrustedText
    }

    package let status: Status
    package let summary: UntrustedText
    package let rootCause: UntrustedText
    package let failureClass: FailureClass
    package let evidence: [Quote]
    /// A proposal nobody has tried: published as unverified.
    package let fix: UntrustedText?
    package let confidence: Double
    /// Tool calls made or refused, and model requests sent.
    package let toolCalls: Int
    package let requests: Int
    package let usage: TokenUsage
}

extension Explanation {
    /// Why there is none; `nil` when there is one.
    package var insufficiency: String? { if case .insufficientEvidence(let reason) = status { reason } else { nil } }

    /// For an issue, a comment or a summary: what is a model's own and untried says so.
    package var markdown: Markdown {
        if let insufficiency { return "The model gave no explanation that the log bears out: \(UntrustedText(insufficiency))." }
        return Self.markdown(rootCause: rootCause, quotes: evidence.map(\.text), fix: fix)
    }

    package static func markdown(rootCause: UntrustedText, quotes: [UntrustedText], fix: UntrustedText?) -> Markdown {
        var text: Markdown = "**Likely cause** (by a model; its quotes stand in the log): \(rootCause)"
        if !quotes.isEmpty { text += .fence(UntrustedText(quotes.map(\.raw).joined(separator: "\n"))) }
        if let fix { text += "**Proposed fix, unverified**:" + .prose(fix, limit: .kibibytes(4)) }
        return text
    }
}

/// The shape of the answer, `fettle_failure`.
package enum ExplanationSchema {
    package static let answer = AnswerSchema(
        name: "fettle_failure",
        schema: [
            "type": "object", "additionalProperties": false,
            "required": ["summary", "root_cause", "class", "evidence", "fix", "confidence"],
            "properties": [
                "summary": ["type": "string"], "root_cause": ["type": "string"],
                "class": ["type": "string", "enum": .array(FailureClass.allCases.map { .string($0.rawValue) })],
                "evidence": [
                    "type": "array",
                    "items": [
                        "type": "object", "additionalProperties": false, "required": ["source", "quote"],
                        "properties": ["source": ["type": "string"], "quote": ["type": "string"]],
                    ],
                ],
                "fix": ["type": ["string", "null"]], "confidence": ["type": "number"],
            ],
        ])
}
