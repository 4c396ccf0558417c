import Basics
import Forge
import Jobs
import Previews
import SandboxForge
import Synchronization
import TestSupport
import Testing

/// A table of `Fixtures/previews/sequences.md`.
struct PreviewSequence: Sendable, CustomTestStringConvertible {
    struct Row: Sendable {
        let event: String
        let driver: String
        let forge: String
    }

    let name: String
    let rows: [Row]

    var testDescription: String { name }

    static let all: [PreviewSequence] = {
        let text = (try? Repository.text("Fixtures/previews/sequences.md")) ?? ""
        return text.split(separator: "\n## ").dropFirst().map { section in
            let lines = section.split(separator: "\n")
            let rows = lines.filter { $0.hasPrefix("| ") }.dropFirst().map { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map { cell in
                    cell.split(separator: " ").joined(separator: " ")
                }
                return Row(event: cells[0], driver: cells[1], forge: cells[2])
            }
            return PreviewSequence(name: String(lines[0]), rows: rows)
        }
    }()
}

@Suite struct SequenceTests {
    @Test func `there are twelve tables`() {
        #expect(PreviewSequence.all.count == 12)
        #expect(PreviewSequence.all.allSatisfy { !$0.rows.isEmpty })
    }

    @Test(arguments: PreviewSequence.all) func `a table's events lead to its calls and to no others`(sequence: PreviewSequence) async throws
    {
        var player = try await SequencePlayer(sequence)
        for (index, row) in sequence.rows.enumerated() {
            let done = try await player.play(row.event)
            #expect(done.driver == row.driver, "row \(index + 1): \(row.event)")
            #expect(done.forge == row.forge, "row \(index + 1): \(row.event)")
        }
    }
}

/// Plays events by their words, and tells what was called in the words of the tables.
struct SequencePlayer {
    private let stage: PreviewStage
    private let pull: PullRequestReference
    /// `c1`, `c2`, … by commit.
    private var labels: [CommitID: String] = [:]
    private var seenCalls = 0
    private var seenRequests = 0

    init(_ sequence: PreviewSequence) async throws {
        let isByLabel = sequence.rows.contains { $0.event == "previews by label" }
        stage = try await PreviewStage(
            settings: isByLabel ? "preview: {driver: command, up: [up], down: [down], label: preview}\n" : PreviewStage.settings)
        let isFork = sequence.rows.contains { $0.event.hasSuffix("by a fork") }
        pull = try stage.open(fork: isFork ? RepositoryName("mallory/demo") : nil)
        labels[try head()] = "c1"
        let names = labels
        stage.driver.state.withLock { $0.address = { commit in "http://\(names[commit] ?? "c2").test" } }
    }

    private func head() throws -> CommitID {
        guard let head = stage.forge.head(of: "one", in: stage.name) else { throw PreviewStage.Missing() }
        return head
    }

    mutating func play(_ event: String) async throws -> (driver: String, forge: String) {
        let words = event.split(separator: " ").map(String.init)
        switch words.first {
        case "previews", "builds":
            let failure = PreviewFailure(.buildFailed, cause: "`up` ended with status 1.", nextStep: "Mend it.", excerpt: "boom")
            stage.driver.state.withLock { $0.failure = event == "builds fail" ? failure : nil }
        case "/preview":
            let arguments = words.dropFirst().map { word in labels.first { $0.value == word }?.key.hex ?? word }
            try await stage.look(at: pull, ask: Array(arguments))
        default:
            try await happen(event, words)
            try await stage.look(at: pull)
        }
        return calls()
    }

    private mutating func happen(_ event: String, _ words: [String]) async throws {
        switch words.first {
        case "pushed" where !event.hasSuffix("late"):
            stage.forge.push(to: "one", of: stage.name, changes: ["page.txt": "\(event)\n"])
            labels[try head()] = words.last
        case "force-pushed":
            if let commit = labels.first(where: { $0.value == words.last })?.key {
                stage.forge.forcePush(pull.number, in: stage.name, to: commit)
            }
        case "closed": stage.forge.close(pull.number, in: stage.name, merged: false)
        case "reopened": stage.forge.reopen(pull.number, in: stage.name)
        case "labelled": stage.forge.setLabels(["preview"], of: pull.number, in: stage.name)
        case "unlabelled": stage.forge.setLabels([], of: pull.number, in: stage.name)
        case "the": stage.forge.removeRepository(stage.name)
        default: if words.last == "pass", let days = words.first.flatMap({ Int64($0) }) { stage.clock.advance(by: .seconds(days * 86_400)) }
        }
    }

    private mutating func calls() -> (driver: String, forge: String) {
        let calls = stage.driver.state.withLock { $0.calls }
        defer { seenCalls = calls.count }
        let driver = calls.dropFirst(seenCalls).map { "\($0.name) \($0.commit.flatMap { labels[$0] } ?? "?")" }
        let requests = stage.forge.requests
        defer { seenRequests = requests.count }
        return (driver.joined(separator: "; "), requests.dropFirst(seenRequests).compactMap(word).joined(separator: "; "))
    }

    /// A write in the tables' words; `nil` for what only reads.
    private func word(_ request: SandboxRequest) -> String? {
        guard request.method != "GET", let body = request.body, !request.path.hasSuffix("access_tokens") else { return nil }
        let parts = request.path.split(separator: "/")
        if request.path.hasSuffix("/deployments") { return "deploy \(label(body["ref"]?.string))" }
        if request.path.hasSuffix("/statuses"), parts.contains("deployments"), let id = parts.dropLast().last.flatMap({ Int64($0) }) {
            let deployment = stage.forge.deployments(in: stage.name).first { $0.id == id }
            let url = body["environment_url"]?.string.map { " \($0)" } ?? ""
            return "\(label(deployment?.commit.hex)) \(body["state"]?.string ?? "?")\(url)"
        }
        if parts.contains("check-runs") {
            let id = parts.last.flatMap { Int64($0) }
            let known = stage.forge.checks(in: stage.name).first { $0.id == id }?.commit.hex
            return "check \(label(body["head_sha"]?.string ?? known)) \(body["conclusion"]?.string ?? "?")"
        }
        return "\(request.method) \(request.path)"
    }

    private func label(_ hex: String?) -> String { hex.flatMap { CommitID($0) }.flatMap { labels[$0] } ?? "?" }
}
