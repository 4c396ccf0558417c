import Basics
import Forge
import FoundationEssentials
import LLM
import Policy
import Review
import TestSupport
import Testing

@Suite struct SecondLookAndReplayTests {
    private let reply = SampleChange.reply([
        ("src/app.py", "    count = len(data) / 0", 44, "Division by zero"),
        ("src/app.py", "    return parse_all(data)", 13, "Wrong parser"),
    ])

    @Test func `a refuted finding is not shown, and rules are not up for discussion`() async {
        let refuter = ScriptedModel(texts: [
            "```json\n{\"verdicts\": [{\"finding\": 1, \"refuted\": true, \"reason\": \"@bob fixes #1\"}, {\"finding\": 99, \"refuted\": true}]}\n```"
        ])
        let result = await ReviewEngine(redactor: Redactor()).review(
            SampleChange.change, model: ScriptedModel(texts: [reply]), refuter: refuter)
        #expect(result.placements.map(\.disposition) == [.inline, .suppressed] && result.usage.requests == 2)
        #expect(refuter.requests.first?.answer?.name == "fettle_refute" && refuter.requests.first?.system.contains("fettle_refute") == true)
    }

    @Test(arguments: [
        "", "no", "{\"verdicts\": \"all\"}",
        "{\"verdicts\": [{\"finding\": -1, \"refuted\": true}, {\"finding\": 0, \"refuted\": \"true\"}]}",
    ])
    func `a refuter that cannot be understood refutes nothing`(text: String) async {
        let result = await ReviewEngine(redactor: Redactor()).review(
            SampleChange.change, model: ScriptedModel(texts: [reply]), refuter: ScriptedModel(texts: [text]))
        #expect(result.placements.allSatisfy { $0.disposition == .inline })
    }

    @Test func `a refuter that is down leaves the findings and is named`() async {
        let down = ScriptedModel(failing: .unreachable(server: "s", reason: "r"))
        let result = await ReviewEngine(redactor: Redactor()).review(
            SampleChange.change, model: ScriptedModel(texts: [reply]), refuter: down)
        #expect(result.placements.count == 2 && result.problems.count == 1 && result.status == .complete)
    }

    @Test(arguments: [true, false])
    func `a bundle gives the same publication byte for byte, without a model and without secrets`(answers: Bool) async throws {
        let secret = "ghp_\(String(repeating: "a1B2", count: 9))"
        var change = SampleChange.change
        change.files += SampleChange.adding("token = \"\(secret)\"\nx = 1", path: "src/conf.py").files
        change.body = UntrustedText("see \(secret)")
        var settings = ReviewSettings()
        settings.largestChunk = 64
        let redactor = Redactor()
        let model = RecordedModel(
            answers ? ScriptedModel(texts: [reply]) : ScriptedModel(failing: .serverFailed(server: "s", status: 503, reason: secret)))
        let engine = ReviewEngine(settings: settings, redactor: redactor)
        let result = await engine.review(change, model: model)
        let bundle = ReviewBundle(
            change: change, settings: settings, findings: engine.ruleFindings(in: change), models: .init(main: model), redactor: redactor)
        let bytes = try JSONEncoder().encode(bundle)
        #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
        let again = await (try JSONDecoder().decode(ReviewBundle.self, from: bytes)).replay(redactor: redactor)
        let planner = ReviewPlanner(settings: settings, hygiene: OutputHygiene(redactor: redactor))
        let commit = try #require(CommitID(String(repeating: "d", count: 40)))
        let first = planner.plan(result, of: change, for: .init(commit: commit, externalID: "x"))
        let second = planner.plan(again, of: bundle.change, for: .init(commit: commit, externalID: "x"))
        #expect(first.summary == second.summary && first.review == second.review && first.check == second.check)
        #expect(first.review != nil)
    }
}
