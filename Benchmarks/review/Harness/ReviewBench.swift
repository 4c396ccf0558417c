import Basics
import FoundationEssentials
import Glibc
import LLM
import Policy
import Review
import Synchronization
import Text

/// Measures the review engine on diffs of real commits; `Benchmarks/review/run` makes the diffs and prints the table.
///
///     review-bench anchors FILE…     findings of known place, disturbed: where are they posted?
///     review-bench tell FILE…        the same as replies of a model, with what is true: for posting to a judge of a forge
///     review-bench pushes FILE…      the same findings over ten pushes in other words
///     review-bench replies FILE      damaged replies about one change
///     review-bench prompts DIR FILE… what a model would be sent, one file a request, and the coverage
///     review-bench parse FILE        how long reading a diff takes: bytes, files, lines, and the seconds of nine readings
@main
struct ReviewBench {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "anchors": AnchorBench(seed: 42).run(Array(arguments.dropFirst()))
        case "tell": AnchorBench(seed: 42).tell(Array(arguments.dropFirst()))
        case "pushes":
            var bench = PushBench()
            await bench.run(Array(arguments.dropFirst()))
        case "replies": await ReplyBench().run(arguments.dropFirst().first ?? "")
        case "prompts": await PromptBench(folder: arguments.dropFirst().first ?? ".").run(Array(arguments.dropFirst(2)))
        case "parse": DiffBench.run(arguments.dropFirst().first ?? "")
        default:
            StandardStreams.writeError(
                "usage: review-bench anchors FILE… | tell FILE… | pushes FILE… | replies FILE | prompts DIR FILE… | parse FILE\n")
            exit(2)
        }
    }

    static func change(_ path: String) -> Change? {
        FileManager.default.contents(atPath: path).map { Change(gitDiff: Array($0)) }
    }

    static func text(_ path: String) -> String? { FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } }
}

/// SplitMix64, as in the tests: the same seed, the same run.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(max(bound, 1)))
    }
}

/// Answers every request with an empty review and keeps the request.
final class RecordingModel: LanguageModel {
    let profile: ModelProfile
    private let asked = Mutex<[ModelRequest]>([])

    init(window: Int) { profile = ModelProfile(name: "recorder", contextWindow: TokenCount(window)) }

    var requests: [ModelRequest] { asked.withLock { $0 } }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        asked.withLock { $0.append(request) }
        return ModelReply(text: "{\"summary\": \"\", \"findings\": []}", usage: .none, model: profile.name)
    }
}

struct PromptBench {
    let folder: String

    func run(_ paths: [String]) async {
        for path in paths {
            guard let change = ReviewBench.change(path) else { continue }
            var settings = ReviewSettings()
            settings.maximumChunks = 1000
            settings.largestChunk = 32_000
            let model = RecordingModel(window: 128_000)
            let clock = SystemClock()
            let start = clock.uptime
            let result = await ReviewEngine(settings: settings, redactor: Redactor()).review(change, model: model)
            let took = (clock.uptime - start).inSeconds
            for (index, request) in model.requests.enumerated() {
                guard case .user(let prompt) = request.messages.first else { continue }
                let name = "\(folder)/\(path.split(separator: "/").last ?? "x").\(index)"
                _ = FileManager.default.createFile(atPath: name, contents: Data(prompt.text.utf8))
                let estimate = "\(TokenEstimate.tokens(in: prompt.text).count)"
                _ = FileManager.default.createFile(atPath: name + ".estimate", contents: Data(estimate.utf8))
                _ = FileManager.default.createFile(atPath: name + ".system", contents: Data(request.system.utf8))
            }
            let coverage = result.coverage
            let line: JSONValue = .object([
                "file": .string(path), "files": .integer(Int64(coverage.files)), "changed": .integer(Int64(coverage.changedLines)),
                "read": .integer(Int64(coverage.readLines)), "named": .integer(Int64(coverage.gaps.reduce(0) { $0 + $1.lines })),
                "requests": .integer(Int64(model.requests.count)), "seconds": .number(took), "peak_kib": .integer(peakMemory()),
                "findings": .integer(Int64(result.ledger.found)),
            ])
            StandardStreams.writeOutput(line.text + "\n")
        }
    }

    /// Source: proc(5), VmHWM
    private func peakMemory() -> Int64 {
        let status = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    }
}
