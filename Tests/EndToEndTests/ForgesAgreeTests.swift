import Basics
import Forge
import SandboxForge
import TestSupport
import Testing

/// One pull request, behind GitHub's API and behind Gitea's.
@Suite(.serialized) struct ForgesAgreeTests {
    private static func finding(_ quote: String, side: String, line: Int64, title: String) -> JSONValue {
        [
            "path": "src/payments.py", "quote": .string(quote), "side": .string(side), "line": .integer(line), "severity": "critical",
            "category": "bug", "title": .string(title), "body": "Look here.", "suggestion": .null, "confidence": 0.9,
        ]
    }

    private func review(on kind: ForgeKind) async throws -> Stage {
        let stage = try Stage(on: kind) { _ in
            .json([
                "summary": "Charges in a currency.",
                "findings": [
                    Self.finding(
                        "    return client.charge(customer.card, cents, currency)", side: "new", line: 99, title: "An argument more"),
                    Self.finding("def charge(customer, cents):", side: "old", line: 1, title: "Callers had two arguments"),
                ],
            ])
        }
        try await stage.perform { try await stage.review(id: "1", on: $0) }
        return stage
    }

    @Test func `the same pull request gets the same review, each comment on its line and side`() async throws {
        let places = try await [ForgeKind.github, .gitea].mapEach { kind in
            let stage = try await review(on: kind)
            #expect(stage.reviews.count == 1 && stage.summaries.count == 1, "\(kind)")
            return Set(stage.lineComments.map { "\($0.path):\($0.line) \($0.side)" })
        }
        #expect(places[0] == places[1])
        #expect(
            places[0].isSuperset(of: ["src/payments.py:13 RIGHT", "src/payments.py:6 LEFT", "src/payments.py:5 RIGHT"]), "\(places[0])")
    }
}

extension Sequence {
    fileprivate func mapEach<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
