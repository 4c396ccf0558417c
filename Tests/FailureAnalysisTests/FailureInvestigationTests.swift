import Basics
import LLM
import Policy
import Synchronization
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct FailureInvestigationTests {
    private static let log = ["main.c:3:5: error: expected ';'", "make: *** [all] Error 1"]

    @Test func `a quote that stands in the log is kept, an invented one is dropped`() async {
        let answer =
            #"{"summary": "s", "root_cause": "r", "class": "compile", "evidence": [{"source": "job", "quote": "main.c:3:5: error: expected ';'"}, {"source": "job", "quote": "no such line"}], "fix": null, "confidence": 0.9}"#
        let explanation = await explain(ToolModel([.text(answer)]))
        #expect(explanation.status == .explained)
        #expect(explanation.evidence.map(\.text.raw) == ["main.c:3:5: error: expected ';'"])
        #expect(explanation.failureClass == .compile)
    }

    @Test func `invented evidence alone is insufficient evidence`() async {
        let answer =
            #"{"summary": "s", "root_cause": "r", "class": "test", "evidence": [{"source": "job", "quote": "made up"}], "fix": "x", "confidence": 1}"#
        let explanation = await explain(ToolModel([.text(answer)]))
        #expect(explanation.status == .insufficientEvidence(reason: "no line the model quoted stands in the log"))
        #expect(explanation.fix == nil)
    }

    @Test func `a model that calls tools without end is stopped after eight calls`() async {
        let tools = CountingTools()
        let explanation = await explain(ToolModel([.call("log_page", #"{"first": 1}"#)]), tools)
        #expect(explanation.toolCalls == 8)
        #expect(tools.calls == 8)
        #expect(explanation.status == .insufficientEvidence(reason: "the model kept asking for tools beyond 8 calls"))
    }

    @Test(arguments: [
        ("delete_repository", "{}"), ("log_page", "not json"), ("log_page", #"{"first": "one"}"#),
        ("log_page", #"{"first": 1, "path": "/etc/passwd"}"#),
        ("log_page", "[]"), ("log_page", "{}"), ("LOG_PAGE", #"{"first": 1}"#),
    ])
    func `an unknown tool or unfit arguments reach no tool`(name: String, arguments: String) async {
        let tools = CountingTools()
        let explanation = await explain(ToolModel([.call(name, arguments), .text("no json")]), tools)
        #expect(tools.calls == 0)
        #expect(explanation.toolCalls == 1)
        #expect(explanation.status == .insufficientEvidence(reason: "the model's answer was not the asked-for JSON"))
    }

    @Test func `a model that spends too many tokens or too much time is stopped, and the report says which`() async {
        let greedy = ToolModel([.call("log_page", #"{"first": 1}"#)], usage: TokenUsage(input: 25_000, output: 100))
        let spent = await explain(greedy)
        #expect(spent.status == .insufficientEvidence(reason: "the tokens for this were used up"))
        #expect(spent.requests == 3, "the third request passed the 60,000 tokens")
        let clock = ManualClock()
        let slow = ToolModel([.call("log_page", #"{"first": 1}"#)]) { clock.advance(by: .seconds(100)) }
        let late = await explain(slow, clock: clock)
        #expect(late.status == .insufficientEvidence(reason: "the time for this was up"))
        #expect(slow.requests.map(\.deadline) == [.seconds(180), .seconds(80)])
    }

    @Test func `tool results are redacted before the model sees them`() async {
        let token = "ghp_" + String(String(repeating: "aB3dE5fG7h", count: 4).prefix(36))
        let model = ToolModel([.call("log_page", #"{"first": 1}"#), .text("{}")])
        _ = await explain(model, CountingTools(answer: "token \(token)"))
        let seen = model.requests.flatMap(\.messages).map { "\($0)" }.joined()
        #expect(seen.contains("token"))
        #expect(!seen.contains(token))
    }

    private func explain(
        _ model: ToolModel, _ tools: CountingTools = CountingTools(), clock: any Clock = ManualClock()
    ) async -> Explanation {
        let fingerprint = Fingerprint(lines: ["x"], failureClass: .unknown, evidence: [])
        let report = FailureReport(
            source: "job", fingerprint: fingerprint, headline: nil, failingCommand: nil, verdict: nil, evidence: [], failedTests: [],
            lineCount: 2,
            forgottenLines: 0)
        return await FailureInvestigation(model: model, tools: tools, redactor: Redactor(), clock: clock)
            .explain(report) { quote, source in source == "job" && Self.log.contains { $0.contains(quote) } }
    }
}

/// Answers from a list, texts or tool calls; the last again and again.
private final class ToolModel: LanguageModel {
    enum Answer: Sendable {
        case text(String)
        case call(String, String)
    }

    let profile = ModelProfile(name: "scripted")
    private let answers: [Answer]
    private let asked = Mutex<[ModelRequest]>([])

    private let usage: TokenUsage
    private let onRequest: @Sendable () -> Void

    init(_ answers: [Answer], usage: TokenUsage = .none, onRequest: @escaping @Sendable () -> Void = {}) {
        self.answers = answers
        self.usage = usage
        self.onRequest = onRequest
    }

    var requests: [ModelRequest] { asked.withLock { $0 } }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        onRequest()
        let index = asked.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        switch answers[min(index, answers.count - 1)] {
        case .text(let text): return ModelReply(text: UntrustedText(text), usage: usage, model: "scripted")
        case .call(let name, let arguments):
            let call = ToolCall(id: "c\(index)", name: name, arguments: UntrustedText(arguments))
            return ModelReply(text: "", toolCalls: [call], usage: usage, model: "scripted")
        }
    }
}

private final class CountingTools: ToolSource {
    let tools = [
        ToolDefinition(
            name: "log_page", description: "lines of the log",
            parameters: ["type": "object", "required": ["first"], "properties": ["first": ["type": "integer"]]])
    ]
    private let count = Mutex(0)
    private let answer: String

    init(answer: String = "lines") {
        self.answer = answer
    }

    var calls: Int { count.withLock { $0 } }

    func call(_ name: String, arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        count.withLock { $0 += 1 }
        return UntrustedText(answer)
    }
}
