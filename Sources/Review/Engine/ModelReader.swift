import Basics
import LLM
import Policy
import Text

/// Asks a model about a change, request by request, and keeps account of what was read.
struct ModelReader: Sendable {
    let change: Change
    let settings: ReviewSettings
    let redactor: Redactor
    let random: any RandomSource
    let model: any LanguageModel

    /// One request's outcome.
    private struct Answer: Sendable {
        var reply: ReviewReply?
        var error: ModelError?
        var usage = ReviewResult.Usage()
        var model: String?
    }

    func read() async -> ModelReading {
        let beside = ReviewPrompt(change: change, settings: settings, redactor: redactor).surroundings(for: model.profile)
        let chunks = ReviewChunks(
            change, budget: settings.chunkBudget(for: model.profile, beside: TokenEstimate.tokens(in: beside)), settings: settings)
        var reading = ModelReading(model: model.profile.name)
        reading.coverage = coverage(leftOut: chunks.leftOut)
        let asked = Array(chunks.chunks.prefix(max(0, settings.maximumChunks)))
        note(chunks.chunks.dropFirst(asked.count), reason: "over the limit of \(settings.maximumChunks) requests", in: &reading)
        guard let first = asked.first else {
            reading.readNothing = !chunks.chunks.isEmpty
            return reading
        }
        // The first request goes alone: when the model is down, the others need not be sent.
        let answer = await ask(first, of: asked.count)
        take(answer, for: first, into: &reading)
        if answer.reply == nil {
            note(asked.dropFirst(), reason: "the model did not answer", in: &reading)
        } else {
            for (chunk, answer) in await askAll(Array(asked.dropFirst()), of: asked.count) { take(answer, for: chunk, into: &reading) }
        }
        reading.readNothing = reading.coverage.readLines == 0 && chunks.chunks.contains { !$0.hunks.isEmpty }
        return reading
    }

    // MARK: Asking

    private func askAll(_ chunks: [ReviewChunk], of count: Int) async -> [(ReviewChunk, Answer)] {
        await withTaskGroup(of: (Int, Answer).self) { group in
            var answers: [Int: Answer] = [:]
            for (index, chunk) in chunks.enumerated() {
                if index >= max(1, settings.parallelRequests), let done = await group.next() { answers[done.0] = done.1 }
                group.addTask { (index, await ask(chunk, of: count)) }
            }
            for await done in group { answers[done.0] = done.1 }
            return chunks.indices.map { (chunks[$0], answers[$0] ?? Answer()) }
        }
    }

    /// One request, and one more when the answer could not be read at all.
    private func ask(_ chunk: ReviewChunk, of count: Int) async -> Answer {
        var answer = await askOnce(chunk, of: count, complaint: nil)
        guard answer.error == nil, let fault = answer.reply?.fault, fault != .cutOff else { return answer }
        let again = await askOnce(
            chunk, of: count, complaint: "Your last answer could not be used: \(fault.rawValue). Answer with the JSON object alone.")
        let usage = answer.usage
        // The second answer counts, unless it says even less.
        if again.error == nil { answer = again }
        answer.usage.requests = usage.requests + again.usage.requests
        answer.usage.tokens = usage.tokens + again.usage.tokens
        return answer
    }

    private func askOnce(_ chunk: ReviewChunk, of count: Int, complaint: String?) async -> Answer {
        let prompt = ReviewPrompt(change: change, settings: settings, redactor: redactor)
        let request = prompt.request(for: chunk, of: count, model: model.profile, random: random, complaint: complaint)
        var answer = Answer()
        answer.usage.requests = 1
        do {
            let reply = try await model.complete(request)
            answer.reply = ReviewReply(parsing: reply.text.raw, model: reply.model)
            answer.usage.tokens = reply.usage
            answer.model = reply.model
        } catch .cutOff(let partial, let usage) {
            // Whole findings before the break are as good as any.
            var reply = ReviewReply(parsing: partial.raw, model: model.profile.name)
            if reply.fault == nil { reply.fault = .cutOff }
            answer.reply = reply.findings.isEmpty && reply.fault != .cutOff ? nil : reply
            answer.error = .cutOff(partial: "", usage: usage)
            answer.usage.tokens = usage
        } catch {
            answer.error = error
        }
        return answer
    }

    // MARK: Keeping account

    private func coverage(leftOut: [LeftOut]) -> Coverage {
        var coverage = Coverage()
        coverage.files = change.files.count
        coverage.changedLines = change.changedLineCount
        for out in leftOut where out.reason != "no lines changed" {
            let diff = change.files[out.file].diff
            coverage.gaps.append(
                .init(
                    path: diff.path, reason: out.reason, lines: diff.addedLineCount + diff.removedLineCount,
                    isIntended: diff.content != .omitted))
        }
        for file in change.files where file.diff.content == .cutOff {
            coverage.gaps.append(.init(path: file.diff.path, reason: "its diff breaks off", lines: 0, isIntended: false))
        }
        return coverage
    }

    private func take(_ answer: Answer, for chunk: ReviewChunk, into reading: inout ModelReading) {
        reading.usage.requests += answer.usage.requests
        reading.usage.tokens = reading.usage.tokens + answer.usage.tokens
        if let name = answer.model { reading.model = name }
        guard let reply = answer.reply, reply.fault == nil || reply.fault == .cutOff else {
            let reason =
                answer.error.map(\.sentence) ?? "The model's answer could not be used: \(answer.reply?.fault?.rawValue ?? "no answer")."
            if !reading.problems.contains(reason) { reading.problems.append(reason) }
            return note([chunk], reason: "the model gave no usable answer", in: &reading)
        }
        reading.findings += reply.findings
        if reading.summary == nil { reading.summary = reply.summary }
        if reply.unreadableCount > 0 {
            reading.problems.append("\(reply.unreadableCount) of the model's findings could not be understood.")
        }
        if reply.fault == .cutOff {
            reading.problems.append("The model's answer breaks off; the findings before the break are kept.")
            note([chunk], reason: "the model's answer about it breaks off", in: &reading)
        } else {
            reading.coverage.readLines += chunk.hunks.reduce(0) { $0 + $1.changedLineCount }
        }
    }

    /// Names the files of chunks that were not read, one gap a file and reason.
    private func note(_ chunks: some Sequence<ReviewChunk>, reason: String, in reading: inout ModelReading) {
        var lines: [Int: Int] = [:]
        for hunk in chunks.flatMap(\.hunks) { lines[hunk.file, default: 0] += hunk.changedLineCount }
        for (file, count) in lines.sorted(by: { $0.key < $1.key }) {
            reading.coverage.gaps.append(.init(path: change.files[file].diff.path, reason: reason, lines: count, isIntended: false))
        }
    }
}

extension ModelError {
    /// One sentence for the reader of a review; says nothing of addresses or keys.
    var sentence: String {
        switch self {
        case .unreachable: "The model's server could not be reached."
        case .timedOut(_, let after): "The model did not answer within \(Int(after.inSeconds.rounded())) seconds."
        case .unauthorized: "The model's server refused our key."
        case .rateLimited: "The model's server asked us to wait longer than this review can."
        case .refused(_, let status, _): "The model's server refused the request (status \(status))."
        case .serverFailed(_, let status, _): "The model's server failed (status \(status))."
        case .cutOff: "The model's answer breaks off before it says anything."
        case .empty: "The model's answer is empty."
        case .malformed: "The model's server sent something that is no answer."
        case .withheld: "The model's server withheld the answer."
        case .overBudget: "The model was not asked: this repository's budget for today has no room left."
        case .cancelled: "The review was cancelled before the model answered."
        }
    }
}
